"""Meanings: what the parts of a question speak of, as far as another way to ask would change the sense."""

from collections.abc import Mapping

from paragraf.inflect import Answered, Case, Declined, attempt
from paragraf.inflect.lexicon import word_of
from paragraf.inflect.nominal import listed
from paragraf.task_words import tags_of

NO_DEED = "no_deed"  # no infinitive stands where one is looked for
_DEED_REACH = 5  # words before the infinitive: "bez zgody żony sprzedać"
_PRONOUNS = listed(
    "się mnie mi go ją mu ich im nas nam to je ci cię z za od po na o do tego tym nim niego niej nią nich"
)
_DATIVES = listed("mi mu jej im nam ci")
_BY_LUCK = listed("bezpiecznie spokojnie jakoś łatwo szybko skutecznie realnie")  # so asks who doubts that it works
# "Mogę dostać" asks for luck or ability, not for a right.
_NO_RIGHT = listed(
    "być mieć zostać dostać dostawać otrzymać otrzymywać uzyskać stracić tracić utracić liczyć trafić spodziewać "
    "ponieść wygrać przegrać odzyskać zyskać zdążyć pójść iść odpowiadać odpowiedzieć uniknąć ugrać udać zapomnieć "
    "musieć wiedzieć znać rozumieć potrzebować pożegnać wpaść zarobić oczekiwać dowiedzieć znaleźć skończyć zacząć "
    "stać móc chcieć wylądować beknąć umrzeć mylić pomylić oszukać zginąć zaszkodzić pomóc zaryzykować grozić "
    "doprowadzić sprawić spowodować trwać"
)
_DUTIES = listed(
    "płacić zapłacić dopłacić dopłacać opłacać opłacić oddać oddawać zwrócić zwracać spłacać spłacić zgłosić "
    "zgłaszać podać podawać informować poinformować zawiadomić powiadomić powiadamiać zawiadamiać zeznawać stawić "
    "stawiać odpowiadać odpowiedzieć przyjąć przyjmować wpuścić wpuszczać opuścić wyprowadzić podpisać naprawić "
    "naprawiać przedstawić pokazać pokazywać okazać okazywać udostępnić udostępniać wydać wydawać przekazać usunąć "
    "usuwać rozebrać wskazać wskazywać utrzymywać remontować malować rejestrować zarejestrować rozliczyć rozliczać "
    "pracować przepracować zwolnić ujawnić ujawniać wyjaśnić wyjaśniać tłumaczyć uzasadnić uzasadniać wypłacić "
    "wypłacać pokryć pokrywać prowadzić odśnieżać sprzątać szczepić wysłać dostarczyć wydawać wystawić wystawiać"
)
_INSTITUTIONS = listed(
    "sąd urząd bank szkoła gmina powiat miasto policja firma spółka wspólnota spółdzielnia fundacja stowarzyszenie "
    "sklep szpital przychodnia uczelnia przedszkole żłobek prokuratura straż organ zakład ubezpieczalnia skarbówka "
    "dziecko osoba żona matka córka siostra babcia synowa teściowa pracownica kobieta sąsiadka nauczycielka lekarka "
    "uczennica studentka pielęgniarka wnuczka ciotka ciocia kuzynka macocha pasierbica partnerka konkubina "
    "właścicielka najemczyni położna klientka sędzia zarząd rada strona administracja inspekcja przedsiębiorstwo "
    "dom związek parafia redakcja korporacja agencja biuro siłownia klub ofiara rodzeństwo małżeństwo rodzice"
)
_OFFENCES = listed(
    "kradzież pobicie jazda oszustwo groźba zniesławienie posiadanie naruszenie niezapłacenie niepłacenie uchylanie "
    "znęcanie podrobienie podrabianie ucieczka stalking nękanie samowola przekroczenie zniszczenie uszkodzenie "
    "wyłudzenie ujawnienie zakłócanie zakłócenie plagiat przywłaszczenie znieważenie fałszerstwo sfałszowanie "
    "fałszowanie prowadzenie handel nieudzielenie zabójstwo lichwa łapówka łapownictwo składanie zeznanie "
    "pomówienie rozbój włamanie paserstwo pranie przemyt gwałt zgwałcenie porwanie szantaż podpalenie "
    "niealimentacja bigamia nieumyślne spowodowanie zabicie wtargnięcie udział napaść kłusownictwo obraza picie "
    "spożywanie zatajenie zaśmiecanie wyrzucanie palenie hałasowanie przestępstwo wykroczenie korupcja przekupstwo "
    "nielegalne"
)
_SUMS = listed(
    "zachowek zasiłek odprawa opłata kara grzywna mandat kaucja składka podatek wynagrodzenie alimenty renta "
    "emerytura odszkodowanie zadośćuczynienie koszt odsetki czynsz kapitał wkład wpis ekwiwalent stawka pensja "
    "premia prowizja zaliczka zadatek dotacja świadczenie dodatek stypendium zwrot rekompensata pieniądz diety"
)
_LIVING = listed("osoba dziecko zwierzę kobieta matka żona córka siostra babcia")
_FILINGS = listed("skarga odwołanie zażalenie apelacja sprzeciw pozew wniosek reklamacja kasacja")
_STATES_OF_LAW = listed(
    "ważny ważna ważne nieważny nieważna nieważne karalny karalna karalne legalny legalna legalne nielegalny "
    "nielegalna nielegalne dopuszczalny dopuszczalna dopuszczalne niedopuszczalny niedopuszczalna niedopuszczalne "
    "skuteczny skuteczna skuteczne bezskuteczny bezskuteczna bezskuteczne bezprawny bezprawna bezprawne "
    "niewypłacalny niewypłacalna obowiązkowy obowiązkowa obowiązkowe wymagany wymagana wymagane konieczny konieczna "
    "konieczne przestępstwem wykroczeniem"
)


class Parts:
    """The parts of a question by name, and what the grammar says of them; asked once each."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._asked: dict[tuple[str, Case, Case], Answered | Declined] = {}

    def text(self, name: str) -> str:
        return self._texts.get(name, "")

    def turned(self, name: str, source: Case, target: Case) -> Answered | Declined:
        """A part, read as a noun phrase in one case, in another one."""
        key = (name, source, target)
        if key not in self._asked:
            self._asked[key] = attempt(self.text(name), source, target)
        return self._asked[key]

    def number(self, name: str) -> str | None:
        """Number of a part that was already turned."""
        numbers = {found.number for key, found in self._asked.items() if key[0] == name and isinstance(found, Answered)}
        return numbers.pop() if len(numbers) == 1 else None

    def head(self, name: str, source: Case) -> str:
        """Basic form of the main noun of a part; empty where it is none in that case."""
        found = self.turned(name, source, "gen" if source != "gen" else "acc")
        return found.head if isinstance(found, Answered) else ""

    def infinitives(self, name: str) -> list[str]:
        """Infinitives of a part, in lower case."""
        return [word for word in self.words(name) if is_infinitive(word)]

    def words(self, name: str) -> list[str]:
        return [word.strip(',;:„”"()').lower() for word in self.text(name).split()]


def is_infinitive(word: str) -> bool:
    return any(tag.startswith("inf") for tag in tags_of(word))


def with_pronoun_behind(deed: str) -> str | None:
    """ "mi podnieść czynsz" as "podnieść mi czynsz", to stand after another dative.

    None where the pronoun is not alone before the infinitive, or may belong to a noun: "jej psa zabrać".
    """
    words = deed.split()
    place = next((place for place, word in enumerate(words[:_DEED_REACH]) if is_infinitive(word.lower())), None)
    if place is None:
        return None
    before = [word.lower() for word in words[:place]]
    moved = [word for word in before if word in _DATIVES or word == "się"]
    if _DATIVES.isdisjoint(before):
        moved = moved if len(before) == 1 else []
    elif len(moved) > 1 or not _PRONOUNS.isdisjoint(set(before) - _DATIVES) or "jej" in before[:-1]:
        return None
    rest = [word for word in words[:place] if word.lower() not in moved]
    return " ".join([*rest, words[place], *moved, *words[place + 1 :]])


def is_deed(parts: Parts) -> str | None:
    """Objects to what holds no infinitive near its beginning."""
    near = parts.words("deed")[:_DEED_REACH]
    return None if any(map(is_infinitive, near)) else NO_DEED


def is_bare_deed(parts: Parts) -> str | None:
    """Objects to what does not begin with an infinitive, but for short words."""
    words = (word for word in parts.words("deed") if word not in _PRONOUNS and word != "nie")
    first = next(words, "być")
    return None if is_infinitive(first) and first not in ("być", "mieć") else NO_DEED


def is_allowed(parts: Parts) -> str | None:
    """Objects to what nobody is allowed, but able or lucky."""
    if objection := is_deed(parts):
        return objection
    if not _NO_RIGHT.isdisjoint(parts.infinitives("deed")) or not _BY_LUCK.isdisjoint(parts.words("deed")):
        return "not_permission"
    return "speaks_of_self" if {"sam", "sama", "samo", "sami", "same"} & set(parts.words("deed")) else None


def is_somebody_allowed(parts: Parts) -> str | None:
    """Objects to a subject that has no rights, and to what `is_allowed` objects to."""
    return is_allowed(parts) or is_person(parts)


def is_duty(parts: Parts) -> str | None:
    """Objects to what one must do for an aim or by the nature of things; then it is no duty."""
    found = parts.infinitives("deed")
    if not found or found[0] not in _DUTIES:
        return "not_duty"
    return "states_an_aim" if {"żeby", "aby", "by"} & set(parts.words("deed")) else is_deed(parts)


def is_somebody_bound(parts: Parts) -> str | None:
    return is_duty(parts) or is_person(parts)


def is_person(parts: Parts) -> str | None:
    head = parts.head("who", "nom")
    if not head:
        return "no_subject"
    nouns = word_of(head).nouns
    is_man = bool(nouns) and all(noun.genders == {"m1"} for noun in nouns if "nom" in noun.cases)
    return None if is_man or head in _INSTITUTIONS else "not_a_person"


def is_offence(parts: Parts) -> str | None:
    return None if parts.head("what", "acc") in _OFFENCES else "not_an_offence"


def is_offence_gen(parts: Parts) -> str | None:
    return None if parts.head("what", "gen") in _OFFENCES else "not_an_offence"


def is_thing(parts: Parts) -> str | None:
    """Objects to a living being and to an act by its acronym: the law rules what is done, not them."""
    head = parts.head("what", "loc")
    word = word_of(head) if head else None
    if word is None or word.is_acronym or head in _LIVING:
        return "not_a_matter"
    return "not_a_matter" if any(noun.genders & {"m1", "m2"} for noun in word.nouns) else None


def is_filing(parts: Parts) -> str | None:
    return None if parts.head("what", "nom") in _FILINGS else "not_a_filing"


def is_sum(parts: Parts) -> str | None:
    return None if parts.head("what", "nom") in _SUMS else "not_a_sum"


def names_sum(parts: Parts) -> str | None:
    """Objects to what holds no sum of money that somebody may get."""
    names = {noun.name for word in parts.words("what") if word for noun in word_of(word).nouns}
    return "not_a_sum" if _SUMS.isdisjoint(names) else None


def is_state_of_law(parts: Parts) -> str | None:
    return None if parts.words("what")[-1] in _STATES_OF_LAW else "not_a_state_of_law"
