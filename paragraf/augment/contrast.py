"""Contrast: a row in, questions out that take something false for the law, each with an answer that puts it right."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random

from paragraf.augment.invariants.premises import CONTRAST
from paragraf.augment.other_values import other_article, other_number
from paragraf.dictionary import readings
from paragraf.law import find
from paragraf.records import Record
from paragraf.statements.facts import Fact, facts_of, values_of
from paragraf.statements.stance import stance_of
from paragraf.task_type import starts_asking, words_of
from paragraf.text import without_diacritics, words

_ITEM_TYPES = {"general", "individual_case", "deadline"}
_MOST_CHARACTERS = 300  # of a question: after a longer one nobody waits for another

# The premise stands in a sentence of its own after the question; each has the denial that fits it, and then what holds.
_FRAMES_OF_CLAUSES = (
    ("{asked} Czy to prawda, że {premise}?", "Nie, to nieprawda: {fact}."),
    ("{asked} Podobno {premise}. Czy to prawda?", "Nie, to nieprawda: {fact}."),
    ("{asked} Znajomy twierdzi, że {premise}. Czy ma rację?", "Nie, znajomy nie ma racji: {fact}."),
    ("{asked} W internecie piszą, że {premise}. Czy to się zgadza?", "Nie, to się nie zgadza: {fact}."),
)
_FRAMES_OF_LENGTHS = (
    ("{asked} Podobno to {premise}. Czy to prawda?", "Nie, to nie {wrong}, lecz {fact}."),
    ("{asked} Znajomy twierdzi, że to {premise}. Czy ma rację?", "Nie, to nie {wrong}, lecz {fact}."),
    ("{asked} W internecie piszą, że to {premise}. Czy to się zgadza?", "Nie, to nie {wrong}, lecz {fact}."),
)
_FRAMES_OF_ARTICLES = (
    ("{asked} Czy to prawda, że mówi o tym {premise}?", "Nie, to nie ten przepis."),
    ("{asked} Podobno mówi o tym {premise} Czy to prawda?", "Nie, to nie ten przepis."),
    ("{asked} Znajomy twierdzi, że reguluje to {premise} Czy ma rację?", "Nie, to nie ten przepis."),
)
_ASKS_HOW_LONG = re.compile(
    r"\b(?:ile (?:mam |mamy |ma |maja )?(?:czasu|dni|tygodni|miesiecy|godzin)|jak dlugo|do kiedy"
    r"|(?:jaki|jakim) (?:\w+ )?(?:czasie|termin\w*|okres\w*))\b"
)
_BARE_LENGTH = re.compile(r"\d+ \w+(?: (?:od|przy) [^,;:]+)?")
_POINTS_BACK = frozenset(
    words(
        "ten ta te tego tej tych temu tym tymi tę tą to on ona ono oni one jego jej ich im nim nią niego niej nich je "
        "go taki taka takie takiego takiej wtedy też także również natomiast jednak więc zatem inny inna inne innych "
        "pozostałe pozostałych kolejny ponadto dodatkowo tylko wyjątkowo"
    )
)
_NOT_ONE_STATEMENT = re.compile(r"[:;()?!]|, (?:więc|bo|dlatego|po jego|a przy|chyba)\b|\boraz\b.*\bgrozi\b|^wyjąt")
_TYPED_PLAIN = {"sie", "ja", "sa"}  # words of their own, but mostly others without their tails
_VERB_TAGS = ("fin", "praet", "pred", "winien", "bedzie", "imps")
_MAY_OPEN = ("subst", "ger", "adj", "ppas", "pact", "prep", "conj", "comp", "num")
_YES_NO = re.compile(r"\bczy\b|(?:, nie|, prawda|, tak|, no nie)\?$", re.IGNORECASE)
_HEARSAY = re.compile(
    r"\b(?:twierdz|mów|podobno|słysz|czyta|rzekom|upiera|przekonuj|uważa|sądzi|napisa|pisz)\w*", re.IGNORECASE
)
_ASKING_CLAUSE = re.compile(r"[,–] (?=\w)")


@dataclass(frozen=True, slots=True)
class _Premise:
    """What a question takes for granted, the frames that it fits, and what holds instead."""

    text: str
    frames: tuple[tuple[str, str], ...]
    fact: str = ""
    wrong: str = ""


def contrasts(record: Record, count: int, rng: Random) -> Iterator[Record]:
    """Up to `count` false-premise rows of one row, each on another premise; none where a sentence might turn out wrong.

    The question of the origin stays and a false period, amount or article follows it. The answer says no and then all
    that the origin answers, its legal basis included.
    """
    if not _is_suitable(record):
        return
    premises = [*_premises(record, rng)]
    rng.shuffle(premises)
    for number, premise in enumerate(premises[:count], 1):
        question, denial = rng.choice([frame for frame in premise.frames if _is_fresh(frame[0], record.question)])
        yield replace(
            record,
            id=f"{record.id}~{CONTRAST}-{number}",
            question=question.format(asked=record.question.strip(), premise=premise.text),
            answer=f"{denial.format(fact=premise.fact, wrong=premise.wrong)} {record.answer}",
            item_type="false_premise",
            origin=record.origin or record.id,
            technique=CONTRAST,
        )


def _is_fresh(frame: str, asked: str) -> bool:
    """Whether who is said to know is not somebody of whom the question told."""
    return all(told not in asked.lower() for told in ("znajom", "internec") if told in frame.lower())


def _is_suitable(record: Record) -> bool:
    """Whether a premise may follow the question, and the answer after a "no" still answers it."""
    asked, answer = record.question.strip(), record.answer.strip()
    is_plain_row = record.item_type in _ITEM_TYPES and not record.technique and not record.choices
    states_basis = bool(record.legal_basis) and bool(find(answer))
    is_sentence = asked[:1].isupper() and asked.endswith(("?", ".")) and len(asked) <= _MOST_CHARACTERS
    if not (is_plain_row and states_basis and is_sentence) or stance_of(answer).verdict:
        return False
    if _YES_NO.search(asked) or _HEARSAY.search(asked) or not _asks_openly(asked):
        return False
    return all(_is_typed_well(word) for word in re.findall(r"[^\W\d_]+", asked))


def _asks_openly(asked: str) -> bool:
    """Whether the last sentence asks who, what or how long: the "no" that follows must answer the premise alone."""
    clauses = _ASKING_CLAUSE.split(re.split(r"(?<=[.?!]) ", asked)[-1])
    telling = (clauses[0], clauses[-1]) if asked.endswith("?") else clauses
    return any(starts_asking(words_of(clause)) for clause in telling)


@lru_cache(maxsize=20_000)
def _is_typed_well(word: str) -> bool:
    """Whether a word is in the dictionary or looks like a name; a question without diacritics has words that do not."""
    return not word.islower() or (word not in _TYPED_PLAIN and bool(readings(word)))


def _premises(record: Record, rng: Random) -> Iterator[_Premise]:
    for place, told in enumerate(record.facts):
        if premise := _of_fact(record, told, place, rng):
            yield premise
    if not find(record.question) and (article := other_article(record, rng)):
        yield _Premise(article, _FRAMES_OF_ARTICLES)


def _of_fact(record: Record, told: str, place: int, rng: Random) -> _Premise | None:
    """A fact of the row with another number in it; None unless it is one whole statement about one number."""
    facts = facts_of(told)
    if len(facts) != 1 or facts[0].family not in ("period", "amount"):
        return None
    fact = facts[0]
    if not _is_stated(fact, record.answer):
        return None
    frames = _frames(record, told, place)
    known = {value.value for text in (record.question, record.answer, *record.facts) for value in facts_of(text)}
    changed = other_number(told, fact, known, rng) if frames else None
    if not changed or not frames:
        return None
    end = fact.span[1] - len(told) or len(changed)
    return _Premise(changed, frames, told, changed[fact.span[0] : end])


def _is_stated(fact: Fact, answer: str) -> bool:
    return fact[:2] in values_of(answer)


def _frames(record: Record, told: str, place: int) -> tuple[tuple[str, str], ...]:
    """A bare length fits only a question that asks for one, and only the first fact is sure to answer it."""
    if _is_clause(told):
        return _FRAMES_OF_CLAUSES
    asks_how_long = _ASKS_HOW_LONG.search(without_diacritics(record.question).lower())
    return _FRAMES_OF_LENGTHS if place == 0 and asks_how_long and _BARE_LENGTH.fullmatch(told) else ()


def _is_clause(told: str) -> bool:
    """Whether a fact is one statement that points at nothing outside it: a subject that may open it, and a verb."""
    said = words(told)
    if not told[:1].islower() or _NOT_ONE_STATEMENT.search(told) or not _POINTS_BACK.isdisjoint(said):
        return False
    if not any(_all_tags(word, _VERB_TAGS) for word in said[1:]):
        return said[0] == "grozi"
    return said[0] == "grozi" or _all_tags(said[0], _MAY_OPEN)


@lru_cache(maxsize=20_000)
def _all_tags(word: str, beginnings: tuple[str, ...]) -> bool:
    tags = [reading.tag for reading in readings(word)]
    return bool(tags) and all(tag.startswith(beginnings) for tag in tags)
