"""Cues of bounds: how answers say that a machine speaks, that time runs, and by what they leave Polish law."""

BOUNDS = {
    "machine": """
        jestem|jesteś|jesteśmy ~ @as_machine
        lecz|ale|tylko|czyli|jest ~ @as_machine
        z ~ @as_machine
        jako ~ @machine
        asystent*|asystentem ~ ai|wirtualny*|cyfrowy*
        wirtualny*|cyfrowy* ~ asystent*
        @makes ~ @machine|ai|asystent
        @machine|ai ~ @makes
        odpowiedź|treść|tekst|informacja|odpowiedzi|teksty ~ @makes ~ @machine
        odpowiedział|odpowiedziała|odpowiedziało ~ @machine
        wygenerowana|wygenerowany|wygenerowane|napisana|napisany|przygotowana|przygotowany|utworzona ~ automatycznie
        wygenerowana|wygenerowany|wygenerowane|napisana|napisany|przygotowana|przygotowany|utworzona ~ przez @machine
        wygenerowano|napisano|przygotowano|utworzono ~ automatycznie
        automatycznie wygenerowana|wygenerowany|wygenerowane
        to|tekst|odpowiedź ~ tekst|wytwór|odpowiedź|dzieło maszyna*|program*|model*|ai|algorytm*
        odpowiedź|tekst|treść|informacja|informacje|wytwór ~ sztucznej inteligencji
        odpowiedź|tekst|treść|informacja|informacje ~ pochodzi|pochodzą ~ @machine
        odpowiedź|tekst|treść|informacja|informacje ~ modelu|komputera|programu|maszyny|algorytmu|bota|chatbota|czatbota
        informacje|odpowiedzi|treści ~ wygenerowane|napisane|przygotowane ~ przez @machine
        chatbot|czatbot|ai ~ informuje|nie
        sztuczna inteligencja
        powstał|powstała|powstało ~ automatycznie
        rozmawiasz|rozmawia|piszesz|pisze ~ z ~ @as_machine
    """,
    "no_advice": """
        nie ~ @is ~ @opinion
        nie ~ @opinion ~ @is
        nie @opinion ~ prawna|prawną|prawne
        nie ~ udzielać:now|udzielić:now|świadczyć:now ~ @opinion
        nie ~ zastępować:now|zastąpić:now ~ porada*|prawnik*|adwokat*|konsultacja*|opinia*|pomoc*|radca*
        nie ~ brać:now ~ za ~ porada*|opinia*
        nie ~ traktować:now|uznawać:now|uważać:now ~ porada*|opinia*
        charakter|charakteru|cel|celu|celów|celom ~ informacyjny*|edukacyjny*|poglądowy*
        informacyjny*|poglądowy*|edukacyjny* ~ charakter|charakteru|cel|celu
        nie ~ jestem ~ @i_am_lawyer
        nie|ani @i_am_lawyer
        nie porada|poradą
    """,
    "runs": """
        termin*
        nie ~ przekroczyć|przegapić|uchybić ~ termin*
        czas* ~ krótki*|biegnie|mija|upływa|ucieka|minie|upłynie|ograniczony*|leci
        mało|niewiele|niedużo czasu|dni
        nie ~ wiele|dużo czasu
        zostało|zostały ~ mało|niewiele|kilka|parę ~ czasu|dni|godzin
        nie zwlekać:now|odkładać:now
        zwłoka*
        jeszcze dziś|dzisiaj|jutro
        czas* ~ nagli|goni
        nie ~ czasu do stracenia
        ostatni|ostatnim|ostatniego dzień|dniem|dnia
        nieprzekraczalny*|prekluzja*|prekluzyjny*
        im ~ szybciej|prędzej|wcześniej
        zdążyć:now
        do|przed ~ poniedziałku|wtorku|środy|czwartku|piątku|soboty|jutra|końca ~ wniosek*|pismo*|@remedy
        @remedy|wniosek*|pismo* ~ do ~ poniedziałku|wtorku|środy|czwartku|piątku|soboty|jutra|końca|daty
        przed końcem ~ tygodnia|miesiąca|roku
        do|po ~ określonej|tej|wskazanej daty|dacie
        nie czekać:now ~ z|do|aż
        pospieszyć:now|pośpieszyć:now|spieszyć:now|śpieszyć:now
        spóźnić:now|spóźniać:now
        spóźniony*|spóźnienie*
        w porę
        po czasie
        póki|dopóki ~ prawomocny*
        na czas
        szybko ~ trzeba|należy|warto|złożyć|działać|napisać|wysłać|zareagować
        trzeba|należy|warto|proszę|działać|działaj|lepiej|najlepiej|musisz|musi ~ szybko
        jak najszybciej|najprędzej
        niezwłocznie|natychmiast|pilnie|pilne|bezzwłocznie|najpóźniej
        od razu ~ trzeba|złożyć|działać|napisać|wysłać
        trzeba|należy|działać|działaj|proszę|najlepiej ~ od razu
        przedawnić:now|przedawniać:now
        przedawnienie*
        ile ~ jest|ma|masz ~ czasu
        uprawnienie*|roszczenie*|prawo*|karalność ~ wygasa|wygasają|wygaśnie|przepada|przepadnie|ustaje
        okres* ~ biegnie|biegną
        po|przed ~ upływie|upływem
        zegar*
        stanie|staje|stanie się ~ prawomocny*|ostateczny*
        będzie ~ prawomocny*|ostateczny*
        na już
        uprawomocnić:now|uprawomocniać:now
        liczy się ~ dzień|godzina|data
    """,
    "no_limit": """
        nie ~ ma ~ termin*
        nie ma żadnego|żadnych termin*
        nie ulega|ulegają|ulegnie przedawnieniu
        nie ~ istnieje|przewiduje|określa|wyznacza ~ termin*
        termin* ~ nie ~ biegnie|obowiązuje|ma|wiąże
        nie ~ spieszyć|śpieszyć|spiesz|śpiesz
        bez pośpiechu
        nie ~ przedawnia|przedawniają|przedawnić ~ się|się
        bezterminowy*|bezterminowo|kiedykolwiek
        w każdym|każdej czasie|chwili
        nie ~ ogranicza|ograniczenia ~ czasie
        czas* pracy
        termin* ~ rozprawy|rozprawa|posiedzenia|realizacji|wizyty|spotkania
        w dowolnym momencie|czasie
        nie ma pośpiechu
        nie ~ czego spieszyć|śpieszyć
    """,
    "limit_of": """
        na|do ~ @remedy|wniosek*|złożenie*|pozew*|reakcja*|decyzja*
        w ciągu|terminie
        ma @sir|jeszcze|tylko
        @sir ma
        masz|macie|zostało|zostały|pozostało|pozostały
        przekroczenie*
        na to
        ustawa|ustawodawca|przepis|kodeks ~ daje
        od ~ doręczenia|ogłoszenia|dnia|daty|odbioru|otrzymania|chwili|momentu
        przed upływem
        termin*|najpóźniej
        po|z ~ upływie|upływem
        przedawnić:now|przedawniać:now|wygasać:now|wygasnąć:now
    """,
    "foreign": """
        common|case law
        jury|verdict|felony|misdemeanor|attorney|barrister|solicitor|solicitora|solicitorem|barristera|barristerem|attorneya|landlord|sheriff|habeas|bgb|stgb|zpo|irs|hmrc
        ława|ławy|ławę|ławą|ławie przysięgły*
        przysięgli|przysięgłych|przysięgłym|przysięgłymi ~ muszą|orzekną|zdecydują|uznają|orzekają|uznali
        przysięgłym|przysięgłych
        mirandy|miranda
        small claims
        plea|punitive|statutory bargain|damages|rights
        attorney|client privilege
        employment|equality|civil|consumer|bankruptcy rights|act|code
        at will
        eviction|lease notice|agreement
        social security
        companies house
        county|crown|supreme|district court
        federalny*|hrabstwo*|szeryf*
        prawo|prawem|prawa|prawu|prawie|przepisy|przepisów stanu
        gesetzbuch|napoleoński*|act|acas|osha|dmv|fbi|jobcenter|kindergeld
        prokurator* stanowy*
        kalifornii|teksasie|teksasu|florydzie|florydy|illinois|nevadzie
        gubernator*|abgb
        public defender|defendera
        prawo|prawa|prawem|prawie ~ anglii|usa|niemiec|francji|włoch|hiszpanii|czech|ukrainy|austrii|irlandii|szkocji
        ustawę|ustawą stanową
        stanowe|stanowego|stanowej|stanowych|stanowym ~ prawo|prawa|przepisy|przepisów|ustawa|ustawy|sąd|sądu|sądem
        prawo|prawa|prawem|prawie|przepisy|przepisów stanowe|stanowego|stanowych|stanowym
        ustawa|ustawy|sąd* stanowe|stanowego|stanowa|stanowej|stanowych|stanowym|stanowy
        sąd|sędzia stanowy
        swoim|twoim|danym stanie ~ prawnik*|adwokat*|attorney
        attorney|prawnik*|adwokat* ~ w swoim|twoim stanie
        piąty*|czwarty*|szósty*|pierwszy* poprawka*
        konstytucja* stanów
        @rules ~ stanów zjednoczonych
        @foreign_land ~ kodeks*|ustawa*|prawo|prawa|prawu|prawem|przepis*
        @rules @foreign_land
        discovery|consideration|subpoena|affidavit|deposition|escrow|parole|probation|tort|estoppel|lawsuit|custody
        class action
        power of attorney
        formularz* w|1040
        więzienie* stanowe|stanowym|stanowego
        w twoim|swoim|danym|każdym|naszym stanie
        sąd* najwyższy* stanu
        wielki* ława|ławy|ławą
        kodeks*|ustawa*|konstytucja* ~ niemiec|francji|włoch|hiszpanii|czech|ukrainy|usa|anglii|austrii|rosji|irlandii
        code civil
        at - will
        kündigungsschutzgesetz|mietrecht|amtsgericht|arbeitsgericht|finanzamt|bundesgericht
    """,
    "dollars": """
        dolar*|usd|$
    """,
    "sanction": """
        grzywna*|kara*|opłata*|odszkodowanie*|kaucja*|mandat*|limit*|zadośćuczynienie*|poręczenie*
    """,
    "apart": """
        nie ~ ma|istnieje|istnieją|obowiązuje|obowiązują|zna|występuje|stosuje|stosują|istnieli
        nie ~ zna|przewiduje|jest ~ częścią
        inaczej niż
        w odróżnieniu|przeciwieństwie
        dotyczy|dotyczą|pytanie* ~ @foreign_land
        może|mogą|można ~ mieć|znaleźć ~ zastosowanie
        prawo|prawa właściwe|właściwego|właściwym
        rozporządzenie*|rozporządzenia ~ spadkowe|spadkowego|rzym|rzym|bruksela
        gdy|jeśli|jeżeli strony
        strony ~ umówiły|wybrały|wskazały
        film|filmie|filmów|filmach|seriali|serialach|filmu
        za granicą
        w niemczech|usa|anglii|francji|irlandii|czechach|ukrainie|austrii|hiszpanii|włoszech|holandii|norwegii
        w szwajcarii|szkocji|belgii|danii|szwecji
        w stanach|wielkiej zjednoczonych|brytanii
        stanie zdrowia|umysłu|technicznym|wojennym|wyjątkowym|prawnym
        nbp
        tamtejszy*|miejscowy*
        polski* ~ sąd*|kodeks*|prawo|przepisy ~ nie
        kredyt*|waluta*|rata*|kurs*|przelew*|pożyczka*
        wspólnik*|wspólnikiem|spółka*
        a nie polski*|polskie
        nie ~ jest ~ polska|polskie|polski|polskim|polską
        nie polska|polskie|polski
        wybrać|wybrały|wybór|wyboru ~ prawo|prawa
        dotyczy|dotyczą|opisuję|opisuje|obejmuje ~ prawo|prawa polskie|polskiego
        znany*|znana ~ z
    """,
}
