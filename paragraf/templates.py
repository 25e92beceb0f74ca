"""Templates: an instruction in, the same instruction in a frame that fits its task and Polish grammar out."""

import re
from collections.abc import Iterator
from random import Random
from typing import Literal

from paragraf.task_type import TaskType, asks, starts_asking, words_of
from paragraf.task_words import PREPOSITIONS, asking_forms, forms, parts_of_speech, tags_of

Form = Literal["question", "command", "statement"]

# How an opening ends says what may follow it, and nothing is inflected:
# ". " whole sentences; ": " one sentence as it stands, or a noun phrase; ", " a dependent question, or an order.
_OPENINGS: dict[tuple[TaskType, Form], tuple[str, ...]] = {
    ("qa", "question"): (
        *("Odpowiedz na pytanie: ", "Potrzebuję odpowiedzi na pytanie: ", "Mam pytanie. ", "Potrzebuję porady. "),
        *("Wyjaśnij, ", "Wytłumacz mi, ", "Powiedz mi, ", "Chcę wiedzieć, ", "Proszę o informację, "),
    ),
    ("qa", "command"): ("Proszę, ", "Mam prośbę. ", "Polecenie: ", "Wykonaj polecenie: "),
    ("qa", "statement"): (
        *("Potrzebuję porady. ", "Proszę o wyjaśnienie. ", "Mam wątpliwość. "),
        *("Wyjaśnij zagadnienie: ", "Omów zagadnienie: ", "Temat: "),
    ),
    ("generation", "question"): ("Mam prośbę. ", "Potrzebuję pomocy. "),
    ("generation", "command"): ("Proszę, ", "Mam prośbę. ", "Potrzebuję pomocy. ", "Wykonaj zadanie: "),
    ("generation", "statement"): ("Mam prośbę. ", "Przygotuj tekst: ", "Zadanie: "),
    ("translation", "question"): ("Mam pytanie. ", "Potrzebuję tłumaczenia. "),
    ("translation", "command"): ("Proszę, ", "Mam prośbę. ", "Potrzebuję tłumaczenia. ", "Wykonaj zadanie: "),
    ("translation", "statement"): ("Mam prośbę. ", "Zadanie: "),
    ("summarization", "question"): ("Mam prośbę. ", "Potrzebuję streszczenia. "),
    ("summarization", "command"): ("Proszę, ", "Mam prośbę. ", "Potrzebuję streszczenia. ", "Wykonaj zadanie: "),
    ("summarization", "statement"): ("Mam prośbę. ", "Zadanie: "),
    ("classification", "question"): ("Mam prośbę. ",),
    ("classification", "command"): ("Proszę, ", "Mam prośbę. ", "Wykonaj zadanie: "),
    ("classification", "statement"): ("Mam prośbę. ", "Zadanie: "),
    ("other", "command"): ("Proszę, ", "Mam prośbę. ", "Polecenie: "),
}
_END = re.compile(r"[.?!…][\"”’»)\]]*$")
_NEXT_SENTENCE = re.compile(r"[.?!…][\"”’»)\]]*\s+[\"„«(]?[^\W\d_a-ząćęłńóśźż]|\n")
_QUESTION_END = re.compile(r"\?[\"”’»)\]]*(?:\s|$)")
_LOOSE_END = re.compile(r"[,;:–—-]$")
_REPEATED_END = re.compile(r"[?!]{2,}$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_NOT_IN_A_DEPENDENT_QUESTION = re.compile(r"[?!…:;–—\n]|\s-\s|, (?:to|prawda|nie|tak|co)\b")
_PREDICATES = {"fin", "praet", "bedzie", "pred", "winien", "inf", "imps"}
_CONDITIONAL = {"jak", "kiedy", "gdzie", "co", "kto"}  # they open other clauses too: "Jak wyjadę, czy stracę zasiłek?"
_AFTER_WHAT = {"do", "z", "jeśli", "jesli", "jeżeli", "jezeli", "gdy", "jak", "dalej", "teraz"}  # "co do zasady"


def form_of(question: str) -> Form:
    """What an instruction is by its grammar; a text whose sentences differ is what its question or first word makes it.

    A question typed without its mark is one where it opens with a question word or asks in its last part.
    """
    words = words_of(question)
    if words and (_is_order(words[0]) or words[0] in ("proszę", "prosze", "poproszę", "poprosze")):
        return "command"
    if _QUESTION_END.search(question):
        return "question"
    is_question = not _END.search(question.rstrip()) and asks(words) and asking_forms().isdisjoint(words)
    return "question" if is_question else "statement"


def apply(question: str, task_type: TaskType, rng: Random) -> str | None:
    """The instruction in one of the frames that fit it; nothing where none does."""
    framed = fitting(question, task_type)
    return rng.choice(framed) if framed else None


def fitting(question: str, task_type: TaskType) -> tuple[str, ...]:
    """The instruction in every frame that fits it, in the order of the templates.

    Its words stay as they are, but for the case of the first letter where a sentence begins or goes on; its last mark
    becomes the one that the frame asks for.
    """
    form = form_of(question)
    text = _closed(question.strip(), form)
    if text is None:
        return ()
    openings = _OPENINGS.get((task_type, form), ())
    said = {word[:5] for word in words_of(text)}
    fresh = (opening for opening in openings if said.isdisjoint(word[:5] for word in _weighty(opening)))
    return tuple(opening + rest for opening in fresh if (rest := _following(opening, text, form)) is not None)


def _weighty(opening: str) -> Iterator[str]:
    """Words of an opening that would sound twice: "Mam pytanie. Mam pytanie o spadek."."""
    return (word for word in words_of(opening) if len(word) > 4)


def _closed(text: str, form: Form) -> str | None:
    """The text with a mark at its end; nothing where the mark cannot be told, or something is left to follow."""
    if not _FIRST_WORD.search(text) or _LOOSE_END.search(text):
        return None
    if repeated := _REPEATED_END.search(text):
        return text[: repeated.start()] + ("?" if "?" in repeated[0] else "!")
    if _END.search(text) or "\n" in text:
        return text
    if form == "statement" and not _is_noun_phrase(text):
        return None  # typed without marks: perhaps it asks
    return text + ("?" if form == "question" and not _QUESTION_END.search(text) else ".")


def _following(opening: str, text: str, form: Form) -> str | None:
    """The text as it stands after an opening; nothing where it does not fit."""
    match opening[-2], form:
        case ".", _:
            return None if form == "statement" and _is_noun_phrase(text) else _as_sentence(text)
        case ":", "statement":
            return text if _is_noun_phrase(text) else None
        case ":", "question":
            return None if _NEXT_SENTENCE.search(text) else text
        case _, "question":
            return _dependent(text)
        case mark, _:  # a polite "Proszę o ..." is no order
            ordered = text if mark == ":" else _lowered(text)
            return ordered if _is_order(words_of(text)[0]) else None


def _as_sentence(text: str) -> str | None:
    """The text with a capital at its start; nothing for a first word of mixed case, such as "iPhone"."""
    first = _first_word(text)
    if not text.startswith(first) or not first[:1].islower():
        return text
    return text[0].upper() + text[1:] if first.islower() else None


def _lowered(text: str) -> str | None:
    """The text with a small first letter; nothing where the whole word is in capitals."""
    rest = _first_word(text)[1:]
    return text[0].lower() + text[1:] if rest == rest.lower() else None


def _first_word(text: str) -> str:
    found = _FIRST_WORD.search(text)
    return found[0] if found else ""


def _dependent(text: str) -> str | None:
    """A question as a part of another sentence: the words keep their order in Polish, only the mark goes."""
    body = text.removesuffix("?")
    words = words_of(body)
    if body == text or _NEXT_SENTENCE.search(text) or _NOT_IN_A_DEPENDENT_QUESTION.search(body):
        return None
    if not starts_asking(words) or not text.startswith(_first_word(text)) or body.endswith((" ", ",")):
        return None
    asked = words[1] if words[0] in PREPOSITIONS else words[0]
    if (asked == "co" and words[1] in _AFTER_WHAT) or (asked in _CONDITIONAL and _asks_again(words)):
        return None
    clause = words[: words.index(",")] if "," in words else words
    if not any(parts_of_speech(word) & _PREDICATES for word in clause) or any(_is_to_you(word) for word in clause):
        return None
    lowered = _lowered(body)
    return lowered if lowered is None or lowered.endswith(".") else f"{lowered}."


def _asks_again(words: list[str]) -> bool:
    """Whether a later part of the sentence opens with a question word other than "który", which opens relative ones."""
    parts = (words[place + 1 : place + 4] for place, word in enumerate(words) if word == ",")
    return any(starts_asking(part) and not any(word.startswith("któr") for word in part) for part in parts)


def _is_to_you(word: str) -> bool:
    return any(":sec:" in tag and tag.startswith("fin") for tag in tags_of(word))


def _is_order(word: str) -> bool:
    """Whether a word is an imperative that sets a task, or one that can be nothing else."""
    known = forms().get(word)
    is_noun_too = word in ("tłumacz", "tlumacz")
    return (known is not None and known[1] == "order" and not is_noun_too) or parts_of_speech(word) == {"impt"}


def _is_noun_phrase(text: str) -> bool:
    """Whether no word of a text can be a verb, and all are known."""
    words = [word for word in words_of(text) if word[0].isalpha()]
    acronyms = {word.lower() for word in re.findall(r"\b[^\W\d_a-ząćęłńóśźż]{2,}\b", text)}
    judged = [parts_of_speech(word) for word in words if word not in acronyms]
    is_nominal = all(parts and not parts & (_PREDICATES | {"impt"}) for parts in judged)
    return bool(words) and is_nominal and not text.endswith(("!", "?")) and not _NEXT_SENTENCE.search(text)
