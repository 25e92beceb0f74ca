"""Facts: everything that the checklist before a fine-tuning is answered from."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from paragraf.advise.findings import Findings
from paragraf.advise.probe import Span, choose
from paragraf.baselines.contenders import Contest
from paragraf.baselines.settings import PriceSettings
from paragraf.events import read_events
from paragraf.verdict import Check
from paragraf.workspace import at_rest

# Rules of the suite "numbers" that speak of diversity: words, turns of phrase, questions, areas, kinds of items.
DIVERSITY = frozenset(f"N{number:02}" for number in range(6, 15))


class ReadinessFacts(BaseModel):
    """What was measured, and what is set.

    Attributes:
        kept: rows after cleaning.
        areas: area of law -> rows.
        alike: share of questions that are asked once (0 to 1), if it was measured.
        diversity: the checks of the data that speak of diversity.
        answered: test questions that the run would have answered in full.
        contest: what the ways of asking came to, on the test part by an earlier run or on validation rows.
        asked: which rows those were.
        times: how long the training steps take, by the newest advice for this base model.
        schedules: names of the deployments that retrain by the clock.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    base: str
    kept: int
    train: int
    valid: int
    test: int
    areas: dict[str, int]
    alike: float | None
    diversity: list[Check]
    answered: int
    contest: Contest
    asked: Literal["test", "valid", "nothing"]
    times: Span | None
    price: PriceSettings
    schedules: list[str]


def advised_times(base: str) -> Span | None:
    """How long training takes, by the newest advice of this workspace that was for this base model."""
    for event in reversed(read_events("advice_published")):
        path = at_rest(str(event["path"])) / "advice.json"
        findings = Findings.model_validate_json(path.read_bytes()) if path.is_file() else None
        if findings and findings.base == base and (best := choose(list(findings.probes))):
            return findings.run_time(best)
    return None
