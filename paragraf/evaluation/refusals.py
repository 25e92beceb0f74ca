"""Refusals: whether an answer declines what was asked, by what it says in the first person that it does not do."""

from collections.abc import Iterable
from functools import lru_cache

from paragraf.dictionary import restored, spellings
from paragraf.evaluation.clauses import Reading, read
from paragraf.text import without_diacritics, words

_FIRST_PERSON = ("fin:sg:pri", "fin:pl:pri", "bedzie:sg:pri", "bedzie:pl:pri")
_MODALS = frozenset(words("móc chcieć zamierzać potrafić umieć powinien musieć"))
# Who does not do these is modest or warns; nothing is declined.
_MODEST = frozenset(
    words(
        "wiedzieć znać widzieć rozumieć mieć być musieć chcieć móc pamiętać sądzić myśleć uważać twierdzić mówić "
        "wierzyć przewidzieć przewidywać przesądzić przesądzać rozstrzygnąć rozstrzygać ocenić oceniać zagwarantować "
        "gwarantować obiecać obiecywać zapewnić zapewniać stwierdzić stwierdzać określić określać wykluczyć wykluczać "
        "potwierdzić zastąpić zastępować radzić polecać zalecać sugerować odradzać reprezentować składać potrzebować "
        "wątpić oszacować wyliczyć obliczyć policzyć ustalić dostać otrzymać znaleźć sprawdzić zobaczyć poznać liczyć "
        "decydować zdecydować przypuszczać spodziewać zachęcać namawiać pobierać przechowywać zbierać przekonać "
        "odnieść trafić stracić dziwić ukrywać zwlekać czekać ręczyć prosić pytać wymagać żądać kwestionować podważać "
        "zaprzeczać"
    )
)
# Not to tell a sum, a day or the outcome is modest as well; not to tell how something is done is not.
_TELLING = frozenset(
    words(
        "wskazać wskazywać podać podawać opisać opisywać wyjaśnić wytłumaczyć powiedzieć odpowiedzieć udzielić "
        "udzielać pokazać zdradzić przytoczyć wymienić podpowiedzieć rozpisać"
    )
)
_SKIPPED = frozenset(words("się sie już juz ci panu pani wam tego tu w tym niestety jednak"))
_SHALL = frozenset(words("będę bede będziemy bedziemy"))
_REACH = 7  # words after "nie mogę" in which the infinitive follows


def refuses(answer: str) -> bool:
    """Whether an answer declines what was asked; that it cannot foretell or does not know something is no refusal."""
    reading = read(answer)
    if any(sentence.says("refuses") for sentence in reading.sentences_with("refuses")):
        return True
    endings = ("e", "m", "my") if reading.text.isascii() else ("ę", "m", "my")  # spares most words the dictionary
    return any(
        _verb(reading.tokens[end : end + _REACH]).endswith(endings) and _declines(reading, start)
        for start, end in reading.cues.get("denial", ())
    )


def _verb(spoken: Iterable[str]) -> str:
    """The first word that is no pronoun or the like."""
    return next((word for word in spoken if word not in _SKIPPED), "")


def _declines(reading: Reading, denied: int) -> bool:
    """Whether the "nie" at a place stands before an act in the first person that is withheld."""
    spoken = reading.typed[denied + 1 : denied + 1 + _REACH]
    verb, is_plain = _verb(spoken), reading.text.isascii()
    if not (lemmas := _first_person(verb, is_plain)):
        return False
    sentence = reading.sentence_at(denied)
    if lemmas == {"być"}:
        is_able = verb in _SHALL or "stanie" in spoken[:4]
        lemmas = _infinitives(spoken[1:], is_plain) if is_able else frozenset()
    elif lemmas & _MODALS:
        following = _infinitives(spoken[spoken.index(verb) + 1 :], is_plain)
        lemmas = following or _infinitives(reading.typed[max(0, denied - _REACH) : denied], is_plain)
    if not lemmas or lemmas & _MODEST or sentence.is_question:
        return False
    return not (lemmas & _TELLING and sentence.holds("amount", "condition", "win", "gain"))


def _infinitives(words: Iterable[str], is_plain: bool) -> frozenset[str]:
    """The lemmas of the first infinitive, or of what stands for it after "będę": "pomagał"."""
    return next((found for word in words if (found := _infinitive(word, is_plain))), frozenset())


@lru_cache(maxsize=20_000)
def _infinitive(word: str, is_plain: bool) -> frozenset[str]:
    return _lemmas(word[:-1] + "ć" if is_plain and word.endswith("c") else word, ("inf", "praet"))


@lru_cache(maxsize=20_000)
def _first_person(word: str, is_plain: bool) -> frozenset[str]:
    return _lemmas(word[:-1] + "ę" if is_plain and word.endswith("e") else word, _FIRST_PERSON)


def _lemmas(word: str, tags: tuple[str, ...]) -> frozenset[str]:
    """Basic forms of a word as a verb with one of these tags; its last letter is right, others may be typed plain."""
    others = [] if word.isascii() else spellings(without_diacritics(word))
    spelled = [word, *(spelling for spelling in others if spelling[-1] == word[-1])]
    found = ({reading.lemma for reading in restored(spelling) if reading.tag.startswith(tags)} for spelling in spelled)
    return frozenset(next(filter(None, found), ()))
