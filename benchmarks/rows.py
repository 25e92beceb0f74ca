"""Rows: made-up Polish questions and answers on law, as many as asked for, with the faults that real sources have.

    python benchmarks/rows.py 100000 rows.jsonl --seed 1

A row depends on the seed and its number alone, so a longer file begins with the shorter one, and memory stays flat. The
sentences are grammatical and cite provisions that exist; what they say of the law is senseless. Everybody named in them
is invented: a PESEL is of the 23rd century.
"""

import argparse
import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar

Kind = Literal["base", "near", "exact", "hard_negative", "personal", "foreign", "damaged"]

SHARES: Mapping[Kind, float] = {
    "base": 0.775,
    "near": 0.15,
    "exact": 0.03,
    "hard_negative": 0.02,
    "personal": 0.01,
    "foreign": 0.01,
    "damaged": 0.005,
}

T = TypeVar("T")
Words: TypeAlias = Mapping[str, tuple[str, ...]]

_ROWS_OF_A_SEED = 1 << 40
_TYPES = ("general",) * 10 + ("individual_case",) * 7 + ("deadline",) * 3
_PLAIN = str.maketrans("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "acelnoszzACELNOSZZ")
_SENTENCE_END = re.compile(r"(?<=[^\W\d]{3}\.) (?=[A-ZŁŚŻ])")
_PESEL_WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)


class Row(NamedTuple):
    """A row of the file, with what only the generator knows: its kind and the number of the row that it repeats."""

    question: str
    answer: str
    area: str
    item_type: str
    year: int
    kind: Kind = "base"
    origin: int | None = None

    def to_json(self) -> str:
        """One JSON line, without what only the generator knows."""
        shown = zip(self._fields[:5], self[:5], strict=True)
        return json.dumps(dict(shown), ensure_ascii=False)


def write_rows(path: Path, count: int, seed: int) -> None:
    """The rows of a seed as JSONL."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{row.to_json()}\n" for row in rows(count, seed))


def rows(count: int, seed: int) -> Iterator[Row]:
    """The rows of a seed, in order."""
    return (row(seed, number) for number in range(count))


def row(seed: int, number: int) -> Row:
    """One row; of near and exact duplicates and of hard negatives the origin is any base row before it."""
    random, kind = _begun(seed, number)
    if kind not in ("near", "exact", "hard_negative"):
        written, _ = _written(random)
        return _CHANGES[kind](written, random)._replace(kind=kind)
    before, what = _begun(seed, origin := random.randrange(number))
    while what != "base":
        before, what = _begun(seed, origin := random.randrange(number))
    written, basis = _written(before)
    changed = _with_other_basis(written, basis, random) if kind == "hard_negative" else _CHANGES[kind](written, random)
    return changed._replace(kind=kind, origin=origin)


def _begun(seed: int, number: int) -> tuple[Random, Kind]:
    """The randomness of a row, and its kind, which is what comes of it first."""
    random = Random(seed * _ROWS_OF_A_SEED + number)
    return random, random.choices(list(SHARES), list(SHARES.values()))[0] if number else "base"


def _written(random: Random) -> tuple[Row, str]:
    """A sound row and the provision that its answer rests on."""
    words = _words()
    area, basis = _pick(_provisions(), random)
    question = _filled(_pick(words["questions"], random), random)
    sentences = [_pick(words["leads"], random), *random.sample(words["rules"], _pick((1, 1, 2), random))]
    sentences.append(_pick(words["bases"], random).replace("{cite}", basis))
    answer = " ".join(_filled(sentence, random) for sentence in sentences).replace("..", ".")
    year = 2015 + int(random.random() * 11)
    return Row(question, answer, area, _pick(_TYPES, random), year), basis


def _with_other_basis(written: Row, basis: str, random: Random) -> Row:
    """The same words about another provision of the same area, or about other numbers: what must not be merged."""
    if random.random() < 0.5:
        others = [other for area, other in _provisions() if area == written.area and other != basis]
        return written._replace(answer=written.answer.replace(basis, _pick(others, random)))
    return written._replace(answer=re.sub(r"\d+", lambda found: str(int(found[0]) + 1), written.answer, count=1))


def _with_typos(written: Row, random: Random) -> Row:
    """Two neighbouring letters swapped in a long word of the question and in one of the answer."""

    def typed(text: str) -> str:
        words = text.split(" ")
        place, at = _long_word(words, random), 1 + int(random.random() * 4)
        letters = list(words[place])
        letters[at : at + 2] = reversed(letters[at : at + 2])
        return " ".join([*words[:place], "".join(letters), *words[place + 1 :]])

    return _both(written, typed)


def _in_other_order(written: Row, random: Random) -> Row:
    """A word changes places with the next one; so do the first two sentences of the answer."""
    words = written.question.split(" ")
    place = min(_long_word(words, random), len(words) - 2)
    words[place : place + 2] = reversed(words[place : place + 2])
    first, second, *others = _SENTENCE_END.split(written.answer)
    return written._replace(question=" ".join(words), answer=" ".join([second, first, *others]))


def _without_a_word(written: Row, random: Random) -> Row:
    words = written.answer.split(" ")
    del words[_long_word(words, random)]
    return written._replace(answer=" ".join(words))


def _with_synonyms(written: Row, _: Random) -> Row:
    synonyms: dict[str, str] = _held()["synonyms"]
    changed = re.sub(r"\w+", lambda word: synonyms.get(word[0], word[0]), written.answer)
    return written._replace(answer=changed)


def _with_courtesies(written: Row, random: Random) -> Row:
    if random.random() < 0.5:
        return written._replace(question=_pick(_words()["prefixes"], random) + written.question)
    return written._replace(answer=written.answer + _pick(_words()["suffixes"], random))


def _again(written: Row, random: Random) -> Row:
    """The same row, as it is or typed another way."""
    way = random.random()
    if way < 0.5:
        return written
    if way < 0.8:
        return written._replace(question=written.question.upper())
    return written._replace(answer=written.answer.replace(" ", "  "))


def _with_personal_data(written: Row, random: Random) -> Row:
    told = _filled(_pick(_words()["personal"], random), random)
    return written._replace(question=f"{told} {written.question}")


def _in_foreign_words(written: Row, random: Random) -> Row:
    at = int(random.random() * len(_words()["foreign_questions"]))
    question = _filled(_words()["foreign_questions"][at], random)
    return written._replace(question=question, answer=_filled(_words()["foreign_answers"][at], random))


def _damaged(written: Row, random: Random) -> Row:
    """Remains of a page, or letters read in the wrong encoding."""
    way = random.random()
    if way < 0.5:
        answer = "<br/>\n".join(_SENTENCE_END.split(written.answer))
        return written._replace(question=f"<p><b>{written.question}</b></p>", answer=answer.replace("ó", "&oacute;"))
    written_in, read_as = ("utf-8", "latin-1") if way < 0.8 else ("cp1250", "iso-8859-2")
    return _both(written, lambda text: text.encode(written_in).decode(read_as))


def _both(written: Row, change: Callable[[str], str]) -> Row:
    return written._replace(question=change(written.question), answer=change(written.answer))


_NEAR_CHANGES: tuple[Callable[[Row, Random], Row], ...] = (
    _with_typos,
    lambda written, _: _both(written, lambda text: text.translate(_PLAIN)),
    _in_other_order,
    _without_a_word,
    _with_synonyms,
    _with_courtesies,
    _with_courtesies,
)
_CHANGES: Mapping[Kind, Callable[[Row, Random], Row]] = {
    "base": lambda written, _: written,
    "near": lambda written, random: _pick(_NEAR_CHANGES, random)(written, random),
    "exact": _again,
    "personal": _with_personal_data,
    "foreign": _in_foreign_words,
    "damaged": _damaged,
}


def _pick(choices: tuple[T, ...] | list[T], random: Random) -> T:
    return choices[int(random.random() * len(choices))]  # several times faster than Random.choice


def _long_word(words: list[str], random: Random) -> int:
    """The place of a word that means nothing to a lawyer: no number, citation or negation."""
    long = [place for place, word in enumerate(words) if len(word) > 5 and word.isalpha() and word.islower()]
    return _pick(long, random)


def _filled(template: str, random: Random) -> str:
    return template.format_map(_Slots(random))


class _Slots(dict[str, str]):
    """Draws the words of a template as it asks for them; the second of a kind has a 2 behind its name."""

    def __init__(self, random: Random) -> None:
        super().__init__()
        self._random = random

    def __missing__(self, name: str) -> str:
        if name == "pesel":
            return _pesel(self._random)
        word = _pick(_words()[name.rstrip("2")], self._random)
        return word if name != "amount" else f"{self._random.randrange(1, 99)} {word}"


def _pesel(random: Random) -> str:
    """A number with the right check digit whose owner is born in the 23rd century."""
    digits = (
        f"{random.randrange(100):02}{random.randrange(61, 73)}{random.randrange(1, 29):02}{random.randrange(9999):04}"
    )
    check = -sum(weight * int(digit) for weight, digit in zip(_PESEL_WEIGHTS, digits, strict=True)) % 10
    return f"{digits}{check}"


@lru_cache(maxsize=1)
def _words() -> Words:
    """Name of a slot or of a kind of template -> what can stand there."""
    held = _held()
    found = {name: tuple(words) for name, words in held["words"].items()}
    objects = [
        {case: f"{form} {which}" for case, form in zip("nga", thing["forms"], strict=True)}
        for thing in held["things"]
        for which in thing["of"]
    ]
    for name, verbs in held["verbs"].items():
        found[name] = tuple(f"{verb} {forms[case]}" for verb, case in verbs for forms in objects)
    for at, name in enumerate(("actor", "actor_g", "actor_d")):
        found[name] = tuple(forms[at] for forms in held["actors"])
    surnames = tuple(start + end for start in held["surname_starts"] for end in held["surname_ends"])
    return found | {
        "Place": tuple(_capital(place) for place in found["place"]),
        "Time": tuple(_capital(time) for time in found["time"]),
        "surname": surnames,
        "mail": tuple(f"{name.translate(_PLAIN).lower()}@example.com" for name in surnames),
        "m": tuple(map(str, range(1, 60))),
        "amount": tuple(f"{rest:03}" for rest in range(0, 1000, 10)),
        "cite": tuple(provision for _, provision in _provisions()),
    }


def _capital(phrase: str) -> str:
    return phrase[0].upper() + phrase[1:]


@lru_cache(maxsize=1)
def _provisions() -> tuple[tuple[str, str], ...]:
    """Areas of law with provisions that exist."""
    found: list[tuple[str, str]] = []
    for act in _held()["provisions"]:
        for name, paragraphs in (("plain", ("",)), ("with_two_paragraphs", (" § 1", " § 2"))):
            articles = (number for first, last in act[name] for number in range(first, last + 1))
            units = (f"art. {number}{paragraph} {act['act']}" for number in articles for paragraph in paragraphs)
            found += [(act["area"], unit) for unit in units]
    return tuple(found)


@lru_cache(maxsize=1)
def _held() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(__file__).with_name("words.json").read_bytes())
    return found


def main() -> None:
    """Write the file that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=int)
    parser.add_argument("path", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    write_rows(asked.path, asked.rows, asked.seed)


if __name__ == "__main__":
    main()
