"""Clean: rows in, whole Polish rows out, and every row that was set aside with its reason."""

import dataclasses
import re
from collections.abc import Hashable, Iterable, Sequence
from typing import Annotated, Self

from pydantic import Field, model_validator

from paragraf.errors import TooFewRows
from paragraf.language import is_polish
from paragraf.records import Dropped, Kept, Record, partition
from paragraf.similarity import NEAR, groups, particulars
from paragraf.stage import StageSettings
from paragraf.text import normal_form, numbers, tidy


class CleanSettings(StageSettings):
    """What a row must be to stay."""

    min_question_chars: Annotated[int, Field(ge=1, description="Shortest question that stays, in characters.")] = 8
    min_chars: Annotated[
        int, Field(ge=1, description="Shortest answer that stays, in characters; closed items may be shorter.")
    ] = 20
    max_chars: Annotated[int, Field(ge=1, description="Longest answer that stays, in characters.")] = 6000
    require_polish: Annotated[
        bool, Field(description="Drop rows whose question and answer together are not Polish.")
    ] = True
    near_duplicate_jaccard: Annotated[
        float,
        Field(
            ge=0.3,
            le=1,
            description="Rows are near-duplicates from this share (0.3 to 1) of common letter 5-grams, and only if all"
            " numbers and provisions are equal; 1 drops only rows that differ in typing.",
        ),
    ] = NEAR
    min_rows: Annotated[int, Field(ge=1, description="Fewer rows than this left after cleaning stop the run.")] = 50

    @model_validator(mode="after")
    def _lengths_leave_room(self) -> Self:
        if self.min_chars > self.max_chars:
            raise ValueError(f"min_chars {self.min_chars} is over max_chars {self.max_chars}; no answer could stay")
        return self


def clean(records: Sequence[Record], settings: CleanSettings) -> Kept:
    """Rows with tidy text that are worth learning from; of equal and nearly equal ones the first.

    The same question with different answers stays: the split keeps such rows together.

    Raises:
        TooFewRows: fewer than `settings.min_rows` are left.
    """
    kept = partition(map(_tidied, records), lambda record: _fault(record, settings))
    for select in (_without_exact_duplicates, _without_near_duplicates):
        fewer = select(kept.records, settings)
        kept = Kept(fewer.records, kept.dropped + fewer.dropped)
    if len(kept.records) < settings.min_rows:
        raise TooFewRows(
            f"clean: {settings.min_rows} rows are needed. {kept.summary()} Add rows, mend the source or lower"
            " --clean.min-rows."
        )
    return kept


def _tidied(record: Record) -> Record:
    return dataclasses.replace(
        record,
        question=_tidy_lines(record.question),
        answer=_tidy_lines(record.answer),
        basis_text=_tidy_lines(record.basis_text),
        area=tidy(record.area),
        legal_state=tidy(record.legal_state),
        legal_basis=tuple(map(tidy, record.legal_basis)),
        facts=tuple(map(tidy, record.facts)),
        choices=tuple((letter, tidy(text)) for letter, text in record.choices),
    )


def _tidy_lines(text: str) -> str:
    """Tidy line by line: line breaks carry the choices of an exam item and the paragraphs of an answer."""
    lines = "\n".join(tidy(line) for line in _LINE_BREAK.split(text))
    return _BLANK_LINES.sub("\n\n", lines).strip()


def _fault(record: Record, settings: CleanSettings) -> tuple[str, str] | None:
    """Why a row cannot stay, judged by itself: (reason, detail)."""
    fault = _nothing_said(record) or _wrong_length(record, settings)
    if fault is None and settings.require_polish and not is_polish(f"{record.question}\n{record.answer}"):
        return "not_polish", ""
    return fault


def _nothing_said(record: Record) -> tuple[str, str] | None:
    question, answer = normal_form(record.question), normal_form(record.answer)
    if not question:
        return "empty_question", ""
    if not answer:
        return "empty_answer", ""
    if boilerplate := _boilerplate(record):
        return "boilerplate", repr(boilerplate)
    if not record.choices and _echoes(question, answer):
        return "echoes_question", ""
    return None


def _wrong_length(record: Record, settings: CleanSettings) -> tuple[str, str] | None:
    question, answer = len(record.question), len(record.answer)
    if question < settings.min_question_chars:
        return "too_short", f"question of {question} characters, {settings.min_question_chars} needed"
    if answer < settings.min_chars and not record.choices:
        return "too_short", f"answer of {answer} characters, {settings.min_chars} needed"
    if answer > settings.max_chars:
        return "too_long", f"answer of {answer} characters, {settings.max_chars} allowed"
    return None


def _boilerplate(record: Record) -> str:
    """The words that give away an answer that no lawyer wrote; empty if there are none."""
    patterns = [_MODEL_SPEAKS, _PLACEHOLDER]
    if record.item_type not in ("unlawful_aim", "out_of_scope"):
        patterns.append(_BARE_REFUSAL)
    matches = (pattern.search(record.answer) for pattern in patterns)
    return next((match[0][:60] for match in matches if match), "")


def _echoes(question: str, answer: str) -> bool:
    """Whether an answer is the question again, whole or its greater beginning, and nothing else (normal forms)."""
    if question in answer:
        return _LABELS.issuperset(answer.replace(question, " ").split())
    return question.startswith(answer) and 2 * len(answer) >= len(question)


def _without_exact_duplicates(records: Sequence[Record], _: CleanSettings) -> Kept:
    keys = [
        (normal_form(record.question), normal_form(record.answer), numbers(record.question), numbers(record.answer))
        for record in records
    ]
    return _first_of_each(records, keys, "exact_duplicate")


def _without_near_duplicates(records: Sequence[Record], settings: CleanSettings) -> Kept:
    """Whole rows must be near and their answers too: a long question alike must not hide another answer."""
    rows = [f"{record.question}\n{record.answer}" for record in records]
    alike = groups(rows, settings.near_duplicate_jaccard, particulars)
    answers = groups([record.answer for record in records], settings.near_duplicate_jaccard, particulars)
    keys = zip(alike, answers, [record.correct for record in records], strict=True)
    return _first_of_each(records, keys, "near_duplicate")


def _first_of_each(records: Sequence[Record], keys: Iterable[Hashable], reason: str) -> Kept:
    first: dict[Hashable, Record] = {}
    kept: list[Record] = []
    dropped: list[Dropped] = []
    for record, key in zip(records, keys, strict=True):
        earlier = first.setdefault(key, record)
        if earlier is record:
            kept.append(record)
        else:
            dropped.append(Dropped(record, reason, f"of {earlier.id}"))
    return Kept(kept, dropped)


_LINE_BREAK = re.compile("\r\n|[\r\n\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n{3,}")
_LABELS = {"pytanie", "odpowiedz", "question", "answer", "brzmi"}
_MODEL_SPEAKS = re.compile(
    r"jako (?:\w+ ){0,2}?(?:model(?:em)? językow\w+|model(?:em)? AI|sztuczna inteligencja|asystent\w* AI|AI|chatbot)\b"
    r"|jestem (?:tylko )?(?:modelem językowym|sztuczną inteligencją)"
    r"|\bas an? (?:\w+ ){0,2}?(?:language model|AI model|AI assistant|AI)\b"
    r"|\bI(?:['’]m| am) (?:just )?(?:an? )?(?:AI|sorry,? (?:but )?I can)|lorem ipsum|\{\{\s*\w+\s*\}\}",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"^\W*(?:brak(?: odpowiedzi| danych)?|do uzupełnienia|tutaj wpisz odpowiedź|n/?a|null|none|nan|todo|tbd|test"
    r"|x{3,})\W*$",
    re.IGNORECASE,
)
_BARE_REFUSAL = re.compile(
    r"^\W*(?:(?:przepraszam|przykro mi|niestety)\W+)?(?:ale )?nie (?:mogę|potrafię|jestem w stanie) (?:na to )?"
    r"(?:odpowiedzieć|udzielić|pomóc)(?: (?:na|w|tej|tym|to|te|twoje|pytanie|odpowiedzi|porady|prawnej|sprawie"
    r"|zakresie))*\W*$",
    re.IGNORECASE,
)
