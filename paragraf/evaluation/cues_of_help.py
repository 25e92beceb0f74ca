"""Cues of help: how answers send people to those who may advise or rescue, and how they refuse."""

HELP = {
    "turns": """
        @turn:now
        zwrócić:now ~ się|się
        się ~ zwrócić|zwróć
        udać:now|udaj ~ się ~ do|na|po
        się ~ udać do|na|po
        warto|najlepiej|dobrze|lepiej|potrzebna|potrzebny|wskazana|zalecana|zalecam|zalecana|polecam|niezbędna
        zachęcam|sugeruję|rekomenduję|radzę
        proszę o|do
        pomoc|pomocy|wsparcie|rady|radę ~ znajdziesz|znajdzie|szukać|szukaj|uzyskasz|uzyska|udziela|udzieli|świadczy
        wizyta*|konsultacja*|rozmowa*
        niech
        szukałbym|szukałabym|poszukałbym|poszukałabym|poszedłbym|poszłabym|skonsultowałbym|skonsultowałabym
        daj|dajcie|zanieś
    """,
    "lawyer": """
        adwokat*|radca*|prawnik*|mecenas*|obrońca*|doradca*
    """,
    "noted": """
        warto|dobrze|trzeba|należy ~ wiedzieć|pamiętać|zauważyć|dodać
    """,
    "reaches": """
        do|u|z|ze|od|na ~ @helper
        adwokat:dat|prawnik:dat|radca:dat|mecenas:dat|notariusz:dat|rzecznik:dat|doradca:dat|policja:dat|inspektor:dat
        prokuratura:dat|obrońca:dat|pełnomocnik:dat|konsul:dat
        pomoc|pomocy|porada|porady|poradę|radę|rady|opinia|opinię|opinii ~ @helper
        o|po pomoc|radę|poradę ~ @helper
        uodo|pip|policję|pogotowie
    """,
    "helps": """
        @helps ~ @helper
        @helper ~ @helps
        @ask:now ~ @helper
        potrzebny*|przydać:now|przydałaby|przydałby|konieczny*|niezbędny*|najlepszy|najlepsza ~ @helper
        wskazany*|zalecany|zalecana ~ @helper
        @helper ~ potrzebny*|przyda|przydałby|konieczny*|niezbędny*|wskazany*|zalecany|zalecana
        bez @lawyer ~ lepiej nie|ani
        odradzać:pri|odradzić:pri ~ bez @lawyer
        kluczowy*|ważny* ~ opinia|pomoc|rada @helper
        nie ~ bez @lawyer
        @care ~ prowadzi|prowadzą|oferuje|oferują|świadczy|świadczą|zapewnia|zapewniają
        @place ~ @care ~ @helps
        @helps ~ @place ~ @care
    """,
    "service": """
        nieodpłatny*|bezpłatny*|darmowy* ~ pomoc*|porada*|porad|poradnictwo*|konsultacja*
        @place ~ @care
        niebieski* linia*
        telefon* zaufania
        porada*|porad|pomoc*|konsultacja* prawny*|prawnik*|adwokat*|radca*|prawne
        adwokat*|obrońca*|pełnomocnik* z urzędu
    """,
    "emergency": """
        numer*|pod|na|telefon*|nr|tel|dzwonić:now|zadzwonić:now|wezwać:now ~ @saves
        numer*|pod|telefon*|nr|tel|zadzwoń|dzwoń|zadzwonić ~ 116|800 111|123|000|70|12
        @saves ~ zadzwoń|dzwoń|dzwonić
    """,
    "denial": """
        nie
    """,
    "refuses": """
        nie mam|mamy zamiaru
        pomocy ~ nie będzie|udzielę
        odmawiam|odmawiamy|odmówię
        muszę|musimy|zmuszony ~ odmówić
        na ~ pomoc ~ nie ~ liczyć|licz
        nie ~ licz|liczyć ~ na ~ pomoc
        nie dostanie|dostaniesz|otrzyma|otrzymasz|uzyska|uzyskasz|znajdzie|znajdziesz ~ ode mnie
        nie dostanie|dostaniesz|otrzyma|otrzymasz|uzyska|uzyskasz|znajdzie|znajdziesz ~ tu|tutaj
        proszę nie prosić|pytać ~ mnie|o ~ mnie|pomoc
        nie wolno mi
    """,
    "amount": """
        kwota*|suma*|wynik*|termin*|data*|przepis*|szansa*|liczba*|wysokość*|stawka*|cena*|opłata*|procent*
        model*|numer*|dokładny*
    """,
}
