"""Task words: the Polish verbs and nouns by which people ask for work or ask a question, in all their forms."""

from functools import lru_cache
from typing import Literal

from paragraf.dictionary import analyser, generator
from paragraf.text import without_diacritics

_Task = Literal["classification", "generation", "qa", "translation", "summarization"]
Kind = Literal[_Task, "assigning", "into a language", "listing", "handing over", "making", "template", "document"]
Mood = Literal["order", "infinitive", "future", "wish", "name"]


def typed(words: str) -> frozenset[str]:
    """The words of a text, each also as it is typed without diacritics."""
    return frozenset(words.split()) | frozenset(without_diacritics(words).split())


# Verbs and nouns by what they ask for. "Zrób streszczenie" is no making but a summary: the object decides there.
_LEMMAS: dict[Kind, str] = {
    "classification": "sklasyfikować zaklasyfikować klasyfikować skategoryzować kategoryzować przyporządkować "
    "zakwalifikować kwalifikować zaszeregować klasyfikacja kategoryzacja",
    "assigning": "przypisać przydzielić przyznać nadać podzielić pogrupować",
    "generation": "napisać pisać stworzyć utworzyć tworzyć wygenerować generować przygotować przygotowywać sporządzić "
    "sporządzać sformułować formułować zredagować redagować zaproponować ułożyć układać zaprojektować projektować "
    "opracować wymyślić skonstruować dopisać skomponować naszkicować wystosować rozpisać spisać zbudować",
    "qa": "odpowiedzieć odpowiadać wyjaśnić wyjaśniać wytłumaczyć objaśnić opisać wymienić powiedzieć wskazać określić "
    "omówić porównać zdefiniować rozstrzygnąć doradzić poradzić podpowiedzieć uzasadnić scharakteryzować przytoczyć "
    "zacytować zinterpretować odróżnić przybliżyć naświetlić opowiedzieć poinformować odpowiedź informacja porada "
    "definicja",
    "translation": "przetłumaczyć przekład",
    "into a language": "tłumaczyć przełożyć przekładać",
    "summarization": "streścić streszczać podsumować podsumowywać zreasumować skrócić skrót synteza abstrakt",
    "listing": "wypunktować wyliczyć ująć zebrać",
    "handing over": "podać przedstawić pokazać",
    "making": "zrobić dać wykonać dokonać przesłać wysłać",
    "template": "wzór projekt szablon draft",
    "document": "pozew umowa wniosek pismo wezwanie odwołanie skarga apelacja zażalenie sprzeciw reklamacja protokół "
    "oświadczenie pełnomocnictwo regulamin klauzula uchwała testament wypowiedzenie ugoda aneks list raport notatka "
    "lista petycja zawiadomienie formularz plan",
}
_ASKING = (
    "wiedzieć dowiedzieć pytać zapytać spytać ciekawić interesować zastanawiać zastanowić upewnić wątpić sprawdzić "
    "ustalić rozważać rozumieć ocenić pytanie wątpliwość pewność ciekawy"
)
_CATEGORIES = "kategoria klasa etykieta rodzaj typ dziedzina"
QUESTION_WORDS = typed(
    "czy ile ilu iloma jak kto kogo komu kim co czego czemu czym gdzie kiedy skąd dokąd dlaczego którędy "
    "jaki jaka jakie jakiego jakiej jakiemu jakim jaką jacy jakich jakimi "
    "który która które którego której któremu którym którą którzy których którymi "
    "czyj czyja czyje czyjego czyjej czyjemu czyim czyją czyi czyich czyimi"
)
SURE_QUESTION_WORDS = typed("czy ile ilu dlaczego jaki jaka jakie jakiej jakich skąd")  # that open no relative clause
PREPOSITIONS = typed("bez dla do między na nad o od po pod przed przez przy u w we wobec z za ze względem")
TO_YOU = typed(  # "możesz", "mógłbyś" and the like: an infinitive after them is asked for
    "proszę poproszę prosiłbym prosiłabym możesz możecie mógłbyś mogłabyś moglibyście potrafisz umiesz zechciej "
    "zechciałbyś zechciałabyś pomóż pomóżcie pomożesz pomóc spróbuj"
)
TO_SIR = typed("może mógłby mogłaby mogą mogliby zechce zechciałby zechciałaby potrafi")
SIR = typed("pan pani państwo")
SO_THAT_YOU = typed("żebyś żebyście abyś abyście byś byście")
ASKED_FOR = typed("proszę poproszę prosić prosiłbym prosiłabym prośba")  # also within a question
WANTED = typed(  # only where nothing is asked: "Czy potrzebuję pełnomocnictwa?" is a question
    "potrzebuję potrzebujemy potrzebny potrzebna potrzebne zależy przydałby przydałaby przydałoby"
)
FILLERS = typed(
    "mi mnie nam mu jej im go ją je to tego ten tę te tej tych nas ci pomoc pomocy się też jeszcze teraz tylko już "
    "więc proszę bardzo i"
)


@lru_cache(maxsize=1)
def kinds() -> dict[str, Kind]:
    """What each lemma asks for."""
    return {lemma: kind for kind, lemmas in _LEMMAS.items() for lemma in lemmas.split()}


@lru_cache(maxsize=1)
def forms() -> dict[str, tuple[str, Mood]]:
    """Every form by which work is asked for, with its lemma; forms typed without diacritics give way to true ones."""
    true = {form: (lemma, mood) for lemma in kinds() for form, tag in _inflected(lemma) if (mood := _mood(tag))}
    return {without_diacritics(form): found for form, found in true.items()} | true


@lru_cache(maxsize=1)
def asking_forms() -> frozenset[str]:
    """Every form of the words that announce a question: "nie wiem", "ciekawi mnie"."""
    return typed(" ".join(form for lemma in _ASKING.split() for form, _ in _inflected(lemma)))


@lru_cache(maxsize=1)
def category_forms() -> frozenset[str]:
    """Every form of the words for what is assigned where things are classified: "kategorię", "etykiety"."""
    return typed(" ".join(form for lemma in _CATEGORIES.split() for form, _ in _inflected(lemma)))


@lru_cache(maxsize=200_000)
def tags_of(word: str) -> frozenset[str]:
    """Tags of all that the dictionary takes a word or its first part for; none for an unknown word."""
    return frozenset(tag for start, _, (_, _, tag, _, _) in analyser()(word) if start == 0 and tag != "ign")


@lru_cache(maxsize=100_000)
def parts_of_speech(word: str) -> frozenset[str]:
    """The first parts of the tags of a word."""
    return frozenset(tag.split(":")[0] for tag in tags_of(word))


def _mood(tag: str) -> Mood | None:
    match tag.split(":"):
        case ["impt", *_]:
            return "order"
        case ["inf", *_]:
            return "infinitive"
        case ["fin", _, "sec", *_]:
            return "future"
        case ["praet", *_]:
            return "wish"
        case ["subst", *_] | ["ger", *_, "aff"]:
            return "name"
    return None


def _inflected(lemma: str) -> list[tuple[str, str]]:
    return [(form, tag) for form, _, tag, _, _ in generator()(lemma)]
