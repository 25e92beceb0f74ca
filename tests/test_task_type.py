"""Which task an instruction sets, on tables of instructions: rules were made for the first, the others came later."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragraf.task_type import PREFIXES, TaskType, prefixed, task_type

SEEN: dict[TaskType, list[str]] = {
    "generation": [
        "Napisz pozew o zapłatę 5000 zł z tytułu niezapłaconej faktury.",
        "napisz mi odwolanie od decyzji ZUS",
        "Proszę napisać wezwanie do zapłaty.",
        "Czy możesz przygotować umowę najmu okazjonalnego?",
        "Mógłbyś sporządzić wniosek o wydanie odpisu wyroku?",
        "Stwórz regulamin sklepu internetowego zgodny z RODO.",
        "Wygeneruj wzór pełnomocnictwa procesowego.",
        "Sąsiad od miesięcy hałasuje w nocy. Napisz do niego pismo z żądaniem zaprzestania naruszeń.",
        "Poproszę o projekt uchwały zarządu spółki z o.o.",
        "Zredaguj klauzulę poufności do umowy z podwykonawcą.",
        "Potrzebuję wzoru wypowiedzenia umowy o pracę.",
        "Sporządzić apelację od wyroku sądu rejonowego.",
        "Wzór umowy o dzieło z przeniesieniem praw autorskich",
        "Ułóż pięć pytań testowych z prawa spadkowego.",
        "Czy to wypowiedzenie jest ważne? Przygotuj odwołanie do sądu pracy.",
        "Pomóż mi napisać skargę na komornika.",
        "Napiszesz mi pozew o rozwód bez orzekania o winie?",
        "Chciałabym, żebyś przygotował reklamację butów.",
    ],
    "qa": [
        "Czy mogę rozwiązać umowę najmu bez wypowiedzenia?",
        "Ile wynosi zachowek?",
        "ile mam czasu na odrzucenie spadku",
        "Wyjaśnij, czym jest hipoteka.",
        "Odpowiedz na pytanie, kto dziedziczy po bezdzietnym małżonku.",
        "Jak napisać pozew o alimenty?",
        "Co trzeba napisać w odwołaniu od mandatu?",
        "Czy muszę przetłumaczyć zagraniczny akt urodzenia?",
        "Napisz, czy pracodawca może cofnąć urlop.",
        "Powiedz mi, jakie są skutki ogłoszenia upadłości.",
        "Zastanawiam się, czy tłumacz przysięgły odpowiada za błąd.",
        "kupilem auto z cofnietym licznikiem, czy moge je oddac",
        "Ile kosztuje tłumaczenie przysięgłe umowy?",
        "Wymień przesłanki zasiedzenia nieruchomości.",
        "Podaj termin przedawnienia roszczeń z umowy sprzedaży.",
        "Jestem najemcą. Właściciel nie oddaje kaucji. Co robić?",
        "Sprawdź, czy testament bez daty jest ważny.",
        "Kto może sporządzić protokół z zebrania wspólników?",
        "Proszę o wyjaśnienie różnicy między darowizną a dożywociem.",
        "Interesuje mnie, kiedy przedawnia się mandat.",
        "Na czym polega umowa przedwstępna?",
        "Czy możesz mi powiedzieć, ile wynosi płaca minimalna?",
        "Omów skutki prawne odrzucenia spadku.",
        "prosze wyjasnic co to jest rekojmia",
    ],
    "translation": [
        "Przetłumacz na angielski: umowa o pracę na czas nieokreślony.",
        "przetlumacz to pismo na niemiecki",
        "Proszę o tłumaczenie poniższej klauzuli na język angielski.",
        "Czy możesz przetłumaczyć ten wyrok na ukraiński?",
        "Potrzebuję tłumaczenia aktu małżeństwa na francuski.",
        "Tłumacz na polski: The lease agreement is void.",
        "Przełóż na język prosty i polski ten fragment regulaminu po angielsku.",
        "Jak powiedzieć po angielsku „pełnomocnictwo procesowe”?",
        "Przygotuj tłumaczenie umowy spółki na język rosyjski.",
        "Tłumaczenie pozwu na język niemiecki",
        "Dostałem list z niemieckiego urzędu. Przetłumacz go na polski, proszę.",
        "Poproszę o przetłumaczenie tego ustępu na hiszpański.",
    ],
    "summarization": [
        "Streść wyrok Sądu Najwyższego z 5 maja 2020 r.",
        "stresc mi ta ustawe w kilku zdaniach",
        "Podsumuj najważniejsze zmiany w Kodeksie pracy.",
        "Proszę o streszczenie uzasadnienia.",
        "Czy mógłbyś podsumować poniższą umowę?",
        "Napisz krótkie streszczenie tego orzeczenia.",
        "Zrób podsumowanie art. 15-22 RODO.",
        "Streszczenie uchwały III CZP 6/21",
        "Skróć poniższy tekst do trzech zdań.",
        "Przygotuj zwięzłe podsumowanie regulaminu konkursu.",
        "Potrzebuję streszczenia opinii biegłego.",
        "Proszę podsumować stanowiska stron.",
    ],
    "classification": [
        "Sklasyfikuj poniższe pismo jako pozew albo wniosek.",
        "Zaklasyfikuj pytanie do jednej z dziedzin: prawo pracy, prawo spadkowe, prawo karne.",
        "Proszę przypisać tej sprawie odpowiednią kategorię.",
        "przyporzadkuj przepisy do wlasciwych ustaw",
        "Dokonaj klasyfikacji tego orzeczenia.",
        "Zakwalifikuj opisany czyn jako wykroczenie albo przestępstwo.",
        "Apelację wnosi się w terminie:\nA) tygodnia\nB) dwóch tygodni\nC) miesiąca",
    ],
    "other": [
        "Dzień dobry!",
        "Dziękuję za pomoc.",
        "Popraw błędy ortograficzne w tym piśmie.",
        "Umowa została podpisana 3 marca.",
        "Zanonimizuj dane osobowe w poniższym wyroku.",
        "Wyodrębnij z tekstu wszystkie sygnatury akt.",
        "Kolega twierdzi, że mandat się przedawnił.",
        "RODO",
        "Oblicz odsetki ustawowe od kwoty 10 000 zł.",
    ],
}
HELD_OUT: dict[TaskType, list[str]] = {
    "generation": [
        "Opracuj politykę prywatności dla małego sklepu z rękodziełem.",
        "przygotuj prosze umowe pozyczki miedzy rodzenstwem",
        "Proszę o przygotowanie wniosku o zabezpieczenie alimentów.",
        "Zaproponuj treść klauzuli o karze umownej.",
        "Bardzo proszę, sformułuj zarzuty apelacji.",
        "Szef nie wypłacił mi pensji za maj. Mógłbyś mi napisać pozew do sądu pracy?",
        "Daj mi wzór oświadczenia o odstąpieniu od umowy.",
        "Podaj przykładowy wzór umowy darowizny.",
        "Zaprojektuj procedurę zgłaszania naruszeń dla sygnalistów.",
        "Czy może Pani sporządzić odpowiedź na pozew?",
        "Napisz list do rzecznika praw konsumentów, w którym opiszę sprawę reklamacji.",
        "Utwórz listę dokumentów potrzebnych do rejestracji spółki.",
        "Projekt ugody w sprawie o podział majątku",
        "Dopisz do umowy postanowienie o zakazie podnajmu.",
        "chcialbym zebys napisal sprzeciw od nakazu zaplaty",
        "Wymyśl kazus z prawa karnego dla studentów drugiego roku.",
        "Potrzebny mi szablon protokołu zdawczo-odbiorczego.",
        "Skonstruuj zapis testamentowy na rzecz wnuczki.",
    ],
    "qa": [
        "Jakie dokumenty są potrzebne do rejestracji spółki?",
        "Od kiedy liczy się termin na wniesienie apelacji?",
        "Wytłumacz prostym językiem, co to jest zasiedzenie.",
        "wytlumacz mi roznice miedzy zadatkiem a zaliczka",
        "Czy streszczenie książki narusza prawa autorskie?",
        "Kto płaci za tłumaczenie dokumentów w postępowaniu karnym?",
        "Jak przygotować się do rozprawy rozwodowej?",
        "Napisz mi, ile dni urlopu przysługuje po dziesięciu latach pracy.",
        "Opisz procedurę wpisu hipoteki do księgi wieczystej.",
        "Zdefiniuj pojęcie przedsiębiorcy w Kodeksie cywilnym.",
        "Chciałbym wiedzieć, czy mogę nagrać rozmowę z szefem.",
        "Nie wiem, do którego sądu złożyć pozew.",
        "Dostałam wezwanie na policję jako świadek. Muszę iść?",
        "czy napisany recznie testament jest wazny bez swiadkow",
        "Porównaj umowę zlecenia z umową o dzieło.",
        "Umowa zlecenia a umowa o dzieło – czym się różnią?",
        "Który sąd rozpozna sprawę o naruszenie dóbr osobistych?",
        "Mam pytanie, czy kara umowna podlega miarkowaniu.",
        "Wskaż podstawę prawną odpowiedzialności za zalanie mieszkania.",
        "Znajomy kazał mi przygotować umowę ustną, tylko czy to w ogóle legalne?",
        "Określ, w jakim terminie należy zgłosić nabycie spadku.",
        "Dlaczego sąd odrzucił mój wniosek o zwolnienie z kosztów?",
        "Oceń, czy wypowiedzenie wręczone na zwolnieniu lekarskim jest skuteczne.",
        "po jakim czasie przedawnia sie dlug w banku",
    ],
    "translation": [
        "Przetłumacz poniższy paragraf na język włoski.",
        "Tłumaczenie na angielski: wypowiedzenie zmieniające.",
        "Mogłabyś przetłumaczyć ten list z czeskiego na polski?",
        "Proszę przetłumaczyć: „Strony postanawiają, co następuje”.",
        "Zrób mi przekład tej uchwały na język angielski.",
        "przetlumaczysz mi te umowe na ukrainski?",
        "Jak jest po niemiecku „odpowiedzialność solidarna”?",
        "Przygotowałem odwołanie po polsku. Przetłumacz je teraz na norweski.",
        "Sporządź roboczy przekład opinii prawnej na hiszpański.",
        "Proszę o przekład wyroku na język litewski.",
        "Przetłumaczyć na angielski regulamin pracy.",
        "Jak przetłumaczyć na angielski „zadatek”?",
    ],
    "summarization": [
        "Streść w trzech punktach uzasadnienie poniższego wyroku.",
        "podsumuj mi prosze co wynika z tej umowy",
        "Poproszę o krótkie podsumowanie dyrektywy o sygnalistach.",
        "Mogłabyś streścić odpowiedź na pozew?",
        "Sporządź streszczenie akt sprawy dla klienta.",
        "Podsumowanie wyroku TSUE w sprawie C-260/18",
        "Przedstaw w skrócie treść ustawy o prawach konsumenta.",
        "Skróć uzasadnienie do pięciu zdań, zachowując podstawę prawną.",
        "Zależy mi na streszczeniu tej opinii na jedną stronę.",
        "Opracuj syntezę orzecznictwa o kredytach frankowych.",
        "Mam przed sobą umowę deweloperską na 40 stron. Streść ją.",
        "Wypunktuj najważniejsze tezy poniższego orzeczenia.",
    ],
    "classification": [
        "Przypisz każdemu pismu jedną kategorię.",
        "Czy możesz skategoryzować poniższe skargi?",
        "Nadaj temu zgłoszeniu etykietę: pilne albo zwykłe.",
        "Który sąd rozpozna sprawę? A) rejonowy B) okręgowy C) apelacyjny",
        "Proszę o klasyfikację poniższych umów.",
    ],
    "other": [
        "Cześć, tu Marek.",
        "Popraw interpunkcję w załączonym wniosku.",
        "Zamień w umowie nazwę spółki na nową.",
        "Sprzedający wydał rzecz po terminie.",
        "Uporządkuj te przepisy chronologicznie.",
        "Policz, zaokrąglając do złotówki, wysokość zachowku.",
        "Bardzo dziękuję, to wszystko.",
        "art. 415 k.c.",
        "Znajdź w tekście wszystkie daty.",
    ],
}
OTHER_WORDING: dict[TaskType, list[str]] = {
    "generation": [
        "Weź i napisz mi jakieś pismo do spółdzielni w sprawie grzyba na ścianie",
        "Redaguj dalej: Niniejszym wypowiadam umowę...",
        "Bądź tak miły i przygotuj mi draft NDA.",
        "Wystosuj wezwanie do zapłaty na 1200 zł.",
        "Czy dałoby się przygotować wzór upoważnienia do odbioru paczki?",
        "Możesz mi zrobić umowę użyczenia samochodu?",
        "Pilnie potrzebne odwołanie od mandatu za parkowanie!",
        "Chcę złożyć skargę do UODO, przygotuj mi jej treść.",
        "Rozpisz harmonogram działań po śmierci bliskiej osoby.",
        "Jako doświadczony radca prawny napisz opinię o dopuszczalności monitoringu w biurze.",
        "Wyobraź sobie, że jesteś sędzią. Sporządź uzasadnienie wyroku oddalającego powództwo.",
        "Zbuduj checklistę zgodności z RODO dla przychodni.",
        "Bardzo bym prosił o napisanie reklamacji do biura podróży.",
        "Skomponuj oficjalną odpowiedź na wezwanie do zapłaty.",
        "Wypełnij wzór: wniosek o ustalenie kontaktów z dzieckiem.",
    ],
    "qa": [
        "Co oznacza skrót k.p.a.?",
        "W jaki sposób złożyć wniosek o upadłość konsumencką?",
        "Mam pytanie dotyczące spadku. Czy długi się dziedziczy?",
        "Jak wygląda podział majątku po rozwodzie",
        "Kiedy można żądać tłumaczenia wyroku na język ojczysty?",
        "Proszę o informację, ile wynosi opłata od pozwu.",
        "Prosze o pomoc, komornik zajal mi konto, co robic",
        "Czy umowa napisana ręcznie jest ważna?",
        "Wyjaśnij różnicę pomiędzy apelacją a zażaleniem",
        "Jakie elementy powinna zawierać umowa przedwstępna?",
        "Co grozi za podrobienie podpisu?",
        "Dostałem streszczenie wyroku bez uzasadnienia, czy mogę żądać całości?",
        "Czy mogę napisać testament u notariusza za granicą?",
        "Jestem zameldowany u matki, a ona chce mnie wymeldować. Może?",
        "Naświetl mi proszę, jak działa przedawnienie.",
        "Podpowiedz, gdzie złożyć wniosek o 800 plus.",
        "Wiesz może, ile trwa sprawa o zasiedzenie?",
        "Czy do pozwu trzeba dołączyć tłumaczenie przysięgłe umowy?",
        "Jaki wzór pozwu obowiązuje w postępowaniu uproszczonym?",
        "Chodzi mi o to, czy spadek można przyjąć tylko częściowo.",
        "Który przepis reguluje odpowiedzialność za zwierzęta?",
        "Opowiedz, jak przebiega mediacja.",
        "Ile razy można streścić się w mowie końcowej?",
        "Na jakiej podstawie sąd może skrócić termin?",
        "Mieszkanie jest na żonę, ale kredyt na oboje - kto spłaca po rozwodzie",
    ],
    "translation": [
        "Przetłumacz poniższą umowę",
        "Jak brzmi po łacinie zasada, że prawo nie działa wstecz?",
        "Potrzebuję przekładu aktu urodzenia na język duński.",
        "Proszę o przetłumaczenie załącznika.",
        "Zrób tłumaczenie na chiński uproszczony: zakaz konkurencji",
        "translate na polski: tenant shall pay the rent",
        "Hej, przetłumacz mi SMS-a od landlorda: you must leave by Friday",
        "Podaj angielski odpowiednik terminu „zachowek”.",
    ],
    "summarization": [
        "Co wynika z poniższego tekstu? Streść krótko.",
        "TL;DR ustawy o ochronie sygnalistów",
        "Zbierz najważniejsze wnioski z tego wyroku w pięciu punktach.",
        "Ujmij w dwóch zdaniach sens tego artykułu.",
        "Zrób skrót tej opinii.",
        "W kilku słowach podsumuj spór.",
        "Proszę krótko streścić stan faktyczny.",
        "Przeczytaj regulamin i streść jego najważniejsze punkty.",
    ],
    "classification": [
        "Przydziel poniższą sprawę do właściwej kategorii",
        "Podziel te wyroki na trzy kategorie.",
        "Przeczytaj opinię klienta i zaklasyfikuj ją jako pozytywną, neutralną lub negatywną.",
        "Mógłbyś zaszeregować te koszty do odpowiednich grup?",
        "Wskaż prawidłową odpowiedź. Zadatek:\nA. zawsze przepada\nB. może być zachowany",
    ],
    "other": [
        "Witam serdecznie",
        "ok",
        "Przepisz ten akapit większą czcionką.",
        "Usuń z umowy paragraf siódmy.",
        "Oznacz w tekście nazwiska stron.",
        "Sąd oddalił powództwo w całości.",
        "Prawo pracy",
        "Przekonwertuj daty na format ISO.",
    ],
}
FRESH: dict[TaskType, list[str]] = {
    "generation": [
        "Potrzebuję na jutro sprzeciwu od wyroku nakazowego",
        "Napisz proszę odpowiedź na skargę konsumenta.",
        "sporzadz mi umowe darowizny samochodu dla syna",
        "Czy mogłaby Pani przygotować uchwałę o podwyższeniu kapitału?",
        "Stwórz przykładowe zadanie egzaminacyjne z k.p.c.",
        "Zredagujesz mi oświadczenie o poddaniu się egzekucji?",
        "Proszę o wzór reklamacji.",
        "Ułóż przemowę końcową obrońcy w sprawie o kradzież.",
        "Sformułuj trzy tytuły artykułu o alimentach.",
        "Prosiłabym o sporządzenie pisma do spółdzielni.",
    ],
    "qa": [
        "Kto odpowiada za zgubiony bagaż?",
        "Objaśnij pojęcie służebności.",
        "Chcę napisać testament, ale nie wiem, od czego zacząć.",
        "czy za brak biletu grozi sad",
        "Na ile rat można rozłożyć grzywnę?",
        "Przedstaw przesłanki odpowiedzialności deliktowej.",
        "Ustal, kto jest właścicielem przewodu kominowego.",
        "Jeśli wygram sprawę, to kto zwróci mi koszty tłumaczenia?",
        "Mam umowę o dzieło – czy przysługuje mi urlop?",
        "Jaka jest różnica między weksłem a czekiem",
        "Podaj podstawę prawną zakazu konkurencji.",
        "Proszę powiedzieć, czy mogę odmówić przyjęcia mandatu.",
        "O co chodzi w art. 5 k.c.?",
        "Czy sąd przetłumaczy mi akt oskarżenia?",
        "Pracodawca kazał mi napisać wypowiedzenie. Czy musiałem?",
        "Doradź mi, którą formę opodatkowania wybrać.",
    ],
    "translation": [
        "Przetłumacz na język angielski zdanie: „Sąd oddalił powództwo”.",
        "Czy przetłumaczysz mi ten dokument z francuskiego?",
        "prosze przelozyc na polski ten mail",
        "Tłumaczenie tego regulaminu na hiszpański poproszę.",
        "Jak będzie po angielsku „radca prawny”?",
    ],
    "summarization": [
        "Proszę o zwięzłe streszczenie stanu faktycznego.",
        "Możesz mi krótko podsumować, o czym jest ta ustawa?",
        "Skróć ten wniosek o połowę.",
        "Potrzebuję podsumowania trzech ostatnich nowelizacji.",
        "Sporządź skrót uzasadnienia dla prasy.",
    ],
    "classification": [
        "Zaklasyfikuj ten dokument.",
        "Jakiej kategorii jest to pismo? Przyporządkuj je do jednej z listy.",
        "Do spadku wlicza się:\nA) długi,\nB) prawa osobiste,\nC) rentę.",
    ],
    "other": [
        "Sprawdź pisownię w tej umowie.",
        "Posortuj alfabetycznie strony postępowania.",
        "Wyrok zapadł wczoraj.",
        "Do widzenia!",
        "Przetestuj to pytanie.",
        "Zaznacz w umowie klauzule niedozwolone.",
    ],
}
TABLES = {"seen": SEEN, "held out": HELD_OUT, "other wording": OTHER_WORDING, "fresh": FRESH}
LARGEST_SHARE_WRONG = {"seen": 0.02, "held out": 0.02, "other wording": 0.1, "fresh": 0.05}


@pytest.mark.parametrize("name", TABLES)
def test_nearly_all_instructions_are_told_by_their_task(name: str) -> None:
    rows = [(text, wanted) for wanted, texts in TABLES[name].items() for text in texts]
    wrong = [(text, wanted, task_type(text)) for text, wanted in rows if task_type(text) != wanted]
    assert len(wrong) / len(rows) <= LARGEST_SHARE_WRONG[name], wrong


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Napisz pozew.", "generation"),
        ("Jak napisać pozew?", "qa"),
        ("Kto może napisać pozew?", "qa"),
        ("Napisz, kto może złożyć pozew.", "qa"),
        ("Czy potrzebuję pełnomocnictwa?", "qa"),
        ("Potrzebuję pełnomocnictwa.", "generation"),
        ("Tłumacz przysięgły odmówił przekładu.", "other"),
        ("Tłumacz na czeski każde zdanie.", "translation"),
        ("Sąd skrócił termin.", "other"),
        ("Napisz jak najlepszy pozew.", "generation"),
        ("Napisz streszczenie.", "summarization"),
        ("Co to znaczy „przetłumacz wyrok”?", "qa"),
        ("Mam wątpliwości.", "qa"),
        ("Jak zakwalifikować drobną kradzież?", "qa"),
        ("Kto dokonuje klasyfikacji gruntów?", "qa"),
        ("Przedstaw klasyfikację umów.", "qa"),
        ("Przydziel adwokata z urzędu.", "other"),
        ("Przydziel sprawie kategorię.", "classification"),
    ],
)
def test_the_place_of_a_word_decides_not_the_word(text: str, wanted: TaskType) -> None:
    assert task_type(text) == wanted


@pytest.mark.parametrize("text", ["", " ", "???", "„”", "👍", "a\ud800b", "\x00"])
def test_a_text_without_words_sets_no_task(text: str) -> None:
    assert task_type(text) in ("other", "qa")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Co stanowi przepis:\na) kto zabija,\nb) podlega karze?", "qa"),
        ("A. Kowalski pozwał B. Nowaka. Kto ma rację?", "qa"),
        ("Napisz pozew z żądaniem:\nA) zapłaty\nB) odsetek", "generation"),
    ],
)
def test_letters_that_offer_no_answers_make_no_choice(text: str, wanted: TaskType) -> None:
    assert task_type(text) == wanted


def test_a_prefix_names_the_task_whatever_follows() -> None:
    assert [task_type(f"{prefix} Ile wynosi zachowek?") for prefix in PREFIXES.values()] == list(PREFIXES)
    assert task_type("[tlumacz]Ile wynosi zachowek?") == "translation"
    assert task_type("[OSOBA] napisz pozew.") == "generation"


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Ile wynosi zachowek?", "[ODPOWIEDZ] Ile wynosi zachowek?"),
        ("Napisz pozew.", "[GENERUJ] Napisz pozew."),
        ("Przetłumacz umowę.", "[TŁUMACZ] Przetłumacz umowę."),
        ("Streść wyrok.", "[PODSUMUJ] Streść wyrok."),
        ("Sklasyfikuj pismo.", "[KLASYFIKUJ] Sklasyfikuj pismo."),
        ("Dzień dobry!", "Dzień dobry!"),
        ("[ODPOWIEDZ] Ile wynosi zachowek?", "[ODPOWIEDZ] Ile wynosi zachowek?"),
        (" [odpowiedz]Ile wynosi zachowek?", "[ODPOWIEDZ] Ile wynosi zachowek?"),
        ("[tlumacz] Ile wynosi zachowek?", "[TŁUMACZ] Ile wynosi zachowek?"),
        ("[PILNE] Ile wynosi zachowek?", "[ODPOWIEDZ] [PILNE] Ile wynosi zachowek?"),
    ],
)
def test_a_question_gets_the_prefix_of_its_task_once(question: str, wanted: str) -> None:
    assert prefixed(question) == wanted


@given(
    st.one_of(st.text(), st.sampled_from([text for table in TABLES.values() for row in table.values() for text in row]))
)
def test_a_prefix_changes_neither_the_task_nor_a_question_that_has_it(text: str) -> None:
    assert task_type(prefixed(text)) == task_type(text)
    assert prefixed(prefixed(text)) == prefixed(text)


@given(st.text())
def test_any_text_is_given_one_of_the_types(text: str) -> None:
    assert task_type(text) in get_args(TaskType)


@given(st.sampled_from(SEEN["generation"] + SEEN["qa"]))
def test_the_case_of_the_whole_text_changes_nothing(text: str) -> None:
    assert task_type(text.upper()) == task_type(text)
