"""The judge in a run: answers of a new model and of its rival in, which of the two a language model prefers out."""

import logging
from collections.abc import Sequence
from dataclasses import asdict

from pydantic import BaseModel, ConfigDict

from paragraf.answer import Answers
from paragraf.decide import Testimony
from paragraf.gate import Preferred
from paragraf.generator import OpenAIGenerator
from paragraf.intervals import Estimate
from paragraf.judge.asking import Rivals
from paragraf.judge.calibration import Calibration, faults, kept
from paragraf.judge.judging import Judge
from paragraf.judge.settings import JudgeSettings, NoJudge
from paragraf.judge.tally import compare, keep_opinions
from paragraf.judge.wording import NO_OPINION, NOT_CALIBRATED, fault_words
from paragraf.records import Record
from paragraf.snapshots import Snapshot
from paragraf.workspace import relative

logger = logging.getLogger(__name__)


class Judgement(BaseModel):
    """How often a language model preferred the new model's answers to its rival's, and whether that may decide.

    Attributes:
        judge: the model that judged.
        rows: questions that both answered; on `equal` of them with the same words, so that nobody was asked.
        win_rate: of the new model; a tie is half a win.
        swap_bias: share of the pairs asked about whose verdict changed with the order of the answers.
        faults: why it may not decide, in Polish; `english` the same for logs.
        opinions: the file of all opinions in the workspace, "" where there are none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    judge: str
    rival: str
    rows: int
    wins: int
    losses: int
    ties: int
    equal: int
    errors: dict[str, int]
    win_rate: Estimate
    swap_bias: Estimate
    may_decide: bool
    faults: tuple[str, ...]
    english: tuple[str, ...]
    opinions: str

    def preferred(self) -> Preferred | None:
        """What the gate may weigh: nothing, unless the judge may decide."""
        if not self.may_decide:
            return None
        return Preferred(judge=self.judge, rate=self.win_rate, opinions=self.opinions)

    def summary(self) -> str:
        """The stage's line in the log."""
        told = (
            f"{self.judge} prefers the new model {self.wins} times, the {self.rival} {self.losses} times, tie "
            f"{self.ties}, no opinion {sum(self.errors.values())}"
        )
        return f"{told}; it may decide." if self.may_decide else f"{told}; information only: {'; '.join(self.english)}."


def judge(test: Snapshot, tuned: Answers, rival: Testimony, settings: JudgeSettings) -> Judgement | None:
    """Ask the judge, in both orders, about every test row that both answered; None where no judge is set.

    Raises:
        BadSettings: there is no usable key, or the endpoint knows no such key or model.
    """
    if isinstance(settings.generator, NoJudge):
        return None
    pairs = _pairs(test.read(), tuned, rival.answers)
    calibrations = kept(settings)
    with OpenAIGenerator(settings.generator) as generator:
        counted, given = compare(Judge(settings, generator, calibrations), pairs)
        spent = generator.spent()
    logger.info("Asked %s %d times, for %g.", settings.generator.model, spent.calls, spent.cost)
    polish, english = ([], []) if counted.may_decide else _faults(calibrations, settings)
    return Judgement(
        judge=settings.generator.model,
        rival=rival.name,
        rows=len(pairs),
        **asdict(counted),
        faults=tuple(polish),
        english=tuple(english),
        opinions=relative(keep_opinions(given)) if given else "",
    )


def _pairs(records: Sequence[Record], tuned: Answers, rival: Answers) -> list[Rivals]:
    """The rows that both answered in full, in the order of the test."""
    first, second = ({item.id: item.text for item in answers.read()} for answers in (tuned, rival))
    said = [(record, first.get(record.id), second.get(record.id)) for record in records]
    return [
        Rivals(record.id, record.question, record.answer, one, other)
        for record, one, other in said
        if one is not None and other is not None
    ]


def _faults(calibrations: Sequence[Calibration], settings: JudgeSettings) -> tuple[list[str], list[str]]:
    """Why the judge may not decide, in Polish and in English."""
    held = next((one for one in calibrations if one.criterion == "preference"), None)
    if held is None:
        return [NOT_CALIBRATED], ["no calibration"]
    if english := faults(held, settings):
        return fault_words(held, settings), english
    return [NO_OPINION], ["no opinion on any pair"]
