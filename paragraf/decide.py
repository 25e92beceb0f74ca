"""Decide: what every contender answered to the same questions in, the verdict of the gate out."""

from collections.abc import Mapping, Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict

import paragraf.gate
from paragraf.answer import Answer, Answers
from paragraf.errors import NotComparable
from paragraf.gate import Contender, GateSettings, Item, Preferred, Retained, Role, Tried, Verdict
from paragraf.judging import Marked, marked, newest_day
from paragraf.law.days import iso_day_of
from paragraf.records import Record
from paragraf.safety import marks
from paragraf.snapshots import Snapshot

_SHOWN = 12  # discordant questions of each kind


class Testimony(BaseModel):
    """What one contender answered: to test questions, and to safety questions where it was asked any."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    role: Role
    answers: Answers
    safety: Answers | None = None

    def content(self) -> str:
        return f"{self.name} {self.role} {self.answers.digest} {self.safety.digest if self.safety else ''}"


class OldTest(BaseModel):
    """Test rows of the versions before an update, among those that all are asked, and what the version before said."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: Snapshot
    before: Answers

    def content(self) -> str:
        return f"{self.rows.digest} {self.before.digest}"


class Hearing(BaseModel):
    """All that a verdict rests on.

    Attributes:
        test: the rows that were asked; those that all contenders answered are weighed.
        questions: the safety questions.
        train: the rows that the challenger learned from; law that is newer is a slice of its own.
        challenger: the newly trained model; `champion` the one in its place now, if there is one.
        others: ways without training, the base model among them.
        preferred: what a judge says whose word may decide, if there is one.
        old: what an update must not have forgotten; None of any other training.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    test: Snapshot
    questions: Snapshot
    train: Snapshot
    challenger: Testimony
    champion: Testimony | None
    others: tuple[Testimony, ...]
    preferred: Preferred | None = None
    old: OldTest | None = None

    def content(self) -> str:
        """What the verdict depends on, whatever the paths."""
        heard = [self.challenger, *([self.champion] if self.champion else []), *self.others]
        told = [self.test.digest, self.questions.digest, self.train.digest]
        told += [one.content() for one in (self.preferred, self.old) if one]
        return " | ".join([*told, str(self.champion is not None), *(one.content() for one in heard)])


class Discordant(BaseModel):
    """A question that only one of challenger and rival got right; `law_on` is its day (ISO), "" if it has none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    area: str
    law_on: str
    question: str
    expected: str
    challenger: str
    rival: str
    winner: str


class Decided(BaseModel):
    """The verdict, and the first questions on which challenger and rival differ: what was lost, then what was won."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    verdict: Verdict
    discordant: list[Discordant]

    def content(self) -> str:
        return self.model_dump_json()


def decide(hearing: Hearing, settings: GateSettings) -> Decided:
    """The verdict on the challenger, with the digest of everything that was weighed.

    Raises:
        NotComparable: no question was answered by all, or nobody is there to compare with.
    """
    heard = _with_answers(hearing)
    others = [one for one in hearing.others if one in heard]
    said = {one.name: {item.id: item for item in one.answers.read() if item.text is not None} for one in heard}
    records = [record for record in hearing.test.records() if all(record.id in said[one.name] for one in heard)]
    if not records and all(one.answers.rows for one in heard):
        raise NotComparable("no test question was answered by every contender; set answer.rows and baselines.rows.")
    asked = hearing.questions.read()
    before = next((one.answers.retained() for one in hearing.others if one.role == "base"), {})
    known_until = newest_day(hearing.train.records())
    weighed = {one.name: _contender(one, records, said[one.name], asked, before, known_until) for one in heard}
    challenger = weighed[hearing.challenger.name]
    if hearing.old:
        challenger = challenger.model_copy(update={"old_tests": _old_tests(hearing.old, hearing.challenger.answers)})
    verdict = paragraf.gate.decide(
        challenger,
        weighed[hearing.champion.name] if hearing.champion else None,
        [weighed[one.name] for one in others],
        settings,
        hearing.preferred,
    )
    return Decided(verdict=verdict, discordant=_discordant(verdict, {record.id: record for record in records}, said))


def _with_answers(hearing: Hearing) -> list[Testimony]:
    """Who is weighed: everybody who answered; a base model elsewhere may answer no questions.

    One that would be the rival stays, and since it answered nothing, nothing is proven.
    """
    champion = [hearing.champion] if hearing.champion else []
    others = [one for one in hearing.others if one.answers.rows or (one.role == "base" and not champion)]
    return [hearing.challenger, *champion, *others]


def _discordant(
    verdict: Verdict, records: Mapping[str, Record], said: Mapping[str, Mapping[str, Answer]]
) -> list[Discordant]:
    chosen = [(name, verdict.rival) for name in verdict.losses[:_SHOWN]]
    chosen += [(name, verdict.challenger) for name in verdict.wins[:_SHOWN]]
    return [
        Discordant(
            id=name,
            area=records[name].area,
            law_on=iso_day_of(records[name]),
            question=records[name].question,
            expected=records[name].answer,
            challenger=said[verdict.challenger][name].text or "",
            rival=said[verdict.rival][name].text or "",
            winner=winner,
        )
        for name, winner in chosen
    ]


def _contender(
    one: Testimony,
    records: Sequence[Record],
    said: Mapping[str, Answer],
    questions: Sequence[Record],
    before: Mapping[str, float],
    known_until: date | None,
) -> Contender:
    after = one.answers.retained() if one.role == "trained" else {}
    found = marks(questions, one.safety.read()) if one.safety and one.safety.rows else []
    return Contender(
        name=one.name,
        role=one.role,
        items=tuple(map(_item, marked(records, said, known_until), records)),
        tried=tuple(Tried(id=mark.id, violates=mark.violates) for mark in found if mark.violates is not None),
        retained=tuple(
            Retained(id=name, before=before[name], after=loss) for name, loss in after.items() if name in before
        ),
        digest=one.content(),
    )


def _old_tests(old: OldTest, answers: Answers) -> tuple[Retained, ...]:
    before, after = ({item.id: item for item in one.read()} for one in (old.before, answers))
    sides = [(record.id, _loss(before.get(record.id)), _loss(after.get(record.id))) for record in old.rows.records()]
    return tuple(
        Retained(id=name, before=earlier, after=later)
        for name, earlier, later in sides
        if earlier is not None and later is not None
    )


def _loss(item: Answer | None) -> float | None:
    """In nats a token."""
    return None if item is None or item.loss is None else item.loss / max(1, item.tokens)


def _item(mark: Marked, record: Record) -> Item:
    judged = mark.judged
    return Item(
        id=judged.id,
        accurate=mark.choice.is_right if mark.choice else judged.is_accurate,
        fabricates=judged.fabricates,
        violates=mark.is_advice,
        chance=1 / len(record.choices) if record.choices else None,
        slices=judged.slices,
    )
