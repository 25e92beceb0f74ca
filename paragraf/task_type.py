"""Task type: an instruction in Polish in, the task that it sets out, and the prefix of that task."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from paragraf.task_words import (
    ASKED_FOR,
    FILLERS,
    PREPOSITIONS,
    QUESTION_WORDS,
    SIR,
    SO_THAT_YOU,
    SURE_QUESTION_WORDS,
    TO_SIR,
    TO_YOU,
    WANTED,
    Kind,
    Mood,
    asking_forms,
    category_forms,
    forms,
    kinds,
    parts_of_speech,
)
from paragraf.text import without_diacritics, without_quotes

TaskType = Literal["classification", "generation", "qa", "translation", "summarization", "other"]
PREFIXES: Mapping[TaskType, str] = {
    "classification": "[KLASYFIKUJ]",
    "generation": "[GENERUJ]",
    "translation": "[TŁUMACZ]",
    "summarization": "[PODSUMUJ]",
    "qa": "[ODPOWIEDZ]",
}

_SENTENCE_ENDS = frozenset(".?!…\n")
_PAUSES = _SENTENCE_ENDS | frozenset(",;:–—-")
_TOKEN = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|[.,;:?!…\n–—]|(?<=\s)-(?=\s)")
_LANGUAGE = re.compile(r"j[ęe]zyk\w*|[łl]acin\w*|\w+[sc]k(?:i|iego|u)")
_DEMONSTRATIVES = {"tego", "tej", "tych", "ten", "tę", "te"}
_THE_TEXT_AT_HAND = ("poniższ", "powyższ", "załączon", "ponizsz", "powyzsz")  # beginnings of words
_SAID = {"jest", "będzie", "bedzie", "brzmi", "powiedzieć", "powiedziec", "znaczy", "oznacza", "mówi", "mowi"}
# Lettered answers to choose among; "a)" in small letters opens a point of a provision, "A." may be an initial.
_CHOICE_A = re.compile(r"(?<!\S)A\)\s|^A[.:]\s", re.MULTILINE)
_CHOICE_B = re.compile(r"(?<!\S)B\)\s|^B[.:]\s", re.MULTILINE)
_TYPED_PREFIX = re.compile(r"\s*\[([^\W_]+)\]\s*")
_TASK_OF_PREFIX = {without_diacritics(prefix.strip("[]").lower()): task for task, prefix in PREFIXES.items()}
_DOUBTS = {"pytanie", "wątpliwość", "wątpliwości", "watpliwosci"}


def task_type(question: str) -> TaskType:
    """What an instruction asks for: the first request in it decides, then whether anything is asked.

    Words count by their dictionary forms, with and without diacritics, and by their place: "Jak napisać pozew?" is a
    question. What stands in quotation marks counts for nothing. To choose among lettered answers is to classify. A
    prefix at the start names the task, whatever follows.
    """
    if task := _split(question)[0]:
        return task
    words = words_of(without_quotes(question))
    found = _requested(words) or _phrase_wanted(words) or ("qa" if asks(words) else _named(words) or "other")
    return "classification" if found in ("qa", "other") and _has_choices(question) else found


def prefixed(question: str) -> str:
    """The question after the prefix of its task, in our spelling and never twice; of no known task, as it is."""
    task = task_type(question)
    return f"{PREFIXES[task]} {_split(question)[1]}" if task in PREFIXES else question


def _split(question: str) -> tuple[TaskType | None, str]:
    """The task that a prefix at the start names, also one in small letters or without diacritics, and the rest."""
    typed = _TYPED_PREFIX.match(question)
    task = _TASK_OF_PREFIX.get(without_diacritics(typed[1].lower())) if typed else None
    return task, question[typed.end() :] if typed and task else question.lstrip()


def _has_choices(question: str) -> bool:
    first = _CHOICE_A.search(question)
    return bool(first and _CHOICE_B.search(question, first.end()))


def words_of(text: str) -> list[str]:
    """Lower-case words and the marks that part clauses, in order."""
    return _TOKEN.findall(text.lower())


def starts_asking(words: Sequence[str]) -> bool:
    """Whether lower-case words begin with a question word, alone or after a preposition."""
    place = 1 if words and words[0] in PREPOSITIONS else 0
    if len(words) <= place or words[place] not in QUESTION_WORDS:
        return False
    following = words[place + 1] if len(words) > place + 1 else ""
    is_comparison = following.startswith(("naj", "roku", "miesiąc", "miesiac", "wiadomo"))
    return not (words[place] in ("jak", "co") and is_comparison)


def _requested(words: Sequence[str]) -> TaskType | None:
    """The task of the first verb or noun in the text by which somebody asks for work."""
    known, start = forms(), 0
    for index, word in enumerate(words):
        if word in _PAUSES:
            start = index + 1
        elif word in known:
            lemma, mood = known[word]
            if _is_request(words, start, index, mood) and (task := _task_of(words, index, lemma, mood)):
                return task
    return None


def _is_request(words: Sequence[str], start: int, index: int, mood: Mood) -> bool:
    """Whether the word at `index` asks somebody to do it; its clause begins at `start`."""
    before = words[start:index]
    opens_sentence = start == 0 or words[start - 1] in _SENTENCE_ENDS
    match mood:
        case "order":
            return True
        case "wish":
            return not SO_THAT_YOU.isdisjoint(before)
        case "future":
            return opens_sentence and set(before) <= {"czy", "a", "i"}
        case "infinitive":
            is_to_sir = not SIR.isdisjoint(before) and not TO_SIR.isdisjoint(before)
            return is_to_sir or not TO_YOU.isdisjoint(before) or (opens_sentence and not before)
        case "name":
            return _is_asked_for(words, start, index)


def _is_asked_for(words: Sequence[str], start: int, index: int) -> bool:
    """Whether the noun at `index` is the first one after a word of request."""
    for place in range(start, index):
        word = words[place]
        is_polite = word in ASKED_FOR or (word in ("prosił", "prosiła") and "bym" in words[start:place])
        if is_polite or (word in WANTED and "?" not in _rest_of_sentence(words, place)[-1:]):
            return _head(words, place + 1) == index
    return False


def _rest_of_sentence(words: Sequence[str], index: int) -> Sequence[str]:
    """The words from `index` to the mark that ends the sentence."""
    ends = (place + 1 for place in range(index, len(words)) if words[place] in _SENTENCE_ENDS)
    return words[index : next(ends, len(words))]


def _task_of(words: Sequence[str], index: int, lemma: str, mood: Mood) -> TaskType | None:
    """The task of a request by its verb or noun and, where that is not enough, by its object."""
    match kinds()[lemma]:
        case "template" | "document":
            return "generation"
        case "into a language":
            return "translation" if mood == "name" or _names_language(words, index) else None
        case "listing":
            return "summarization" if _points_at_text(words, index) else "qa"
        case "qa":
            return "generation" if lemma == "odpowiedź" and "pozew" in words[index : index + 3] else "qa"
        case "classification" | "translation" | "summarization" as task:
            return task
        case "assigning" | "generation" | "handing over" | "making" as kind:
            return _task_of_object(words, index, kind)


def _task_of_object(words: Sequence[str], index: int, kind: Kind) -> TaskType | None:
    following = _after_fillers(words, index + 1)
    if starts_asking(words[following : following + 3]):
        return "qa"
    head = _head(words, index + 1)
    wanted = kinds()[forms()[words[head]][0]] if head < len(words) and words[head] in forms() else None
    if wanted in ("summarization", "translation", "into a language"):
        return "summarization" if wanted == "summarization" else "translation"
    if kind == "assigning":
        return None if category_forms().isdisjoint(_rest_of_sentence(words, index)) else "classification"
    if kind == "handing over":
        is_short = words[index + 1 : index + 3] in (["w", "skrócie"], ["w", "skrocie"])
        return "generation" if wanted == "template" else "summarization" if is_short else "qa"
    if kind == "making":
        is_text = wanted in ("template", "document")
        return "generation" if is_text else "classification" if wanted == "classification" else None
    is_bare = following >= len(words) or words[following] in _SENTENCE_ENDS
    return "qa" if is_bare and asks(words) else "generation"


def _head(words: Sequence[str], index: int) -> int:
    """Place of the first word that is no filler, adjective, adverb, number or short phrase with a preposition."""
    known = forms()
    while index < len(words) and words[index] not in known and words[index] not in _PAUSES:
        word = words[index]
        if word in PREPOSITIONS:
            is_last = index + 1 >= len(words) or words[index + 1] in known
            index += 1 if is_last or word in ("o", "na") else 2
        elif word in FILLERS or word.isdecimal() or parts_of_speech(word) & {"adj", "adv", "pact", "ppas", "num"}:
            index += 1
        else:
            break
    return index


def _after_fillers(words: Sequence[str], index: int) -> int:
    while index < len(words) and (words[index] in FILLERS or _is_adverb(words[index])):
        index += 1
    return index + 1 if index < len(words) and words[index] in (",", ":") else index


def _is_adverb(word: str) -> bool:
    return "adv" in parts_of_speech(word) and word not in QUESTION_WORDS


def _names_language(words: Sequence[str], index: int) -> bool:
    """Whether "na angielski", "z języka czeskiego" or "po polsku" stands in the sentence after `index`."""
    rest = _rest_of_sentence(words, index)
    places = (place for place, word in enumerate(rest) if word in ("na", "z", "po"))
    return any(_LANGUAGE.fullmatch(word) for place in places for word in rest[place + 1 : place + 3])


def _points_at_text(words: Sequence[str], index: int) -> bool:
    rest = _rest_of_sentence(words, index)
    return any(word in _DEMONSTRATIVES or word == "tezy" or word.startswith(_THE_TEXT_AT_HAND) for word in rest)


def _phrase_wanted(words: Sequence[str]) -> TaskType | None:
    """Translation for "jak powiedzieć po angielsku", "jak przetłumaczyć na polski", "co znaczy po łacinie"."""
    if len(words) < 3 or words[0] not in ("jak", "co") or not _names_language(words, 1):
        return None
    lemma, mood = forms().get(words[1], ("", "name"))
    is_translating = mood == "infinitive" and kinds()[lemma] in ("translation", "into a language")
    return "translation" if is_translating or (words[1] in _SAID and "po" in words[2:4]) else None


def asks(words: Sequence[str]) -> bool:
    """Whether lower-case words ask anything, with or without a question mark."""
    if "?" in words or ("mam" in words and not _DOUBTS.isdisjoint(words)):
        return True
    is_open = bool(words) and words[-1] not in _SENTENCE_ENDS  # typed without punctuation
    wonders, asking = False, asking_forms()
    for index, word in enumerate(words):
        opens = index == 0 or words[index - 1] in _PAUSES
        if word in asking:
            wonders = True
            if starts_asking(words[index + 1 : index + 4]):
                return True
        elif opens and starts_asking(words[index : index + 3]):
            if wonders or is_open or not SURE_QUESTION_WORDS.isdisjoint(words[index : index + 2]):
                return True
        elif opens and parts_of_speech(word) == {"impt"}:
            wonders = True
    return is_open and "czy" in words


def _named(words: Sequence[str]) -> TaskType | None:
    """The task of a heading such as "Streszczenie wyroku" or "Wzór umowy"; none where a verb makes a sentence of it."""
    head = _head(words, 0)
    lemma, mood = forms().get(words[head], ("", "order")) if head < len(words) else ("", "order")
    if mood != "name" or any(_can_only_be_predicate(word) for word in words):
        return None
    match kinds()[lemma]:
        case "template":
            return "generation"
        case "into a language" | "translation":
            return "translation"
        case "summarization":
            return "summarization"
    return None


def _can_only_be_predicate(word: str) -> bool:
    found = parts_of_speech(word)
    return bool(found) and found <= {"fin", "praet", "bedzie", "pred", "winien", "imps"}
