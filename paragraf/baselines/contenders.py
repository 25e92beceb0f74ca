"""Contenders: answers of models, each asked in one way, in; quality, time, tokens and cost on the same rows out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from pydantic import BaseModel, ConfigDict

from paragraf.answer import Answer, Answers
from paragraf.baselines.asking import Asking
from paragraf.baselines.settings import PriceSettings
from paragraf.intervals import Estimate
from paragraf.judging import marked, measured
from paragraf.records import Record
from paragraf.snapshots import Snapshot

_MERITS = ("accurate", "key_facts", "citation_f1", "polish")  # by what one is the better one: the law, then the form


class Contender(BaseModel):
    """A model and a way of asking it; tokens, seconds and cost are means of an answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    system: str
    is_tuned: bool
    measures: dict[str, Estimate]
    read: float
    written: float
    seconds: float
    cost: float

    def merit(self) -> tuple[float, ...]:
        """What contenders are ordered by; higher is better."""
        return tuple(self.measures[name].value or 0.0 for name in _MERITS)


class Contest(BaseModel):
    """Contenders that answered the same rows; empty where nobody was asked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int
    currency: str
    prices_as_of: str
    contenders: list[Contender]

    @classmethod
    def empty(cls) -> Self:
        return cls(rows=0, currency="", prices_as_of="", contenders=[])

    def find(self, name: str) -> Contender | None:
        return next((contender for contender in self.contenders if contender.name == name), None)

    def best_untrained(self) -> Contender | None:
        """The best way to do without fine-tuning; the first of equals, which is the cheapest to ask."""
        return max((one for one in self.contenders if not one.is_tuned), key=Contender.merit, default=None)

    def best_tuned(self) -> Contender | None:
        return max((one for one in self.contenders if one.is_tuned), key=Contender.merit, default=None)

    def summary(self) -> str:
        """A line for the log."""
        told = [
            f"{one.name} {one.measures['accurate'].value or 0:.2f}/{one.measures['citation_f1'].value or 0:.2f}"
            for one in self.contenders
        ]
        return f"Right in law/citation F1 on {self.rows} rows: {', '.join(told)}."


@dataclass(frozen=True, slots=True)
class Heard:
    """A model that was asked in one way, and all that it said."""

    name: str  # base, tuned, base_few_shot ...
    asking: Asking
    answers: Sequence[Answer]


def contest(asked: Snapshot, answers: Sequence[Answers], price: PriceSettings) -> Contest:
    """Judge the answers of every contender at rest."""
    return judge_all(asked.read(), [Heard(one.contender(), one.asking, one.read()) for one in answers], price)


def judge_all(records: Sequence[Record], heard: Sequence[Heard], price: PriceSettings) -> Contest:
    """Judge every contender on the rows that all of them answered; the untrained ones first, then the plain ones."""
    heard = [one for one in heard if one.answers]  # a model that answers no questions is no contender
    heard = sorted(heard, key=lambda one: (_is_tuned(one), not one.asking.is_plain()))
    said = [{item.id: item for item in one.answers if item.text is not None} for one in heard]
    rows = [record for record in records if said and all(record.id in answers for answers in said)]
    if not rows:
        return Contest.empty()
    return Contest(
        rows=len(rows),
        currency=price.currency,
        prices_as_of=price.as_of,
        contenders=[
            _contender(one, rows, [answers[record.id] for record in rows], price)
            for one, answers in zip(heard, said, strict=True)
        ],
    )


def _contender(one: Heard, rows: Sequence[Record], answers: Sequence[Answer], price: PriceSettings) -> Contender:
    scores = measured(marked(rows, {item.id: item for item in answers}))
    return Contender(
        name=one.name,
        system=one.asking.framing.system,
        is_tuned=_is_tuned(one),
        measures={score.name: score.overall for score in scores},
        read=_mean([item.read for item in answers]),
        written=_mean([item.written for item in answers]),
        seconds=_mean([item.seconds for item in answers]),
        cost=_mean([price.cost(item.seconds, item.read, item.written) for item in answers]),
    )


def _is_tuned(one: Heard) -> bool:
    return one.name.startswith("tuned")


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
