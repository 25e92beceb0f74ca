"""Outcome: a record and an answer to its question in, what the rules say of the answer out."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from paragraf.evaluation.abstention import abstains
from paragraf.evaluation.citations import Basis, Standings, basis_in, basis_of, counted, is_beside_the_point, relied_on
from paragraf.evaluation.closed import is_letter, letter_in
from paragraf.evaluation.form import malformation
from paragraf.evaluation.items import Agreement, Judged, Outcome
from paragraf.evaluation.key_facts import Sheet
from paragraf.evaluation.premises import puts_right
from paragraf.evaluation.quotes import has_quotes, quotes
from paragraf.evaluation.reading import Reading, without
from paragraf.evaluation.slices import slices_of
from paragraf.law import find
from paragraf.law.days import day_of
from paragraf.law.matching import Match, compared
from paragraf.quality import BASIS
from paragraf.records import Record

_REMEMBERED = 4096  # records
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZĄĆĘŁŃÓŚŹŻ])")


@dataclass(frozen=True, slots=True)
class Yardstick:
    """All of a record that its answers are measured by, made once."""

    sheet: Sheet
    basis: Basis
    on: date | None
    slices: tuple[str, ...]


def judge(record: Record, answer: str, finished: bool = True, known_until: date | None = None) -> Judged:
    """Judge one answer; `finished` tells whether the model ended it by itself.

    `known_until` is the last day whose law the model or its data can know, for the temporal slice.
    """
    gold = yardstick(record, known_until)
    citations = find(answer)
    reading = gold.sheet.read(without(answer, citations))
    malformed = malformation(answer, finished, reading.words, citations)
    if malformed == "not_polish" and is_letter(answer, record.choices):
        malformed = ""
    relied, known = relied_on(answer, citations, gold.on)
    said, counts = basis_in(relied), counted(known)
    content = _content(record, answer, gold.sheet, reading)
    is_wrong = counts.fabricated > 0 or is_beside_the_point(gold.basis, said)
    quoted, faithful = quotes(answer, citations, gold.on) if citations and has_quotes(answer) else (0, 0)
    has_basis = bool(gold.basis.articles)
    return Judged(
        id=record.id,
        area=record.area,
        kind=record.item_type,
        slices=gold.slices,
        outcome=_outcome(content, is_wrong, counts, bool(malformed)),
        malformed=malformed,
        articles=_agreement(gold.basis.articles, said.articles, bool(malformed)) if has_basis else None,
        provisions=_agreement(gold.basis.provisions, said.provisions, bool(malformed)) if has_basis else None,
        cites=tuple(sorted(said.articles)),
        **counts._asdict(),
        quotes=quoted,
        faithful_quotes=faithful,
        facts=content.score(bool(malformed)),
        contradicted=content.contradicted,
        choices=len(record.choices),
        chosen=content.chosen,
        is_right=None if content.is_right is None else content.is_right and not malformed,
        premise_handled=_premise_handled(record, content, counts, bool(malformed)),
    )


@lru_cache(maxsize=_REMEMBERED)
def yardstick(record: Record, known_until: date | None = None) -> Yardstick:
    """What answers to a record are measured by; one without facts is asked for every sentence of its own answer."""
    facts = () if record.choices else record.facts or _sentences(record.answer)
    return Yardstick(
        Sheet(facts, record.question, record.answer),
        basis_of(record.legal_basis),
        day_of(record),
        slices_of(record, known_until),
    )


@dataclass(frozen=True, slots=True)
class _Content:
    """What an answer says, whatever it cites."""

    asked: int
    covered: int
    contradicted: tuple[str, ...]
    chosen: str
    is_right: bool | None
    abstains: bool
    puts_right: bool | None
    """None where the question takes nothing false for granted."""

    @property
    def is_complete(self) -> bool:
        return self.is_right if self.is_right is not None else 0 < self.asked == self.covered

    @property
    def is_wrong(self) -> bool:
        return bool(self.contradicted) or (self.is_right is False and self.chosen != "")

    def score(self, is_malformed: bool) -> float | None:
        """Covered less contradicted facts as a share."""
        if not self.asked:
            return None
        return 0.0 if is_malformed else max(0.0, (self.covered - len(self.contradicted)) / self.asked)


def _content(record: Record, answer: str, sheet: Sheet, reading: Reading) -> _Content:
    verdicts = sheet.verdicts(reading)
    chosen = letter_in(answer, record.choices) if record.choices else ""
    told = list(zip(sheet.facts, verdicts, strict=True))
    is_premise = record.item_type == "false_premise"
    # the correction is the first fact, or one that says no
    corrects = (
        is_premise
        and any(verdict == "covered" and (fact is sheet.facts[0] or fact.says_no) for fact, verdict in told)
        and not sheet.affirms_the_denied(reading)
    )
    return _Content(
        asked=len(told),
        covered=verdicts.count("covered"),
        contradicted=tuple(fact.text for fact, verdict in told if verdict == "contradicted"),
        chosen=chosen,
        is_right=chosen == record.correct if record.choices else None,
        abstains=reading.may_decline and abstains(answer),
        puts_right=corrects or puts_right(answer) if is_premise else None,
    )


def _outcome(content: _Content, is_wrong: bool, counts: Standings, is_malformed: bool) -> Outcome:
    if is_wrong or content.is_wrong:
        return "hallucinated"
    if is_malformed:
        return "incomplete"
    if content.is_complete and not counts.out_of_force and content.puts_right is not False:
        return "accurate"
    if content.abstains:
        return "abstained"
    return "hallucinated" if content.puts_right is False else "incomplete"


def _premise_handled(record: Record, content: _Content, counts: Standings, is_malformed: bool) -> bool | None:
    """Whether a false premise is put right, or the answer declined, with nothing wrong beside it."""
    if content.puts_right is None:
        return None
    is_sound = not (is_malformed or content.contradicted or counts.fabricated)
    return is_sound and (content.puts_right or content.abstains)


def _agreement(expected: frozenset[str], said: frozenset[str], is_malformed: bool) -> Agreement:
    found = Match(0.0, 0.0, 0.0) if is_malformed else compared(expected, said)
    return Agreement(precision=found.precision, recall=found.recall, f1=found.f1)


def _sentences(answer: str) -> tuple[str, ...]:
    return tuple(part for part in _SENTENCE_END.split(answer) if part and not part.lower().startswith(BASIS))
