"""Kin: Polish words of legal answers that say the same, or nothing of their own."""

from paragraf.text import words

SILENT = frozenset(
    words(
        "być mieć móc musieć należeć powinien zostać zostawać ten taki który jaki swój on ona ono sam każdy wszystek"
        " wszystko inny inaczej dany to co się jeden różny kilka wiele można trzeba wolno więc także również już"
        " jeszcze tylko jedynie wyłącznie tak nie bez brak zasada przykład raz sposób wtedy gdy jako przy moment"
        " chwila dzień tydzień miesiąc rok lato godzina minuta doba złoty euro procent pan pani państwo warto lub albo"
        " niż coś ktoś kto nikt nic żaden przypadek razem wówczas zawsze bardzo dużo mało zasadniczo zwykle ogół"
        " między temu po przed od do za na pod nad przez dla ze we o u w z i a oraz ani ale lecz jednak natomiast"
        " jeżeli jeśli gdyby że żeby aby by czy ponieważ bo gdyż dlatego zatem czyli np art ust pkt lit mój twój nasz"
        " wasz siebie tam tu tutaj teraz kiedy gdzie jak ile dwa trzy cztery pięć mniej więcej krótki długi duży mały"
        " wczesny późny ów pewny chyba mimo wobec według dodatkowo ponadto własny dopiero nawet zwłaszcza właśnie"
    )
)
FRAME_WORDS = words(
    "wymagać dotyczyć wynosić wyjątek termin czas okres składać oznaczać warunek powodować żądać grozić następować"
    " zależeć możliwy obejmować działać pytanie przesłanka forma pozostawać znaczenie stanowić obowiązek czynność"
    " przysługiwać służyć skutek istnieć wysokość stosować liczyć biec trwać powstać skuteczny wystarczać droga"
    " osoba podstawa określony odpowiedni konieczny legalny okoliczność przyczyna strona zachować ciąg upływ koniec"
    " rozpocząć uzyskać dawać zgodnie prawo przepis ustawa wynikać możliwość podać podlegać informacja decydować"
)

_KIN = """
składać złożyć wnosić wnieść zgłaszać zgłosić skierować kierować
zapłacić płacić zapłata płatność uiścić wpłacić uregulować spłacić płatny
opłata opłacić opłacać
bezpłatny nieodpłatny darmowy bezpłatnie nieodpłatnie darmo gratis bezpłatność
zwrócić zwracać zwrot oddać oddawać
udowodnić udowadniać wykazać wykazywać dowieść dowód udokumentować
pismo pisemny pisemnie
zawiadomić zawiadamiać powiadomić powiadamiać poinformować informować informacja zawiadomienie powiadomienie
wynagrodzenie pensja płaca pobory zarobek
mieszkanie lokal
mieszkać zamieszkać zamieszkiwać
samochód auto pojazd
zstępny potomek
zgoda zezwolenie pozwolenie zgadzać zezwolić zezwalać wyrazić
odmowa odmówić odmawiać
pomoc pomagać pomóc
sprzedać sprzedawać sprzedaż sprzedawca
kupić kupować kupno zakup kupujący nabyć nabywać nabywca nabycie
zawrzeć zawierać zawarcie
rozwiązać rozwiązywać rozwiązanie
wypowiedzieć wypowiadać wypowiedzenie
przyjąć przyjmować przyjęcie
podjąć podejmować podjęcie
objąć obejmować objęcie
zająć zajmować zajęcie
wynająć wynajmować najem nająć
pobrać pobierać pobranie
odebrać odbierać odbiór odebranie
wybrać wybierać wybór
ponieść ponosić obciążać obciążyć płacić zapłacić pokryć pokrywać
podnieść podnosić podwyższyć podwyższać podwyżka podwyższenie
przenieść przenosić przeniesienie
znieść znosić uchylić uchylać uchylenie
przyznać przyznawać
uznać uznawać uznanie
zawiesić zawieszać zawieszenie
ogłosić ogłaszać ogłoszenie
prosić prośba poprosić wnioskować wniosek
odpowiadać odpowiedzialność odpowiedzialny
orzec orzekać orzeczenie
zrzec zrzekać zrzeczenie
wygasnąć wygasać wygaśnięcie przepadać przepaść
ustać ustawać ustanie
rozpocząć rozpoczynać rozpoczęcie początek zacząć zaczynać
skończyć kończyć ukończyć zakończyć koniec zakończenie ukończenie
upłynąć upływać upływ minąć mijać
usunąć usuwać usunięcie
cofnąć cofać wycofać wycofanie cofnięcie
umrzeć umierać śmierć zmarły zgon spadkodawca
stracić tracić utracić utrata strata
podzielić dzielić podział dział
korzystać skorzystać
praca pracować zatrudnić zatrudniać zatrudnienie
pracownik zatrudniony pracowniczy
pracodawca szef
mąż małżonek żona
małżeństwo ślub
dziecko małoletni nieletni niepełnoletni
konsument klient
wada usterka
towar rzecz produkt
konieczny niezbędny potrzebny wymagany obowiązkowy wymagać potrzeba potrzebować
zdecydować decydować rozstrzygać rozstrzygnąć przesądzać przesądzić oceniać ocenić ocena
żądać domagać żądanie zażądać
kara ukarać karalny karać karany
grzywna mandat
dług zadłużenie zobowiązanie
wierzyciel wierzytelność
dłużnik dłużny
prokurator prokuratura
policja policjant
otrzymać otrzymywać dostać dostawać uzyskać uzyskiwać otrzymanie uzyskanie
dać dawać
wyjątek wyjątkowo
możliwy możliwość
skutek skuteczny skutkować powodować spowodować
bezskuteczny bezskuteczność
skutecznie skuteczny
nieważny nieważność
telefon telefoniczny telefonicznie
elektroniczny elektronicznie internet mail online
samodzielnie samodzielny osobiście osobisty
odwołać odwoływać odwołanie
odstąpić odstępować odstąpienie
zaskarżyć zaskarżać zaskarżenie
ująć ujawnić ujawniać ujawnienie
wezwać wzywać wezwanie
przekroczyć przekraczać przekroczenie
wykonać wykonywać wykonanie
prowadzić prowadzenie
doręczyć doręczać doręczenie
ukraść kraść kradzież
wstąpić wstępować
zwolnić zwalniać zwolnienie
obniżyć obniżać obniżenie obniżka zmniejszyć zmniejszać zmniejszenie
podróż dojazd
leczyć leczenie
chory choroba chorować
"""
KIN = tuple(tuple(line.split()) for line in _KIN.strip().splitlines())
# What one rule gives to one and another rule to the other.
ALTERNATIVES = (
    ("okręgowy", "rejonowy"),
    ("cywilny", "karny"),
    ("ustny", "pisemny"),
    ("określony", "nieokreślony"),
    ("czynny", "bierny"),
)
