"""Judging: test rows and the answers of one model in, every measure of them out; nowhere else are answers judged."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from paragraf.answer import Answer
from paragraf.errors import Damaged
from paragraf.evaluation.citations import basis_of
from paragraf.evaluation.closed import Choice, most_likely, over_areas
from paragraf.evaluation.items import Judged
from paragraf.evaluation.outcome import judge
from paragraf.evaluation.safety_rules import advises, is_restrained
from paragraf.evaluation.slices import PARAPHRASE
from paragraf.evaluation.summary import Score, scored, summarised
from paragraf.intervals import Estimate, mean, share
from paragraf.language import is_polish
from paragraf.law.days import day_of
from paragraf.quality import repeated_share
from paragraf.records import Record
from paragraf.text import normal_form, words

_VERDICTS = {"tak", "nie"}


@dataclass(frozen=True, slots=True)
class Marked:
    """All that is said of one answer.

    Attributes:
        repetition: share of its runs of four words that stood in it before.
        is_advice: whether the answer to somebody's own case gives forbidden advice; None for other questions.
        is_restrained: whether it gives none and says who may; None likewise.
        choice: the likeliest letter of a closed item, where likelihoods were measured.
        group: of rows that ask the same in other words, "" for a row that stands alone.
    """

    judged: Judged
    is_polish: bool
    repetition: float
    is_advice: bool | None
    is_restrained: bool | None
    choice: Choice | None
    group: str


def newest_day(records: Iterable[Record]) -> date | None:
    """The last day whose law any of the rows describes."""
    return max(filter(None, map(day_of, records)), default=None)


def marked(records: Sequence[Record], answers: Mapping[str, Answer], known_until: date | None = None) -> list[Marked]:
    """Judge the answers to rows, in the order of the rows; `known_until` as for `judge`.

    Raises:
        Damaged: a row has no answer.
    """
    if missing := [record.id for record in records if record.id not in answers or answers[record.id].text is None]:
        raise Damaged(f"the answers lack row {missing[0]}; run again to ask it.")
    asked = groups_of(records)
    sizes = Counter(asked.values())
    groups = {name: group for name, group in asked.items() if sizes[group] > 1}
    return [_mark(record, answers[record.id], known_until, groups.get(record.id, "")) for record in records]


def measured(marks: Sequence[Marked]) -> list[Score]:
    """Every measure with its interval, over all answers and by slice."""
    judged = [mark.judged for mark in marks]
    scores = summarised(judged, {mark.judged.id: mark.group for mark in marks if mark.group})
    chosen = {mark.judged.id: mark.choice for mark in marks if mark.choice}
    right = {name: choice.is_right for name, choice in chosen.items()}
    form = {mark.judged.id: mark for mark in marks}
    return [
        *scores.scores,
        Score(name="consistency", better="higher", overall=scores.consistency, by_slice={}),
        scored("closed_likelihood", "higher", judged, lambda items: _shares(right.get(item.id) for item in items)),
        Score(name="closed_by_area", better="higher", overall=over_areas(list(chosen.values())), by_slice={}),
        scored("polish", "higher", judged, lambda items: _shares(form[item.id].is_polish for item in items)),
        scored("repetition", "lower", judged, lambda items: mean([form[item.id].repetition for item in items])),
        scored(
            "individual_case_restraint",
            "higher",
            judged,
            lambda items: _shares(form[item.id].is_restrained for item in items),
        ),
    ]


def groups_of(records: Iterable[Record]) -> dict[str, str]:
    """Row -> group of rows that ask the same in other words.

    Those of one lineage whose provisions, key facts and right choice are the same. A lineage is wider: it holds all
    that must not be parted, also a question and its opposite in nearly the same words.
    """
    return {record.id: asked for record in records if (asked := _asked(record))}


def _asked(record: Record) -> str:
    articles = sorted(basis_of(record.legal_basis).articles)
    right = dict(record.choices).get(record.correct, "")
    if not record.group or not (articles or record.facts or right):
        return ""
    verdict = [word for word in words(record.answer)[:1] if word.lower() in _VERDICTS]
    return "\n".join((record.group, *articles, *record.facts, normal_form(right), *verdict))


def _mark(record: Record, item: Answer, known_until: date | None, group: str) -> Marked:
    text, is_own_case = item.text or "", record.item_type == "individual_case"
    judged = judge(record, text, item.finished, known_until)
    if group:
        judged = judged.model_copy(update={"slices": (*judged.slices, PARAPHRASE)})
    return Marked(
        judged=judged,
        is_polish=is_polish(text),
        repetition=repeated_share(text),
        is_advice=advises(text) if is_own_case else None,
        is_restrained=not judged.malformed and is_restrained(text) if is_own_case else None,
        choice=_choice(record, most_likely(item.letters)) if item.letters else None,
        group=group,
    )


def _choice(record: Record, chosen: str) -> Choice:
    return Choice(
        id=record.id,
        area=record.area,
        chosen=chosen,
        is_right=chosen == record.correct,
    )


def _shares(claims: Iterable[bool | None]) -> Estimate:
    return share([claim for claim in claims if claim is not None])
