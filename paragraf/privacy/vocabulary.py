"""Vocabulary: words that stand beside names of people, and words that look like names and are none."""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Whoever is called so is a person, so the capital word after it is a name even where no dictionary has it.
ADDRESSES = _words("pan pani panstwo p adwokat adw mecenas mec obywatel obywatelka ob malzonkowie malzenstwo rodzina")
# Parts in a case and people in one's life; a name may follow, but a firm or an office may follow some of them as well.
ROLES = _words("""
    powod powodka pozwany pozwana wnioskodawca wnioskodawczyni uczestnik uczestniczka oskarzony oskarzona obwiniony
    obwiniona podejrzany podejrzana skazany skazana pokrzywdzony pokrzywdzona poszkodowany poszkodowana swiadek biegly
    biegla dluznik dluzniczka wierzyciel wierzycielka spadkodawca spadkodawczyni spadkobierca spadkobierczyni testator
    darczynca obdarowany obdarowana najemca najemczyni lokator lokatorka wynajmujacy sprzedawca sprzedajacy kupujacy
    kupujaca pozyczkodawca pozyczkobiorca zleceniodawca zleceniobiorca wykonawca zamawiajacy pracownik pracownica szef
    szefowa kierownik kierowniczka dyrektor dyrektorka prezes kolega kolezanka znajomy znajoma przyjaciel przyjaciolka
    sasiad sasiadka maz zona malzonek malzonka syn corka brat siostra ojciec matka mama tata babcia babka dziadek wnuk
    wnuczka wujek wuj ciocia ciotka stryj tesc tesciowa ziec synowa szwagier szwagierka kuzyn kuzynka siostrzeniec
    siostrzenica bratanek bratanica partner partnerka narzeczony narzeczona konkubent konkubina byly byla dziecko
    maloletni maloletnia nieletni nieletnia pasierb pasierbica macocha ojczym pelnomocnik obronca kurator kuratorka
    opiekun opiekunka windykator windykatorka policjant policjantka funkcjonariusz lekarz lekarka dr doktor klient
    klientka pacjent pacjentka nauczyciel nauczycielka sedzia prokurator notariusz komornik asesor referendarz radca pr
    prof profesor inz mgr lek spolnik wspolnik wspolniczka wlasciciel wlascicielka wspollokator wspollokatorka
    niejaki niejaka zmarly zmarla sp jestem imie
    """)
# Of the roles, those that only people have and that one has a first name for.
KIN = _words("""
    kolega kolezanka znajomy znajoma przyjaciel przyjaciolka sasiad sasiadka maz zona malzonek malzonka syn corka brat
    siostra ojciec matka mama tata babcia babka dziadek wnuk wnuczka wujek wuj ciocia ciotka stryj tesc tesciowa ziec
    synowa szwagier szwagierka kuzyn kuzynka siostrzeniec siostrzenica bratanek bratanica partner partnerka narzeczony
    narzeczona konkubent konkubina byly byla dziecko maloletni maloletnia pasierb pasierbica macocha ojczym szef szefowa
    pracownik pracownica swiadek oskarzony oskarzona podejrzany podejrzana skazany skazana pokrzywdzony pokrzywdzona
    spadkodawca spadkodawczyni lokator lokatorka lekarz lekarka pacjent pacjentka nauczyciel nauczycielka niejaki
    niejaka zmarly zmarla jestem imie
    """)
# Between a role and its name: "komornik sądowy Nowak", "adwokat z urzędu" does not lead to a name.
BETWEEN = _words("sadowy prawny moj moja jego jej nasz nasza starszy starsza mlodszy mlodsza pan pani")
# A name after one of these belongs to a law, a thing, a place or an institution.
EPONYMS = _words("""
    ustawa lex prawo zasada regula twierdzenie wyrok orzeczenie kazus casus teoria doktryna test wzor formula
    klauzula kodeks konwencja dyrektywa nowela nowelizacja reforma program plan pakiet tarcza konstytucja metoda
    skala indeks efekt paradoks koncepcja kryterium fundacja stowarzyszenie szkola uczelnia uniwersytet akademia
    liceum technikum politechnika przedszkole zlobek szpital hospicjum klinika przychodnia kosciol parafia bazylika
    katedra klasztor zakon kaplica zgromadzenie ulica ul aleja al plac pl osiedle os rondo most park skwer bulwar
    rynek wzgorze gora wyspa jezioro ciesnina przyladek las puszcza dolina miasto wies gmina powiat wojewodztwo
    solectwo dzielnica lotnisko port dworzec stacja swieto dzien wigilia imieniny imieniem imienia im patron
    patronat nagroda order medal stypendium konkurs turniej orkan huragan niz hotel pensjonat restauracja bar
    kawiarnia pizzeria apteka marka model wydawnictwo czasopismo dziennik gazeta portal aplikacja chatbot robot
    statek jacht prom zespol choroba syndrom swiety swieta sw blogoslawiony bl papiez krol krolowa cesarz car ksiaze
    ksiezna ewangelia list biblia powiesc film serial piosenka muzeum teatr galeria biblioteka pomnik palac zamek
    dwor elektrownia kopalnia huta stadion lotnictwo system osrodek
    """)
# Offices and bodies that can stand where a surname could: "powód Bank", "Pan Prezes", "Wójt Gminy".
OFFICES = _words("""
    sad bank skarb gmina miasto szpital urzad zaklad spolka fundusz szkola powiat starosta wojt burmistrz prezydent
    minister marszalek wojewoda rada zarzad zwiazek towarzystwo fundacja dom hotel klub komisja izba trybunal
    policja sejm senat rzad panstwo bog boski swiety jezus mecenas prezes dyrektor sedzia prokurator komornik
    notariusz doktor profesor redaktor posel senator kierownik rektor dziekan pastor ksiadz proboszcz biskup general
    pulkownik major kapitan kodeks ustawa prawo karta konstytucja kosciol zus nfz polak polka niemiec rzecznik
    inspektor naczelnik sekretarz radca adwokat pan pani
    """)
# Offices that are surnames as well, where a given name stands before them.
SURNAMES_OF_OFFICE = _words("biskup wojt starosta pastor general kapitan major burmistrz marszalek dziekan prezes")
# Initials that are the legal form of a firm: "Pekao S.A. Kara wynosi".
FIRM_FORMS = _words("sa oo sc sk sj pp ue rp")
# Small words inside names of other languages.
PARTICLES = _words("van von der den de da di del la le el al bin ben ibn thi zu")
COUPLED = frozenset({"i", "oraz", "z", "ze", "lub", "albo", "a"})
# Adjectives of nations and languages are surnames too; a sentence about a language is about nobody.
NATIONS = _words("""
    polski angielski francuski wloski hiszpanski rosyjski ukrainski czeski slowacki wegierski litewski bialoruski
    szwedzki dunski norweski finski turecki grecki rumunski bulgarski chinski japonski rzymski unijny europejski
    amerykanski brytyjski szwajcarski austriacki belgijski portugalski irlandzki szkocki slaski mazowiecki wielkopolski
    malopolski pomorski lubelski podlaski opolski warszawski krakowski gdanski wroclawski poznanski lodzki ludzki
    miejski wiejski morski ladowy
    """)
POPULAR_GIVEN = _words("""
    Adam Adrian Agata Agnieszka Albert Aldona Alek Aleksander Aleksandra Alicja Alina Alfred Alfreda Amelia Anastazja
    Andrzej Aneta Angelika Ania Anita Anna Antek Antoni Antonina Apolonia Arek Ariel Arkadiusz Artur Asia Barbara
    Bartek Bartłomiej Bartosz Basia Beata Benedykt Bernadeta Bernard Błażej Bogdan Bogumił Bogumiła Bogusław Bogusława
    Bolesław Bożena Bronisław Bronisława Cecylia Celina Cezary Czesław Czesława Dagmara Damian Daniel Daniela Danuta
    Darek Daria Dariusz Dawid Diana Dominik Dominika Donata Dorota Edmund Edward Edyta Eleonora Eliza Elżbieta Emil
    Emilia Ernest Eryk Eugenia Eugeniusz Ewa Ewelina Fabian Felicja Feliks Filip Franciszek Franciszka Franek Fryderyk
    Gabriel Gabriela Genowefa Gerard Gosia Grażyna Grzegorz Grzesiek Gustaw Halina Hania Hanna Helena Henryk Henryka
    Hieronim Hubert Ignacy Igor Ilona Ireneusz Irena Irmina Iwo Iwona Iza Izabela Izydor Jacek Jadwiga Jakub Jan Janek
    Janina Janusz Jarek Jarosław Jaś Jasiek Jerzy Jędrzej Joanna Joasia Jola Jolanta Jolka Józef Józefa Józek Judyta
    Julia Julian Julianna Julita Jurek Justyna Kacper Kaja Kajetan Kamil Kamila Karol Karolina Kasia Kaśka Katarzyna
    Kazimierz Kazimiera Kazik Kinga Klara Klaudia Klemens Konrad Konstanty Kornel Kornelia Krystian Krystyna Krysia
    Krzysiek Krzysztof Ksawery Laura Lech Lena Leokadia Leon Leonard Leszek Lidia Liliana Lilianna Longin Lucjan Lucyna
    Ludmiła Ludwik Ludwika Łucja Łukasz Maciej Maciek Magda Magdalena Maksymilian Małgorzata Marcel Marcelina Marcin
    Marek Maria Marian Marianna Mariola Mariusz Marlena Marta Martyna Maryla Marzena Mateusz Matylda Michalina Michał
    Mieczysław Mieczysława Mieszko Mikołaj Milena Miłosz Mirek Mirela Mirosław Mirosława Monika Nadia Natalia Natasza
    Nela Nikodem Nikola Nina Norbert Ola Oktawia Olga Olgierd Olek Oliwia Oliwier Oskar Otylia Patrycja Patryk Paulina
    Paweł Piotr Piotrek Przemek Przemysław Radek Radosław Rafał Regina Renata Robert Roksana Roman Romana Romuald
    Rozalia Rudolf Ryszard Ryszarda Rysiek Sabina Salomea Sandra Sebastian Seweryn Sławek Sławomir Sławomira Sonia
    Stanisław Stanisława Stasiek Staszek Staś Stefan Stefania Sylwek Sylwia Szczepan Szymon Szymek Tadek Tadeusz
    Tamara Teodor Teresa Tomasz Tomek Tosia Tymon Tymoteusz Urszula Wacław Wacława Waldek Waldemar Walenty Walentyna
    Walery Waleria Wanda Weronika Wiesiek Wiesław Wiesława Wiktor Wincenty Wiola Violetta Wioletta Wit Witek Witold
    Władek Władysław Władysława Włodek Włodzimierz Wojciech Wojtek Zbigniew Zbyszek Zdzisław Zdzisława Zenek Zenon
    Zofia Zosia Zuza Zuzanna Zygmunt Żaneta Hugo Iga Kuba Maja Róża Jagoda Kalina Malina Pola Wiktoria Ula Mila Lilka
    Sylwester Eliasz Borys Igor Oskar Aurelia Blanka Bianka Marika Ada Ala Ewka Hanka Jasiu Tola Tytus Zyta Gaja
    """)
# A capital letter does not make these a person: flowers, months, feasts, lands.
AMBIGUOUS_GIVEN = _words("""
    Róża Maja Kalina Malina Jagoda Pola Wiktoria Sylwester Mila Kuba Gaja Tola Wit Rita Bona Lew Era Nora Dana Mary
    Juan Omar Ali
    """)
FOREIGN_GIVEN = {
    **dict.fromkeys(
        _words("""
        oksana iryna olena olha natalija natalia svitlana tetiana tetyana yulia yuliia juliia kateryna nadiia liudmyla
        ludmyla mariia halyna hanna oleksandra viktoriia valentyna larysa inna alla yana daryna sofiia anastasiia
        aliaksandra volha tatsiana sviatlana nino tamar ketevan fatima aisha leila layla maryam khadija amina priya
        anjali linh huong lan thuy mai mary jennifer jessica elizabeth sarah emily emma olivia laura sophie claire
        marie ursula sabine petra heike giulia chiara lucia carmen yuki ivana jana
        """),
        "f",
    ),
    **dict.fromkeys(
        _words("""
        oleksandr oleksii oleksiy andrii andriy serhii serhiy volodymyr dmytro mykola mykhailo vasyl yurii yuriy ihor
        oleh bohdan taras petro pavlo roman ruslan vitalii vitaliy viktor maksym artem yevhen vladyslav yaroslav ivan
        wołodymyr siergiej dmitrij aleksiej siarhei aliaksandr giorgi levan nika davit mohammed muhammad mohamed ahmed
        ahmad hassan hussein omar youssef yusuf mustafa mehmet murat emre ravi rahul sanjay amit arjun raj minh duc tuan
        hung john james robert michael william david richard joseph thomas charles christopher george peter paul mark
        steven andrew kevin brian hans klaus jurgen wolfgang dieter uwe stefan pierre jean luca marco giovanni pedro
        juan carlos jose hiroshi wei jun abdul abdullah ibrahim khalid samir
        karim bilal tariq hamid
        """),
        "m",
    ),
}
