"""Noise: sentences that answer no question: refusals, courtesies, adverts, and what stands around posts and pages.

Sentences are compared in their normal form: small letters, no diacritics, no punctuation.
"""

import re

from paragraf.text import normal_form

_SENTENCE_END = re.compile(r"[.!?…]+(?:\s+|$)|\n+")
_REST = r"(?: \w+){0,12}"
_HONEST_REFUSALS = (
    r"(?:bardzo )?(?:przepraszam|przykro mi|niestety)",
    r"(?:(?:przepraszam|przykro mi|niestety|wybacz|witam|ale|ja) )*nie (?:moge|potrafie|umiem|jestem w stanie|udzielam"
    r"|udziele)(?: (?:ci|panu|pani|panstwu|na to|odpowiedziec|udzielic|udzielac|pomoc|pomagac|doradzic|doradzac))*"
    r"(?: (?:na|w|z|tej|tym|tego|to|te|twoje|takie|takich|zadne|pytanie|pytania|odpowiedzi|porad|porady|porade|pomocy"
    r"|prawnej|prawnych|prawna|sprawie|zakresie|temat|informacji|i|ani|konkretnej))*",
    r"(?:niestety )?nie (?:wiem|mam pojecia|znam sie na tym|znam odpowiedzi(?: na (?:to|twoje) pytanie)?)",
    r"(?:niestety )?nie jestem (?:prawnikiem|adwokatem|radca prawnym|specjalista)"
    r"(?: i nie moge udzielac porad(?: prawnych)?)?",
    r"trudno (?:powiedziec|odpowiedziec)(?: na to pytanie)?",
    r"to nie jest porada prawna",
    r"(?:w tej sprawie |w tym celu |najlepiej |prosze |nalezy |warto |zalecam |radze |polecam |sugeruje |zawsze )*"
    r"(?:skonsultowac|skonsultuj|skontaktowac|skontaktuj|udac|udaj|zwrocic|zwroc|zglosic|zglos|poradzic|zapytac|zapytaj)"
    r"(?: (?:sie|z|do|u|o|w|porade|pomoc|tej|sprawie|prawnikiem|prawnika|prawnikowi|adwokatem|adwokata|radca|radcy"
    r"|prawnym|prawnego|specjalista|specjalisty|ekspertem|eksperta|kancelaria|kancelarii|prawna|prawnej|lub|albo"
    r"|wykwalifikowanym|doswiadczonym))*",
)
_COURTESIES = (
    r"(?:witam|witaj|czesc|hej|hejka|siema|dzien dobry|dobry wieczor|szanown[aiy] (?:pani|pan|panie|panstwo)"
    r"|drogi uzytkowniku)(?: (?:serdecznie|wszystkich|panstwa|pania|pana|ponownie|wszystkim))*",
    r"(?:z gory )?(?:bardzo )?(?:dziekuje|dziekujemy|dzieki)"
    r"(?: (?:za|bardzo|serdecznie|pytanie|pomoc|odpowiedz|info|kontakt|z gory|wiadomosc|zainteresowanie))*",
    r"(?:serdecznie )?(?:pozdrawiam|pozdrawiamy|pozdro)(?: serdecznie| cieplo)?(?: \w+){0,3}",
    r"z powazaniem(?: \w+){0,4}",
    r"(?:zycze )?(?:milego|udanego) (?:dnia|weekendu|wieczoru)|powodzenia",
)
_POSTS = (
    r"up(?: up)*|podbijam(?: temat)?|odswiezam(?: temat)?|podpinam sie(?: pod (?:temat|pytanie))?|bump",
    r"temat do zamkniecia|zgadzam sie|lubie to|(?:tez )?(?:o to )?pytam",
    r"(?:tez )?mam (?:to samo|ten sam problem|tak samo|podobny problem|podobna sytuacje)",
    r"(?:czy )?ktos(?: \w+){0,2} (?:pomoze|wie|moze pomoc|odpowie|mial podobnie)(?: \w+){0,3}",
    r"(?:pilnie )?prosze o (?:szybka |pilna )?(?:odpowiedz|pomoc|rade)",
    r"napisz (?:do mnie )?(?:na )?(?:priv|pw)",
)
_PAGES = (
    rf"(?:kliknij|klikaj) (?:tutaj|tu|ponizej|w (?:ponizszy |ten )?link|w przycisk|aby){_REST}",
    rf"(?:przejdz|wejdz|zajrzyj) (?:do|na) (?:nasz\w*|moj\w*|ofert\w*|artykul\w*|blog\w*|stron\w* glown\w*){_REST}",
    rf"(?:czytaj|zobacz|sprawdz|przeczytaj|dowiedz sie) (?:wiecej|takze|rowniez|tez|dalej|nasza|oferte|cennik){_REST}",
    rf"wiecej (?:informacji |na ten temat |szczegolow )*(?:znajdziesz|znajdziecie|znajda panstwo|pod|na|w){_REST}",
    rf"(?:zaloguj|zarejestruj) sie (?:aby|zeby|by|w serwisie|na forum){_REST}|subskrybuj(?: \w+){{0,4}}",
    r"udostepnij(?: (?:na|ten|to|znajomym|artykul|post|wpis|facebooku))*",
)
_ADVERTS = (
    rf"(?:serdecznie )?(?:zapraszam|zapraszamy|zachecam|zachecamy) (?:do|na|wszystkich|panstwa){_REST}{_REST}",
    r"(?:(?:nasza|moja) kancelaria|kancelaria (?:adwokacka|prawna|radcy prawnego|radcow prawnych|notarialna))"
    r"(?: \w+){0,8} (?:zaprasza|oferuje|swiadczy|pomoze|sluzy|specjalizuje)"
    rf"{_REST}{_REST}",
    rf"(?:oferujemy|oferuje|swiadczymy|swiadcze|specjalizujemy sie|specjalizuje sie|pomagamy){_REST}{_REST}",
    r"chetnie (?:pomoge|pomozemy|udziele|udzielimy|odpowiem|odpowiemy|poprowadze|poprowadzimy)" + _REST,
    r"prosze o kontakt(?: (?:telefoniczny|mailowy|osobisty))?"
    rf"(?: (?:z nami|ze mna|z (?:nasza|moja) kancelaria|pod|na|w celu){_REST})?",
    r"(?:zadzwon|dzwon|napisz|skontaktuj sie|zapytaj) (?:do|z|na|pod) (?:nas|nami|mnie|mna|nasz\w*|moj\w*|adres|numer)"
    + _REST,
)
_NOISE = re.compile("|".join((*_COURTESIES, *_POSTS, *_PAGES, *_ADVERTS)))
_REFUSAL = re.compile("|".join(_HONEST_REFUSALS))
_CONTACT = re.compile(
    rf"(?:tel|telefon|kontakt|mail|email|e mail|www|adres|kancelaria|adwokat|radca){_REST}|\d[\d ]*|\w+ (?:com )?pl"
)
_SUBSTANCE = re.compile(r"\b(?:art|ust|ustaw\w*|kodeks\w*|urzed\w*|sad(?:u|em|zie)?)\b")
_LONGEST = 600  # characters; a longer answer has something to say


def says_nothing(answer: str, may_refuse: bool) -> bool:
    """Whether every sentence is a courtesy, an advert, noise or (unless it may be) a refusal; contacts come along."""
    if len(answer) > _LONGEST:
        return False
    is_noise = False
    for part in (part for sentence in _SENTENCE_END.split(answer) for part in _parts(sentence, may_refuse)):
        if _is_noise(part, may_refuse):
            is_noise = True
        elif not _CONTACT.fullmatch(part):
            return False
    return is_noise


def _parts(sentence: str, may_refuse: bool) -> list[str]:
    """The normal form of a sentence, or of its parts between commas if only these may be noise."""
    whole = normal_form(sentence)
    if "," not in sentence or _is_noise(whole, may_refuse):
        return [whole] if whole else []
    return [part for part in map(normal_form, sentence.split(",")) if part]


def _is_noise(sentence: str, may_refuse: bool) -> bool:
    if _SUBSTANCE.search(sentence):
        return False
    return bool(_NOISE.fullmatch(sentence) or (not may_refuse and _REFUSAL.fullmatch(sentence)))
