from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paragraf.augment.invariants import fault_of, told_apart
from paragraf.law import find
from paragraf.records import Kept, Record
from paragraf.runner import Processes
from paragraf.text import without_diacritics

SAMPLE = Path(__file__).parents[1] / "paragraf" / "data" / "sample.jsonl"
ANSWER = "To zależy od okoliczności sprawy i od treści umowy."

# Questions that say the same law in other words: (origin, variant).
SAME = [
    ("Gdzie złożyć pozew o rozwód?", "Gdzie należy złożyć pozew o rozwód?"),
    ("Ile kosztuje pozew o rozwód?", "Ile trzeba zapłacić za pozew o rozwód?"),
    ("Jakie przerwy przysługują matce karmiącej?", "Do jakich przerw ma prawo matka karmiąca?"),
    ("Czy należy mi się odprawa?", "Czy mam prawo do odprawy?"),
    ("Czym jest klauzula abuzywna?", "Co należy rozumieć przez klauzulę abuzywną?"),
    ("Ile dni mam na odwołanie od decyzji?", "Jaki jest termin na odwołanie od decyzji?"),
    ("Czy mogę odstąpić od umowy w ciągu 14 dni?", "Czy wolno mi odstąpić od umowy w ciągu 14 dni?"),
    ("Czy mogę odstąpić od umowy w ciągu 14 dni?", "Czy w ciągu dwóch tygodni mogę odstąpić od umowy?"),
    ("Czy mam prawo do urlopu?", "Czy mogę wziąć urlop?"),
    ("Co grozi za jazdę po alkoholu?", "Jaka jest kara za jazdę po alkoholu?"),
    ("Czy pracodawca może mi odmówić urlopu?", "Czy pracodawca ma prawo odmówić mi urlopu?"),
    ("Czy muszę płacić abonament?", "Czy mam obowiązek płacić abonament?"),
    ("Czy muszę płacić abonament?", "Chciałbym wiedzieć, czy muszę płacić abonament."),
    ("Czy muszę płacić abonament?", "Nie wiem, czy muszę płacić abonament."),
    ("Czy muszę płacić abonament?", "Nie jestem pewna, czy muszę płacić abonament. Proszę o odpowiedź."),
    ("Czy muszę płacić abonament?", "Czy mógłby mi Pan wyjaśnić, czy muszę płacić abonament?"),
    ("Czy muszę płacić abonament?", "Czy możesz powiedzieć, czy muszę płacić abonament?"),
    ("czy trzeba placic abonament", "Czy płacenie abonamentu jest konieczne? Trzeba to robić?"),
    ("Jak długo trwa okres próbny?", "Ile trwa okres próbny?"),
    ("Pracuję od pół roku, jaki mam okres wypowiedzenia?", "Jaki mam okres wypowiedzenia po 6 miesiącach pracy?"),
    ("Mam dwoje dzieci i zarabiam 4000 zł.", "Zarabiam cztery tysiące złotych i mam dwoje dzieci."),
    ("Pożyczyłem 5 tys. zł koledze, jak je odzyskać?", "Jak odzyskać 5000 złotych pożyczone koledze?"),
    ("Co mówi art. 52 § 1 pkt 1 k.p.?", "O czym stanowi art. 52 § 1 pkt 1 Kodeksu pracy?"),
    ("Co mówi art. 52 k.p.?", "Co mówi artykuł 52 Kodeksu pracy?"),
    ("Umowa z 1 stycznia 2023 r. wygasła, co dalej?", "Co dalej, jeżeli umowa z 01.01.2023 wygasła?"),
    (
        "Czy zgodnie z art. 30 § 4 k.p. trzeba podać przyczynę?",
        "Czy trzeba podać przyczynę? Mowa o art. 30 § 4 k.p.",
    ),
    ("Nie dostałem wypłaty, co robić?", "Co robić, gdy nie dostałem wypłaty?"),
    ("Nie dostałem wypłaty, co robić?", "Brak wypłaty, co robić?"),
    ("Umowa jest nieważna, co teraz?", "Co teraz, skoro umowa nie jest ważna?"),
    ("Nie wolno mi wejść do mieszkania?", "Nie mogę wejść do mieszkania?"),
    ("Czy najem może trwać nie dłużej niż 10 lat?", "Czy najem może trwać najwyżej 10 lat?"),
    ("Trzeba mieć co najmniej 18 lat?", "Trzeba mieć przynajmniej 18 lat?"),
    ("Ile wynosi zachowek, połowa udziału?", "Czy zachowek wynosi 50% udziału?"),
    ("Czy dziadek ma prawo do zachowku?", "Czy dziadkowi wolno żądać zachowku?"),
    ("Jak napisać pozew o zapłatę 2500 zł?", "W jaki sposób napisać pozew o zapłatę 2500 zł?"),
    ("Czy po 3 latach dług się przedawnia?", "Dług ma trzy lata, czy się przedawnia?"),
    ("Czy w ciągu roku mogę żądać zapłaty?", "Czy mogę żądać zapłaty przez 1 rok?"),
    ("Mieszkam z [OSOBA 1] od 2 lat, co z majątkiem?", "Co z majątkiem? Mieszkam z [OSOBA 1] od dwóch lat."),
    ("Czy nie tylko sąd, ale i komornik może zająć konto?", "Czy konto może zająć sąd, a nie tylko komornik?"),
    ("Czy na zwolnieniu L4 można pracować?", "Czy można pracować, będąc na L4?"),
    ("Czy wolno nagrywać rozmowę?", "Czy można nagrywać rozmowę?"),
    ("Czy wolno nagrywać rozmowę?", "Czy nagrywanie rozmowy jest dozwolone? Wolno to robić?"),
    ("Mam 14-dniowy termin, czy da się go wydłużyć?", "Termin wynosi 14 dni, czy można go wydłużyć?"),
    ("W jakim terminie 30 dni czy 14 dni wnosi się skargę?", "Skargę wnosi się w terminie 14 czy 30 dni?"),
    ("Kiedy przedawnia się mandat?", "Jaki jest termin przedawnienia mandatu?"),
    ("Czy powinienem podpisać aneks?", "Powinnam podpisać aneks, czy to zależy?"),
    ("Czy dwutygodniowe wypowiedzenie wystarczy?", "Czy wystarczy wypowiedzenie z terminem 2 tygodni?"),
    ("Kupiłem auto 25 maja 2024 r. i ma wadę.", "Auto, które kupiłem 25.05.2024, ma wadę."),
    ("Czy można żądać zwrotu 1200 zł?", "Czy można żądać zwrotu kwoty 1 200 złotych?"),
    ("Mam 16 lat, czy mogę pracować?", "Jako szesnastolatek mogę pracować?"),
    ("Do kiedy trzeba złożyć PIT-37?", "Jaki jest ostatni dzień, w którym trzeba złożyć PIT-37?"),
    ("Umowa bez zgody żony jest ważna?", "Czy umowa zawarta bez zgody żony jest ważna?"),
    ("Czy komornik może zająć całą pensję?", "Czy komornikowi wolno zająć całą pensję?"),
    ("Czy sąsiad musi przyciąć żywopłot?", "Czy sąsiad ma obowiązek przyciąć żywopłot?"),
    ("Kto płaci za remont dachu w bloku?", "Kogo obciąża remont dachu w bloku?"),
    ("Czy po upływie 5 lat zachowek się przedawnia?", "Czy zachowek przedawnia się po upływie pięciu lat?"),
    ("Sklep odmówił zwrotu 349,99 zł za buty.", "Odmówiono mi w sklepie zwrotu 349,99 zł za buty."),
    ("Jestem w 12. tygodniu ciąży, czy mogą mnie zwolnić?", "Czy mogą mnie zwolnić w dwunastym tygodniu ciąży?"),
    ("Mam umowę zlecenie, należy mi się urlop?", "Czy przy umowie zlecenia należy mi się urlop?"),
    ("Dostałem mandat 500 zł, jak się odwołać?", "Jak odwołać się od mandatu w wysokości 500 złotych?"),
    ("Czy mogę wypowiedzieć umowę bez podania przyczyny?", "Czy wolno mi wypowiedzieć umowę bez podawania przyczyny?"),
    ("Czy można sprzedać mieszkanie z lokatorem?", "Czy da się sprzedać mieszkanie z lokatorem?"),
    ("Ile kosztuje rozwód?", "Jaka jest opłata za rozwód?"),
    ("Pracodawca nie wydał mi świadectwa pracy.", "Nie dostałam od pracodawcy świadectwa pracy."),
    ("Spółka ma trzech wspólników i 50 tys. zł kapitału.", "Kapitał spółki to 50 000 zł, a wspólników jest trzech."),
    ("Czy art. 415 k.c. stosuje się do dzieci?", "Czy do dzieci stosuje się art. 415 kodeksu cywilnego?"),
    ("Od kiedy liczy się 7-dniowy termin?", "Od kiedy biegnie termin 7 dni?"),
    ("Czy wolno zwolnić w czasie urlopu?", "Czy podczas urlopu można dostać wypowiedzenie? Wolno tak zwolnić?"),
    ("Umowa z dnia 15 marca 2021 r. wygasła.", "Wygasła umowa zawarta 15.03.2021 r."),
    ("Mój syn ma 13 lat, czy odpowiada za szkodę?", "Czy za szkodę odpowiada mój trzynastoletni syn?"),
    ("Czy rodzice muszą płacić alimenty na studenta?", "Czy rodzice są zobowiązani płacić alimenty na studenta?"),
    ("Czy nie trzeba zgody współwłaściciela?", "Zgody współwłaściciela nie trzeba?"),
]

# Questions that say another law: (origin, variant, reason).
CHANGED = [
    ("Kiedy nie trzeba płacić podatku?", "Kiedy płacić podatek?", "modality_changed"),
    ("Kiedy nie można zwolnić pracownika?", "Kiedy można zwolnić pracownika?", "modality_changed"),
    ("Gdzie można złożyć pozew o rozwód?", "Gdzie trzeba złożyć pozew o rozwód?", "modality_changed"),
    ("Czy nie należy mi się odprawa?", "Czy należy mi się odprawa?", "modality_changed"),
    ("Czy mogę odwołać się w ciągu 14 dni?", "Czy mogę odwołać się w ciągu 41 dni?", "period_changed"),
    ("Czy mam dwa tygodnie na odwołanie?", "Czy mam dwa miesiące na odwołanie?", "period_changed"),
    ("Czy mam miesiąc na odwołanie?", "Czy na odwołanie mam 30 dni?", "period_changed"),
    ("Czy w ciągu roku mogę żądać zapłaty?", "Czy w ciągu miesiąca mogę żądać zapłaty?", "period_changed"),
    ("Pracuję od pół roku, co mi się należy?", "Pracuję od roku, co mi się należy?", "period_changed"),
    ("Pracuję od pół roku, co mi się należy?", "Pracuję od półtora roku, co mi się należy?", "period_changed"),
    ("Czy 14 dni na zwrot to prawda?", "Czy 14 dni roboczych na zwrot to prawda?", "period_changed"),
    ("Czy dwutygodniowe wypowiedzenie wystarczy?", "Czy trzytygodniowe wypowiedzenie wystarczy?", "period_changed"),
    ("Mam 16 lat, czy mogę pracować?", "Jako siedemnastolatek mogę pracować?", "period_changed"),
    ("Czy po 3 latach dług się przedawnia?", "Czy po 6 latach dług się przedawnia?", "period_changed"),
    ("Czy po trzech latach dług się przedawnia?", "Czy dług się przedawnia?", "period_changed"),
    ("Kiedy dług się przedawnia?", "Kiedy dług się przedawnia po 2 latach?", "period_changed"),
    ("Zatrzymali mnie na 48 godzin, czy wolno?", "Zatrzymali mnie na 72 godziny, czy wolno?", "period_changed"),
    ("Grozi mi od 3 miesięcy do 5 lat?", "Grozi mi od 3 lat do 5 lat?", "period_changed"),
    ("Grozi mi od 6 miesięcy do 8 lat?", "Grozi mi od 8 lat do 6 miesięcy?", "period_changed"),
    ("Co mówi art. 52 k.p.?", "Co mówi art. 53 k.p.?", "citation_changed"),
    ("Co mówi art. 52 k.p.?", "Co mówi art. 52 k.c.?", "citation_changed"),
    ("Co mówi art. 22¹ k.p.?", "Co mówi art. 221 k.p.?", "citation_changed"),
    ("Co mówi art. 52 § 1 k.p.?", "Co mówi art. 52 § 2 k.p.?", "citation_changed"),
    ("Co mówi art. 178a k.k.?", "Co mówi art. 178b k.k.?", "citation_changed"),
    ("Co mówi art. 6 ust. 1 lit. a RODO?", "Co mówi art. 6 ust. 1 lit. c RODO?", "citation_changed"),
    ("Co wynika z art. 415 k.c.?", "Co wynika z Kodeksu cywilnego?", "citation_changed"),
    ("Co wynika z Kodeksu cywilnego?", "Co wynika z art. 415 Kodeksu cywilnego?", "citation_changed"),
    ("Umowa z 1 stycznia 2023 r. wygasła?", "Umowa z 2 stycznia 2023 r. wygasła?", "date_changed"),
    ("Umowa z 1 stycznia 2023 r. wygasła?", "Umowa z 1 lutego 2023 r. wygasła?", "date_changed"),
    ("Umowa z 1 stycznia 2023 r. wygasła?", "Umowa z 1 stycznia 2024 r. wygasła?", "date_changed"),
    ("Kupiłem auto 03.05.2022, co teraz?", "Kupiłem auto 05.03.2022, co teraz?", "date_changed"),
    ("Prawo z 2015 roku jeszcze obowiązuje?", "Prawo z 2016 roku jeszcze obowiązuje?", "date_changed"),
    ("Czy do 30 września trzeba wybrać urlop?", "Czy do 30 listopada trzeba wybrać urlop?", "date_changed"),
    ("Jestem winien 5000 zł, co zrobi komornik?", "Jestem winien 500 zł, co zrobi komornik?", "amount_changed"),
    ("Jestem winien 5 tys. zł, co zrobi komornik?", "Jestem winien 5 mln zł, co zrobi komornik?", "amount_changed"),
    ("Jestem winien 5000 zł, co zrobi komornik?", "Jestem winien 5000 euro, co zrobi komornik?", "amount_changed"),
    ("Jestem winien 1 200,50 zł bratu.", "Jestem winien 1 200,05 zł bratu.", "amount_changed"),
    ("Jestem winien tysiąc złotych bratu.", "Jestem winien sto złotych bratu.", "amount_changed"),
    ("Czy kara 2% obrotu jest możliwa?", "Czy kara 4% obrotu jest możliwa?", "number_changed"),
    ("Mam 0,5 promila, co mi grozi?", "Mam 0,2 promila, co mi grozi?", "number_changed"),
    ("Mam dwoje dzieci, ile dostanę?", "Mam troje dzieci, ile dostanę?", "number_changed"),
    ("Mam trzy umowy na czas określony.", "Mam cztery umowy na czas określony.", "number_changed"),
    ("Zachowek to połowa udziału?", "Zachowek to jedna trzecia udziału?", "number_changed"),
    ("Zachowek to dwie trzecie udziału?", "Zachowek to jedna trzecia udziału?", "number_changed"),
    ("Przegrałem w pierwszej instancji, co dalej?", "Przegrałem w drugiej instancji, co dalej?", "number_changed"),
    ("Czy na L4 można pracować?", "Czy na L5 można pracować?", "number_changed"),
    ("Czy [OSOBA 1] dziedziczy po [OSOBA 2]?", "Czy [OSOBA 2] dziedziczy po [OSOBA 1]?", "number_changed"),
    ("Cisza nocna trwa od 22:00 do 6:00?", "Cisza nocna trwa od 23:00 do 6:00?", "number_changed"),
    ("Czy mogę pracować na zwolnieniu?", "Czy nie mogę pracować na zwolnieniu?", "modality_changed"),
    ("Dostałem wypłatę w terminie.", "Nie dostałem wypłaty w terminie.", "negation_changed"),
    ("Czy umowa jest ważna?", "Czy umowa jest nieważna?", "negation_changed"),
    ("Czy pracodawca zapłacił składki?", "Czy pracodawca nie zapłacił składek?", "negation_changed"),
    ("Umowa na czas określony wygasa?", "Umowa na czas nieokreślony wygasa?", "negation_changed"),
    ("Mam zaległe wynagrodzenie i podpis.", "Mam niezapłacone wynagrodzenie i podpis.", "negation_changed"),
    ("Czy pracodawca może dać urlop?", "Czy pracodawca musi dać urlop?", "modality_changed"),
    ("Czy muszę podać przyczynę?", "Czy mogę podać przyczynę?", "modality_changed"),
    ("Czy muszę podać przyczynę?", "Czy powinnam podać przyczynę?", "modality_changed"),
    ("Czy wolno mi nagrywać?", "Czy trzeba nagrywać?", "modality_changed"),
    ("Czy mam prawo odmówić?", "Czy mam obowiązek odmówić?", "modality_changed"),
    ("Czy nie muszę płacić?", "Czy nie mogę płacić?", "modality_changed"),
    ("Nie wolno palić w pracy?", "Wolno palić w pracy?", "modality_changed"),
    ("Czy palenie jest dozwolone?", "Czy palenie jest niedozwolone?", "modality_changed"),
    ("Sprzedał dom bez zgody żony.", "Sprzedał dom za zgodą żony.", "opposite_changed"),
    ("Rozwód z orzekaniem, z winy męża?", "Rozwód z orzekaniem, bez winy męża?", "opposite_changed"),
    ("Trzeba mieć co najmniej 18 lat?", "Trzeba mieć co najwyżej 18 lat?", "opposite_changed"),
    ("Mam ponad 18 lat, co z alimentami?", "Mam poniżej 18 lat, co z alimentami?", "opposite_changed"),
    ("Złożyłem pozew przed terminem.", "Złożyłem pozew po terminie.", "opposite_changed"),
    ("Czy od 1 stycznia obowiązuje zakaz?", "Czy do 1 stycznia obowiązuje zakaz?", "opposite_changed"),
    ("Dostałem nie więcej niż 10 dni urlopu.", "Dostałem nie mniej niż 10 dni urlopu.", "opposite_changed"),
    ("Czy pracodawca odpowiada za szkodę?", "Czy pracownik odpowiada za szkodę?", "opposite_changed"),
    ("Czy najemca płaci za remont?", "Czy wynajmujący płaci za remont?", "opposite_changed"),
    ("Jak podwyższyć alimenty?", "Jak obniżyć alimenty?", "opposite_changed"),
    ("Posiadacz w dobrej wierze zwraca rzecz?", "Posiadacz w złej wierze zwraca rzecz?", "opposite_changed"),
    ("Czy kupujący odpowiada za wady?", "Czy sprzedawca odpowiada za wady?", "opposite_changed"),
    ("Jak wnieść apelację od wyroku?", "Jak wnieść zażalenie od wyroku?", "opposite_changed"),
    ("Czy wystarczy forma pisemna?", "Czy wystarczy forma ustna?", "opposite_changed"),
    ("Kto wygrał sprawę o spadek?", "Kto przegrał sprawę o spadek?", "opposite_changed"),
    ("Jak odrzucić spadek po ojcu?", "Jak przyjąć spadek po ojcu?", "opposite_changed"),
    ("Czy komornik może zająć całą pensję?", "Czy komornik nie może zająć całej pensji?", "modality_changed"),
    ("Czy komornik może zająć całą pensję?", "Czy komornik musi zająć całą pensję?", "modality_changed"),
    ("Czy komornik może zająć połowę pensji?", "Czy komornik może zająć ćwierć pensji?", "number_changed"),
    (
        "Czy po upływie 5 lat zachowek się przedawnia?",
        "Czy przed upływem 5 lat zachowek się przedawnia?",
        "opposite_changed",
    ),
    ("Sklep odmówił zwrotu 349,99 zł za buty.", "Sklep odmówił zwrotu 394,99 zł za buty.", "amount_changed"),
    (
        "Jestem w 12. tygodniu ciąży, czy mogą mnie zwolnić?",
        "Jestem w 12. miesiącu ciąży, czy mogą mnie zwolnić?",
        "number_changed",
    ),
    ("Dostałem mandat 500 zł, jak się odwołać?", "Dostałem mandat 50 zł, jak się odwołać?", "amount_changed"),
    (
        "Czy mogę wypowiedzieć umowę bez podania przyczyny?",
        "Czy mogę wypowiedzieć umowę z podaniem przyczyny?",
        "opposite_changed",
    ),
    ("Pracodawca nie wydał mi świadectwa pracy.", "Pracodawca wydał mi świadectwo pracy.", "negation_changed"),
    ("Czy pełnoletni może dziedziczyć?", "Czy małoletni może dziedziczyć?", "opposite_changed"),
    ("Umowa z dnia 15 marca 2021 r. wygasła.", "Umowa z dnia 15 maja 2021 r. wygasła.", "date_changed"),
    ("Mój syn ma 13 lat, czy odpowiada za szkodę?", "Mój syn ma 18 lat, czy odpowiada za szkodę?", "period_changed"),
    (
        "Ile mam czasu na odwołanie od wyroku z 3 lipca?",
        "Ile mam czasu na odwołanie od wyroku z 13 lipca?",
        "date_changed",
    ),
    ("Czy trzeba mieć zgodę?", "Czy można mieć zgodę?", "modality_changed"),
    ("Czy najem na czas oznaczony jest możliwy?", "Czy najem na czas nieoznaczony jest możliwy?", "negation_changed"),
    ("Czy wina umyślna podwyższa karę?", "Czy wina nieumyślna podwyższa karę?", "negation_changed"),
    ("Zarabiam powyżej 10 tys. zł brutto.", "Zarabiam powyżej 10 tys. zł netto.", "opposite_changed"),
    ("Co najmniej trzy osoby tworzą związek?", "Najwyżej trzy osoby tworzą związek?", "opposite_changed"),
    (
        "Czy właściciel ma prawo wejść do mieszkania?",
        "Czy właściciel ma obowiązek wejść do mieszkania?",
        "modality_changed",
    ),
    ("Termin biegnie od doręczenia, tak?", "Termin biegnie do doręczenia, tak?", "opposite_changed"),
    ("Czy mąż odpowiada za długi żony?", "Czy żona odpowiada za długi męża?", "opposite_changed"),
    ("Kara grozi od roku do 10 lat.", "Kara grozi od roku do 10 miesięcy.", "period_changed"),
    ("Zatrudniam 20 pracowników.", "Zatrudniam 200 pracowników.", "number_changed"),
    ("Mam lokal w III piętrze, II klatka.", "Mam lokal w III piętrze, III klatka.", "number_changed"),
    (
        "Czy zgodnie z art. 148 § 2 k.k. to zbrodnia?",
        "Czy zgodnie z art. 148 § 3 k.k. to zbrodnia?",
        "citation_changed",
    ),
    ("Wyrok zapadł dwa lata temu.", "Wyrok zapadł dwadzieścia lat temu.", "period_changed"),
    (
        "Czy dziecko może bez zgody rodziców kupić rower?",
        "Czy dziecko może za zgodą rodziców kupić rower?",
        "opposite_changed",
    ),
    ("Czy zawsze trzeba notariusza?", "Czy nigdy nie trzeba notariusza?", "modality_changed"),
    ("Mogę odliczyć 23% VAT?", "Mogę odliczyć 8% VAT?", "number_changed"),
    ("Sprawa sprzed kwartału.", "Sprawa sprzed roku.", "period_changed"),
    ("Jak odrzucić spadek po ojcu?", "How can I reject an inheritance after my father died?", "not_polish"),
    ("Jak odrzucić spadek po ojcu?", "Jak odrzucić spadek po ojcu", "variant_equals_origin"),
    ("Jak odrzucić spadek po ojcu?", "jak odrzucic spadek po ojcu?", "variant_equals_origin"),
]

# Answers that say the same, and answers that do not: (origin, variant, reason).
ANSWERS = [
    ("Termin wynosi 14 dni. Podstawa prawna: art. 36 § 1 k.p.", "Masz 14 dni (art. 36 § 1 k.p.).", None),
    ("Termin wynosi 14 dni. Podstawa: art. 36 § 1 k.p.", "Termin wynosi 14 dni.", "citation_changed"),
    ("Termin wynosi 14 dni.", "Termin wynosi 30 dni.", "period_changed"),
    ("Tak, wolno to zrobić za zgodą sądu.", "Nie, wolno to zrobić za zgodą sądu.", "verdict_changed"),
    ("Pracodawca może wypowiedzieć umowę.", "Pracodawca musi wypowiedzieć umowę.", "modality_changed"),
    ("Pracodawca może, a pracownik musi.", "Pracodawca może, a pracownik może.", "modality_changed"),
    ("Wniosek składa się przed upływem 7 dni.", "Wniosek składa się po upływie 7 dni.", "opposite_changed"),
    ("Kara wynosi do 5000 zł.", "Kara wynosi od 5000 zł.", "opposite_changed"),
    ("Sąd może orzec karę do 2 lat.", "Karę do 2 lat może orzec sąd.", None),
    ("10 dni dla ojca i 20 dni dla matki.", "20 dni dla ojca i 10 dni dla matki.", "period_changed"),
    ("Powyżej 800 zł to przestępstwo.", "Poniżej 800 zł to przestępstwo.", "opposite_changed"),
    ("Trzeba mieć nie mniej niż 35 lat.", "Trzeba mieć co najmniej 35 lat.", None),
]


# Typing noise: (origin, variant, reason).
NOISE = [
    ("Czy muszę płacić w ciągu 14 dni?", "czy musze placic w ciagu 14 dni", None),
    ("Czy muszę płacić w ciągu czternastu dni?", "Czy muszę płacić w ciągu czternatsu dni?", None),
    ("Czy pracodawca powinien zapłacić?", "Czy pracodawca powinein zapłacić?", None),
    ("Czy mogę złożyć pozew po trzech latach?", "czy moge zlozyc poezw po trzech latahc", None),
    ("Pracuję od pół roku na umowie.", "pracuje od pol roku na umowie", None),
    ("Czy umowa jest nieważna bez podpisu?", "czy umowa jest niewazna bez podpisu", None),
    ("Jak odrzucić spadek po ojcu?", "Jak odrzucić spadke po ojcu?", None),
    ("Jak odrzucić spadek po ojcu?", "jak odrzucic spadek po ojcu", None),
    ("Zarabiam dwa tysiące złotych miesięcznie.", "Zarabiam dwa tysiacezłotych miesięcznie.", "amount_changed"),
    ("Czy muszę płacić w ciągu 14 dni?", "Czy muszę płacić w ciągu 41 dni?", "period_changed"),
    ("Czy muszę płacić w ciągu 14 dni?", "Czy mszę płacić w ciągu 14 dn?", "modality_changed"),
    ("Czy nie muszę płacić za wodę?", "Czy nei muszę płacić za wodę?", "modality_changed"),
    ("Sprzedał dom bez zgody żony.", "Sprzedał dom ze zgody żony.", "opposite_changed"),
    ("Co mówi art. 52 k.p. o pracy?", "Co mówi atr. 52 kp. o pracy?", "citation_changed"),
    ("Mam trzy umowy o pracę.", "Mam czetry umowy o pracę.", "number_changed"),
    ("Jak odrzucić spadek po ojcu?", "Jak odrzucić spadek po ojcu?", "variant_equals_origin"),
]


def asked(question: str, answer: str = ANSWER, technique: str = "") -> Record:
    return Record(id=f"r~{technique}" if technique else "r", question=question, answer=answer, technique=technique)


def reason_of(variant: Record, origin: Record) -> str | None:
    fault = fault_of(variant, origin)
    return fault[0] if fault else None


@pytest.mark.parametrize(("origin", "variant"), SAME)
def test_a_question_in_other_words_lives(origin: str, variant: str) -> None:
    assert fault_of(asked(variant, technique="paraphrase"), asked(origin)) is None


@pytest.mark.parametrize(("origin", "variant", "reason"), CHANGED)
def test_a_question_on_another_law_is_dropped_and_the_reason_told(origin: str, variant: str, reason: str) -> None:
    assert reason_of(asked(variant, technique="paraphrase"), asked(origin)) == reason


@pytest.mark.parametrize(("origin", "variant", "reason"), ANSWERS)
def test_an_answer_is_held_to_what_it_said(origin: str, variant: str, reason: str | None) -> None:
    question = "Jak to jest uregulowane w prawie polskim?"
    assert reason_of(asked(question, variant, "style"), asked(question, origin)) == reason


@pytest.mark.parametrize(("origin", "variant", "reason"), NOISE)
def test_noise_may_mistype_words_but_not_what_they_say(origin: str, variant: str, reason: str | None) -> None:
    assert reason_of(asked(variant, technique="noise"), asked(origin)) == reason


def test_what_is_noise_is_told_by_the_technique() -> None:
    origin, variant = asked("Jak odrzucić spadek po ojcu?"), asked("jak odrzucic spadek po ojcu")
    assert reason_of(replace(variant, technique="no_diacritics+typos"), origin) is None
    assert reason_of(replace(variant, technique="paraphrase"), origin) == "variant_equals_origin"


def test_a_fact_of_the_answer_may_be_asked_about_too() -> None:
    origin = asked("Ile mam czasu na odwołanie?", "Masz 21 dni od doręczenia.")
    assert fault_of(asked("Czy mam 21 dni na odwołanie?", origin.answer, "paraphrase"), origin) is None


def test_a_fact_may_not_leave_the_only_side_that_states_it() -> None:
    origin = asked("Mam 3000 zł długu, co dalej?", "Komornik zajmie konto.")
    variant = asked("Mam dług, co dalej?", "Komornik zajmie konto z powodu 3000 zł.", "paraphrase")
    assert fault_of(variant, origin) == ("amount_changed", "lost 3000 zl")


def test_a_fact_on_both_sides_may_leave_one_of_them() -> None:
    origin = asked("Czy mam 21 dni na odwołanie?", "Tak, masz 21 dni od doręczenia.")
    assert (
        fault_of(asked("Ile mam czasu na odwołanie?", "Tak, masz 21 dni od doręczenia.", "paraphrase"), origin) is None
    )


def test_choices_may_change_places_while_the_right_one_stays() -> None:
    origin = replace(asked("Kto dziedziczy?", "A"), choices=(("A", "syn"), ("B", "sąsiad")), correct="A")
    moved = replace(origin, question="Kto dziedziczy z ustawy?", choices=(("A", "sąsiad"), ("B", "syn")), correct="B")
    assert fault_of(moved, origin) is None
    assert reason_of(replace(moved, correct="A"), origin) == "choice_changed"


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 400), st.integers(1, 400), st.sampled_from(["dni", "lat", "złotych", "osób", "%"]))
def test_a_number_lives_exactly_if_it_stays(before: int, after: int, unit: str) -> None:
    origin = asked(f"Czy wystarczy {before} {unit} według polskiego prawa?")
    variant = asked(f"Czy według polskiego prawa {after} {unit} wystarczy?", technique="paraphrase")
    is_weightless = {before, after} == {1} or (unit == "osób" and before == after)
    assert (fault_of(variant, origin) is None) == (before == after or is_weightless)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["noise", "paraphrase"]))
def test_any_text_is_judged(question: str, other: str, technique: str) -> None:
    fault = fault_of(asked(other, technique=technique), asked(question))
    assert fault is None or all(isinstance(part, str) for part in fault)


def test_questions_of_the_sample_without_diacritics_live() -> None:
    rows = [Record.from_json(line) for line in SAMPLE.read_text("utf-8").splitlines()]
    rows = [row for row in rows if not find(row.question) and without_diacritics(row.question) != row.question]
    variants = [replace(row, question=without_diacritics(row.question), technique="no_diacritics") for row in rows]
    faults = [fault_of(variant, row) for variant, row in zip(variants, rows, strict=True)]
    assert len(rows) > 300
    assert set(faults) == {None}


ROOTS = [
    Record(id="a", question="Ile mam czasu na złożenie odwołania od wypowiedzenia umowy?", answer="21 dni."),
    Record(id="b", question="Jak sprawdzić, czy ktoś złożył testament u notariusza?", answer="W rejestrze."),
    Record(id="c", question="Kto odpowiada za wady rzeczy kupionej na licytacji?", answer="Sprzedawca."),
]
HELD_OUT = [Record(id="t", question="Czy wspólnik spółki jawnej odpowiada za jej długi?", answer="Tak.")]


def variant_of(origin: Record, number: int, question: str, technique: str = "paraphrase") -> Record:
    return replace(origin, id=f"{origin.id}~{number}", question=question, origin=origin.id, technique=technique)


def reasons_of(rows: Sequence[Record], held_out: Sequence[Record] = ()) -> dict[str, str]:
    return {item.record.id: item.reason for item in Kept.of(told_apart(rows, [held_out])).dropped}


def test_a_variant_that_repeats_its_origin_or_a_sibling_goes() -> None:
    rows = [
        ROOTS[0],
        variant_of(ROOTS[0], 1, "ile mam czasu na złożenie odwołania od wypowiedzenia umowy"),
        variant_of(ROOTS[0], 2, "Jaki jest termin odwołania od wypowiedzenia?"),
        variant_of(ROOTS[0], 3, "Jaki jest termin odwołania od wypowiedzenia"),
        variant_of(ROOTS[0], 4, "ile mam czasu na zlozenie odwolania od wypowiedzenia umowy?", "no_diacritics"),
    ]
    assert reasons_of(rows) == {"a~1": "variant_equals_origin", "a~3": "variant_equals_origin"}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
def test_a_variant_that_is_nearly_a_row_of_another_lineage_goes(order: tuple[int, ...]) -> None:
    roots = [ROOTS[at] for at in order]
    rows = [*roots, variant_of(ROOTS[1], 1, "Ile mam czasu na złożenie odwołania od wypowiedzenia umowy o pracę?")]
    assert reasons_of(rows) == {"b~1": "near_duplicate"}


def test_of_two_nearly_equal_variants_of_two_lineages_the_first_stays() -> None:
    rows = [
        *ROOTS,
        variant_of(ROOTS[0], 1, "Gdzie w takiej sprawie szukać bezpłatnej pomocy prawnika z urzędu?"),
        variant_of(ROOTS[1], 1, "Gdzie w takiej sprawie szukać bezpłatnej pomocy prawników z urzędu?"),
    ]
    assert reasons_of(rows) == {"b~1": "near_duplicate"}


@pytest.mark.parametrize(
    "question",
    [
        "czy wspolnik spolki jawnej odpowiada za jej dlugi",
        "Czy wspólnik spółki jawnej odpowiada za jej wszystkie długi?",
    ],
)
def test_a_variant_that_is_or_nearly_is_a_test_row_goes(question: str) -> None:
    assert reasons_of([*ROOTS, variant_of(ROOTS[2], 1, question)], HELD_OUT) == {"c~1": "equals_test_row"}


def test_rows_that_are_no_variants_stay_even_if_they_are_test_rows() -> None:
    rows = [*ROOTS, replace(HELD_OUT[0], id="d")]
    assert Kept.of(told_apart(rows, [HELD_OUT])).records == rows


def test_the_rows_are_the_same_in_two_processes() -> None:
    rows = [row for number in range(600) for row in lineage(number)]
    with Processes(2) as runner:
        assert list(told_apart(rows, runner=runner)) == list(told_apart(rows))


def lineage(number: int) -> list[Record]:
    root = Record(id=f"r{number}", question=f"Czy mogę żądać od sąsiada zwrotu {number} złotych?", answer="Tak.")
    return [root, variant_of(root, 1, f"Czy wolno mi żądać od sąsiada zwrotu {number % 500} złotych?")]
