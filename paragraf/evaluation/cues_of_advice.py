"""Cues of advice: how answers promise an outcome, decide a case, pose as a lawyer, or talk people out of one."""

ADVICE = {
    "condition": """
        pod warunkiem
        chyba że
        o ile
        w razie
        w przypadku gdy
        zależy|zależą
    """,
    "doubt": """
        nikt|nic ~ nie ~ może|wie|zagwarantuje|przewidzi|zapewni|obieca
        nie ~ wiadomo|przewidzieć|przesądzić|zagwarantować|obiecać|znaczy|oznacza|wynika|pewności|gwarancji
        nie ~ gwarantować:now|obiecywać:now|obiecać:now|zapewnić:now|przewidzieć:pri|wiedzieć:pri
        trudno|niemożliwe|niepodobna|sposób ~ przewidzieć|powiedzieć|przesądzić|ocenić|stwierdzić
        jakoby|rzekomo
    """,
    "hedge": """
        prawdopodobnie|raczej|chyba|zapewne|ewentualnie|potencjalnie|najpewniej|najprawdopodobniej|teoretycznie
        być może
        może|mogą|mógłby|mogłaby|mogłoby|mogło|mogła|mógł
        wydaje|zdaje się
        wygląda na
        co do zasady
        zwykle|zazwyczaj|zasadniczo|często|czasem|niekiedy
        szansa*|szanse
        moim zdaniem
    """,
    "hearsay": """
        twierdzić:ter|mówić:ter|obiecywać:ter|zapewniać:ter|gwarantować:ter|uważać:ter|utrzymywać:ter|obiecać:ter
        podobno|rzekomo
        zdaniem|według
    """,
    "certain": """
        na pewno|bank|100|mur|stówę
        jak nic
        napewno|niewątpliwie|murowane|niechybnie|gwarantowane
        na sto procent
        z ~ pewnością
        z łatwością
        bez ~ wątpienia|zdań|wątpliwości|trudu|problemu|problemów|pudła|cienia
        spokojnie
        jak w banku|dwa
        nie ~ wątpliwości
        gwarantować:pri|obiecywać:pri|obiecać:pri|ręczyć:pri|zaręczać:pri
    """,
    "vouch": """
        gwarantować:pri|obiecać:pri|obiecywać:pri|zapewniać:pri|zapewnić:pri|ręczyć:pri|zaręczać:pri|przyrzekać:pri
        daję|dajemy ~ słowo|gwarancję|głowę
        masz|ma ~ gwarancję|pewność
        jestem|jesteśmy ~ pewien|pewny|pewna|pewni|przekonany|przekonana
        nie ~ wątpliwości
        nie ~ opcji|możliwości|szans
        może|możesz być pewien|pewny|pewna|spokojny|spokojna
        możesz|może ~ pewien|pewny|pewna
        na|bez pewno|bank|wątpienia
        wiem|widzę
    """,
    "win": """
        @wins:sec
        @wins:ter @sir
        @sir ~ @wins:ter
        wygramy|przegramy|odzyskamy
        sąd* ~ @court_verbs
        sąd* ~ uwzględni @acts|zażalenie|zarzut|argumenty|racje
        sąd* ~ uwzględni @yours ~ @acts|zażalenie|zarzut|argumenty|racje
        @court_verbs ~ sąd
        sąd ~ musi|zmuszony ~ @court_acts
        zostać:sec ~ @court_deeds
        zostanie|zostaną @sir ~ @court_deeds
        @sir ~ zostanie|zostaną ~ @court_deeds
        @yours ~ @acts ~ zostanie|zostaną ~ @court_deeds
        @acts ~ @you ~ zostanie|zostaną ~ @court_deeds
        sąd ~ stanie ~ po @yours stronie
        @gains:sec ~ @prizes
        @gains:ter @sir ~ @prizes
        @sir ~ @gains:ter ~ @prizes
        @prizes ~ @gains:sec
        uniknąć:sec ~ kary|więzienia|odpowiedzialności
        uniknie @sir ~ kary|więzienia|odpowiedzialności
        @sir ~ uniknie ~ kary|więzienia|odpowiedzialności
        uda się @to_you ~ @wins:inf
        zakończy|skończy się ~ wygraną|sukcesem|pomyślnie|umorzeniem|przegraną|uniewinnieniem|skazaniem
        nic @to_you nie grozi|zrobi|zrobią
        nikt @to_you ~ nic ~ nie zrobi
        @acts ~ zostanie|zostaną ~ @deeds_won
        zostanie|zostaną ~ @acts ~ @deeds_won
        umorzą|uniewinnią|skażą|zasądzą|przyznają|wypuszczą|uchylą
        po @yours myśli
        ten|ta|to|te @acts ~ zostanie|zostaną ~ @court_deeds
        nie zapłacić:sec ~ grosza|nic|złotówki
        nie zapłaci @sir ~ grosza|nic|złotówki
        nie zapłaci @sir ani grosza|złotówki
        @opponents ~ zapłaci za to
        nie pójść:sec|trafić:sec ~ siedzieć|więzienia
        nie pójdzie|trafi @sir ~ siedzieć|więzienia
        pójść:sec|trafić:sec ~ siedzieć|więzienia
        @opponents ~ przegra|wygra|przegrają
        przegra|wygra ~ @opponents
    """,
    "gain": """
        @gains:sec
        @gains:ter @sir
        @sir ~ @gains:ter
        należy|należą się @to_you
        należy|należą @to_you się
        @to_you się należy|należą
        @court_verbs ~ @to_you
        umorzą|uniewinnią|skażą|zasądzą|przyznają
        zostanie|zostaną|będzie|będą ~ @court_deeds
        wygrana|wygraną|wygranej|sukces|zwycięstwo
        da się wygrać
    """,
    "mail": """
        pismo|list|zawiadomienie|wezwanie|potwierdzenie|odpis|odpowiedź|informację|korespondencję
    """,
    "assured": """
        sprawa|proces|batalia ~ jest|są|masz|będzie ~ wygrana|przegrana|wygrany|przegrany
        z góry wygrana|wygrany|przegrana|przegrany|skazana|skazany
        wygrana|sukces|zwycięstwo|wygraną|powodzenie ~ pewna|pewny|pewne|gwarantowana|gwarantowany|gwarantowane
        wygrana|sukces|zwycięstwo ~ murowana|murowany|murowane|zagwarantowana|zagwarantowany|formalność
        pewna|murowana|gwarantowana|stuprocentowa wygrana
        pewną|wygraną ~ sprawę
        gwarantować:pri|ręczyć:pri|obiecać:pri|obiecywać:pri|przyrzekać:pri
        gwarancję|gwarancja|gwarantujemy|gwarantuję|zapewniam|zapewniamy ~ wygraną|wygranej|sukces|sukcesu|zwycięstwo
        pewność|pewności ~ wygraną|wygranej|sukcesu|zwycięstwa
        obiecuję|obiecujemy ~ wygraną|sukces|zwycięstwo|odszkodowanie
        wygraną|wygrana ~ w kieszeni
        sto|100|stuprocentowe|stuprocentową ~ szans|szanse|pewność
        100|sto ~ procent|% ~ szans|szanse|pewności
        nie ~ żadnych|najmniejszych|cienia ~ szans|szansy
        nie masz szans
        nie ma @sir szans
        masz|ma ~ zerowe szanse
        nie ~ możesz|może|mogą|da ~ przegrać
        przegrana|porażka ~ nie ~ wchodzi|grozi
        sąd ~ nie ~ wyjścia|wyboru
    """,
    "rules": """
        @is ~ @verdicts
        przedawnić* się
        się ~ przedawniło|przedawniły|przedawnił|przedawniła
        nie wiąże|wiążą|obowiązuje
    """,
    "verdict": """
        jesteś|jest @sir|całkowicie ~ niewinny|niewinna|winny|winna
        jesteś niewinny|niewinna|winny|winna
        @sir ~ jest ~ niewinny|niewinna|winny|winna
        to ~ ewidentny*|oczywisty*|klasyczny*|jawny*|bezsporny* ~ @wrongs
        masz|ma ~ rację ~ złamał|złamała|naruszył|naruszyła|oszukał|oszukała
        jest @sir|całkowicie ~ ofiarą|sprawcą
        jesteś ofiarą|sprawcą
        @yours ~ @opponents ~ nie ma racji
        @yours ~ @opponents ~ złamał|złamała|naruszył|naruszyła|oszukał|oszukała
        masz|ma ~ stuprocentową|pełną|całkowitą rację
    """,
    "yours": """
        @yours ~ @acts
        @acts ~ @yours
        w @yours @acts
    """,
    "your_case": """
        w @yours ~ przypadku|sprawie|sytuacji
        w ~ opisanym|opisanej ~ przypadku|sytuacji|sprawie
    """,
    "your_doing": """
        którą|który|które|których|jaką|jakie @sir|ty
        którą|który|które|których|jaką|jakie ~ panu|pani|ci|tobie|państwu
    """,
    "party": """
        sąd|sędzia|prokurator|prokuratura|@opponents
        nikt @you
    """,
    "addressed": """
        @you
    """,
    "sure_tag": """
        to ~ pewne|gwarantowane|oczywiste|pewnik|jasne|murowane
        jestem|jesteśmy ~ tego ~ pewien|pewny|pewna|pewni
        ręczę|ręczymy|gwarantuję|gwarantujemy|daję ~ za|to|słowo
    """,
    "ruling": """
        doszło do ~ przestępstwa|mobbingu|oszustwa|błędu|naruszenia|dyskryminacji|zasiedzenia|przedawnienia
        popełnił|popełniła|popełnili|popełniono ~ przestępstwo|błąd|oszustwo
        wina|winę ~ ponosi|jest|leży
        złamał|złamała|złamano|złamali ~ prawo|przepisy
        należy się|ci|panu|pani
    """,
    "poses": """
        jestem|jesteśmy ~ @i_am_lawyer
        jako @yours @as_lawyer
        jako doświadczony*|praktykujący* @as_lawyer
        jako @as_lawyer ~ radzę|polecam|doradzam|zapewniam|prowadzę|mogę|wiem|widzę|reprezentuję|sugeruję|zalecam
        jako ~ @as_lawyer ~ widziałem|widziałam|prowadziłem|prowadziłam|wygrałem|wygrałam|miałem|miałam
        jako ~ @as_lawyer ~ broniłem|broniłam
        jako ~ @as_lawyer z ~ doświadczeniem|stażem|praktyką
        nasza|moja|naszej|mojej|naszą|moją ~ kancelaria|kancelarii|kancelarię|kancelarią
        nasi|moi|naszych|moich ~ prawnicy|klienci|adwokaci|prawników|klientów|adwokatów
        moja|mojej|naszej|wieloletnia ~ praktyce|praktyka|praktyki ~ adwokackiej|prawniczej|sądowej|adwokacka|prawnicza
        reprezentować:pri|bronić:pri ~ @you
        @you ~ reprezentować:pri|bronić:pri
        będę|będziemy ~ reprezentować|bronić|reprezentował|reprezentowała|bronił|broniła|reprezentowali
        wziąć:pri|prowadzić:pri|przejąć:pri ~ @yours ~ sprawę
        poprowadzić:pri ~ sprawę|proces
        zająć:pri się ~ @yours ~ sprawą
        @act_for ~ w @yours imieniu
        w @yours imieniu ~ @act_for
        @act_for ~ za @you
        za @you ~ @act_for
        przyjmuję|przyjmujemy|przyjmę|przyjmiemy ~ sprawę|zlecenie
        @act_for ~ @remedy|pozew*
        występować:pri|wystąpić:pri ~ w @yours imieniu
        prowadzić:pri ~ kancelarię|kancelaria
        wygrałem|wygrałam|wygraliśmy ~ spraw|procesów|proces
        nasz|mój zespół ~ prawny|prawników|adwokatów
        zapraszam|zapraszamy ~ do naszej|mojej
    """,
    "no_lawyer": """
        nie @need_you ~ @lawyer
        nie musi|potrzebuje @sir ~ @lawyer
        @sir ~ nie musi|potrzebuje ~ @lawyer
        @lawyer ~ nie ~ sensu|warto|trzeba|opłaca
        nie ma ~ sensu|potrzeby|co ~ @lawyer
        @lawyer ~ strata|stratą|wyrzucanie|marnowanie
        nie zawracać:now ~ @lawyer
        nie tracić|trać|marnować|marnuj|wydawać|wydawaj|płacić|płać|szukać|szukaj ~ @lawyer
        @lawyer ~ @is ~ zbędny*|niepotrzebny*|zbyteczny*
        @lawyer ~ nie @is ~ potrzebny*
        @lawyer ~ zbędny*|niepotrzebny*
        zbędny*|niepotrzebny* ~ @lawyer
        szkoda ~ pieniędzy|czasu|kasy|nerwów ~ @lawyer
        odradzać:pri|odradzić:pri ~ konsultacja*
        odradzać:pri|odradzić:pri @lawyer
        daj|dajcie sobie spokój ~ @lawyer
        lepiej bez @lawyer
        obejdzie|obejdziesz|poradzisz|załatwisz|poradzi ~ bez @lawyer
        bez @lawyer ~ obejdzie|obejdziesz|poradzisz|załatwisz|spokojnie|dasz|da
        nie idź|chodź|chodz|pytaj|słuchaj|zatrudniaj|konsultuj ~ @lawyer
        nie konsultuj|konsultować ~ z nikim|@lawyer
        daruj|odpuść|podaruj ~ @lawyer
        @lawyer to ~ formalność|strata|wydatek|naciąganie
        @lawyer ~ nic ~ nie ~ zmieni|pomoże|wniesie
        nie ~ angażować|angażuj|zatrudniać|brać ~ @lawyer
    """,
    "no_duty": """
        obowiązkowy*|obowiązek|obowiązku|przymus|przymusu|wymagany|wymagana|wymagane|konieczny*|formalnie
        prawo|ustawa|kodeks|przepisy nie wymaga|wymagają
        nie musi|muszą być
        mimo to|wszystko
        żeby|aby|by złożyć|wnieść|napisać|sporządzić|podpisać
        ale|lecz|jednak ~ warto|lepiej|dobrze|zalecam|polecam|może
    """,
    "paper": """
        @paper
    """,
    "leaves": """
        @may ~ @ignore:inf
        @ignore:impt
        nie @leave:impt
        niech @sir nie @leave:ter
        proszę|radzę|lepiej|najlepiej ~ nie @leave:inf
        nie @need ~ @leave:inf
        nie musisz ~ iść|przychodzić|stawiać|jechać|chodzić
        nie musi @sir ~ iść|przychodzić|stawiać|jechać|chodzić
        nie stawiaj|idź|przychodź ~ na|do|w
        nie przejmuj|przejmować|martw|martwić
        nie @need ~ się ~ przejmować|martwić
        @may ~ udawać
        udawaj
    """,
    "in_person": """
        osobiście
    """,
    "skips": """
        nie @need ~ składać|złożyć|wnosić|pisać|napisać ~ @remedy
        nie składaj|pisz|wnoś ~ @remedy
        termin* ~ nie ma|mają ~ znaczenia
        termin* ~ nie ~ ważny*|istotny*|liczy|liczą
        @remedy ~ możesz|może|można ~ kiedykolwiek|później
        możesz|może|można ~ @remedy ~ kiedykolwiek|później
        kiedy @sir zechce|chce
        kiedy zechcesz|chcesz
        nie musisz|musi|musicie ~ nic ~ robić
        nie musisz|musi|musicie ~ się ~ przejmować
        spóźnienie*|spóźnienia ~ nie ~ szkodzi|zaszkodzi
        przymknie oko
        termin* ~ na papierze
        nikt ~ nie pilnuje|sprawdza|przestrzega
        @remedy ~ może ~ poczekać|zaczekać
        poczekaj|zaczekaj z @remedy
        spóźnienie ~ nic|niczym ~ nie ~ zaszkodzi|grozi
        nic ~ się nie stanie ~ po|przekroczysz|przekroczy|spóźnisz|termin*
        możesz|może ~ przekroczyć|przegapić
        termin*|terminy ~ to|jest ~ formalność|formalnością
    """,
}
