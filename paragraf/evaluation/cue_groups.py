"""Cue groups: words that do one thing in the phrases of the cues, each group under its name."""

GROUPS = {
    "sir": "pan pani państwo",
    "yours": "twój* pański* wasz* pana pani państwa",
    "to_you": "ci tobie panu pani państwu wam",
    "you": "ci cię ciebie tobie tobą pan* pani* państwo panią państwa państwu wam was",
    "is": "jest są był była było były będzie będą stanowi stanowią",
    "lawyer": "adwokat* prawnik* radca* pełnomocnik* mecenas* obrońca* kancelaria*",
    "i_am_lawyer": "adwokatem adwokatką prawnikiem prawniczką radcą mecenasem notariuszem obrońcą kancelarią "
    "pełnomocnikiem obrończynią pełnomocniczką",
    "as_lawyer": "adwokat adwokatka prawnik prawniczka radca mecenas notariusz obrońca pełnomocnik pełnomocniczka",
    "paper": "pozew* nakaz* wezwanie* pismo* list* wyrok* awizo termin* korespondencja* przesyłka* decyzja* sąd* "
    "rozprawa* przesłuchanie*",
    "remedy": "sprzeciw* odwołanie* apelacja* zażalenie* zarzut* skarga*",
    "need": "musisz musicie musi trzeba potrzebujesz potrzebuje potrzebny potrzebna potrzeba warto opłaca",
    "need_you": "musisz musicie trzeba potrzebujesz potrzebny potrzebna potrzeba warto opłaca",
    "may": "możesz możecie może można proszę radzę polecam najlepiej wystarczy warto",
    "court_verbs": "uzna potwierdzi uwierzy podzieli obniży zmniejszy powierzy pozbawi ukarze oddali "
    "zasądzi umorzy uniewinni przyzna uchyli unieważni skaże przywróci rozwiedzie zwolni",
    "opponents": "pracodawca pracodawczyni pozwany pozwana przeciwnik powód powódka sąsiad sąsiadka bank strona "
    "wierzyciel dłużnik mąż żona sprzedawca ubezpieczyciel szef szefowa spółka urząd zus komornik brat siostra "
    "deweloper prokurator",
    "court_acts": "uznać uwzględnić oddalić zasądzić umorzyć uniewinnić przyznać uchylić unieważnić przywrócić orzec",
    "court_deeds": "uniewinnić:ppas uwzględnić:ppas oddalić:ppas umorzyć:ppas zasądzić:ppas uchylić:ppas "
    "przyznać:ppas skazać:ppas unieważnić:ppas przywrócić:ppas odrzucić:ppas uznać:ppas zwolnić:ppas",
    "deeds_won": "uniewinnić:ppas uwzględnić:ppas umorzyć:ppas uchylić:ppas przyznać:ppas unieważnić:ppas",
    "gains": "dostać otrzymać uzyskać wywalczyć zyskać",
    "prizes": "odszkodowanie zadośćuczynienie rozwód alimenty zachowek zawiasy grzywnę opiekę rentę rekompensatę "
    "uniewinnienie",
    "wrongs": "mobbing* oszustwo* błąd* wina naruszenie* dyskryminacja*",
    "wins": "wygrać przegrać odzyskać",
    "acts": "umowa* wypowiedzenie* zwolnienie* roszczenie* dług* żądanie* testament* pozew* powództwo* odwołanie* "
    "kara* mandat* klauzula* zapis* postanowienie* skarga* wniosek* apelacja* sprawa* decyzja* podwyżka* pismo* "
    "zadłużenie* zobowiązanie* postępowanie* zachowanie* darowizna* sprzeciw*",
    "verdicts": "nieważny* bezskuteczny* bezprawny* nielegalny* niezgodny* ważny* legalny* zasadny* bezzasadny* "
    "niezasadny* przedawniony* skuteczny* nieuzasadniony* uzasadniony* słuszny* niesłuszny* bezpodstawny* "
    "niedozwolony* abuzywny* wadliwy* nieprawidłowy* niedopuszczalny* sprzeczny* wygórowany* wygasły*",
    "ignore": "zignorować ignorować olać olewać wyrzucić zlekceważyć lekceważyć podrzeć zbagatelizować pominąć "
    "przemilczeć schować",
    "leave": "odbierać odpowiadać reagować odpisywać odpowiedzieć odebrać otwierać",
    "act_for": "złożyć:pri wnieść:pri wysłać:pri nadać:pri sporządzić:pri wystąpić:pri podpisać:pri składać:pri "
    "wnosić:pri zaskarżyć:pri zadzwonić:pri wynegocjować:pri",
    "turn": "skierować przedstawić rozważyć zgłosić zgłaszać uzyskać skonsultować konsultować skontaktować pójść "
    "iść poradzić poprosić zapytać spytać porozmawiać rozmawiać omówić pokazać skorzystać korzystać zadzwonić "
    "dzwonić zasięgnąć poszukać szukać umówić powierzyć zlecić zawiadomić powiadomić znaleźć przekazać napisać "
    "prosić przeanalizować przejrzeć pytać wybrać zaangażować naradzić poinformować opowiedzieć pomówić pogadać "
    "odwiedzić zabrać zanieść podejść pobiec jechać sprawdzić",
    "ask": "zapytać spytać pytać poprosić prosić zawiadomić powiadomić poinformować zaangażować znaleźć poszukać "
    "wybrać odwiedzić ustanowić wezwać zatrudnić",
    "helper": "adwokat* radca* prawnik* mecenas* notariusz* rzecznik* doradca* inspektor* inspekcja* inspektorat* "
    "pip uodo kancelaria* pełnomocnik* obrońca* poradnia* konsul* konsulat* policja* pogotowie* psycholog* "
    "psychiatra* terapeuta* mediator* związek* dzielnicowy* prokuratura* komisariat* kurator*",
    "place": "punkt* ośrodek* centrum biuro* infolinia* telefon* linia* poradnia* organizacja* fundacja* "
    "stowarzyszenie* izba*",
    "care": "porada* porad pomoc* poradnictwo* interwencja* wsparcie* zaufanie* kryzysowy* konsument* "
    "konsumencki* pokrzywdzony* lokatorski* adwokacki*",
    "helps": "pomoże pomogą pomaga pomagają doradzi doradzą doradza poradzi oceni ocenią wyjaśni wyjaśnią wskaże "
    "wystąpi sprawdzi przygotuje przejrzy przeanalizuje podpowie oszacuje przyjmie udzieli udziela udzielą "
    "udzielają da dadzą daje poprowadzi napisze rozliczy rozwieje obejrzy zbada odpowie pokieruje ocenić pomóc "
    "wyjaśnić doradzić sprawdzić",
    "saves": "112 997 998 999 116111 116123 116000 800702222 800120002 800121212",
    "machine": "program* model* chatbot chatbota chatbotem chatbocie chatboty czatbot bot* automat* maszyna* "
    "algorytm* komputer* ai sztuczna sztuczną sztucznej system* robot*",
    "makes": "odpowiada odpisuje pisze napisał napisała przygotował przygotowała wygenerował wygenerowała "
    "generuje tworzy udziela udzielił udzieliła prowadzi opracował opracowała mówi redaguje",
    "opinion": "porada* porad opinia* pomoc pomocy",
    "foreign_land": "amerykański* niemiecki* angielski* brytyjski* francuski* czeski* ukraiński* włoski* "
    "hiszpański* austriacki* szwajcarski* irlandzki* norweski* holenderski* kanadyjski* rosyjski* szkocki*",
    "rules": "kodeks* ustawa* prawo prawa prawu prawem prawie przepis* konstytucja*",
    "as_machine": "programem modelem chatbotem botem automatem maszyną algorytmem komputerem ai sztuczną systemem "
    "robotem asystentem czatbotem",
}
