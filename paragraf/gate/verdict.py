"""Verdict: what every rule of the gate found, and what follows from all of them."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from paragraf.intervals import Estimate

Decision = Literal["PROMOTE", "HOLD", "REJECT"]
Status = Literal["passed", "failed", "insufficient"]
RuleName = Literal[
    "fabrication", "advice", "superiority", "slice", "retention", "old_test", "baseline", "chance", "judge"
]


class RuleResult(BaseModel):
    """What one rule found.

    Attributes:
        subject: the slice or the other contender that the rule is about, if it is about one.
        rejects: the rule is not only unproven but surely broken.
        evidence: every number that the result rests on, by name.
        english: a sentence for logs; `polish` the same for the report.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: RuleName
    subject: str = ""
    status: Status
    rejects: bool = False
    evidence: dict[str, float]
    english: str
    polish: str


class Standing(BaseModel):
    """How often a contender was right, invented provisions and gave forbidden advice."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    accurate: Estimate
    fabricates: Estimate
    violates: Estimate


class Verdict(BaseModel):
    """The decision on a challenger with all that it rests on.

    Attributes:
        rival: the champion, or the base model where there is no champion.
        wins: ids of the items that the challenger alone got right; `losses` those that the rival alone did.
        use_instead: a way without training that is as good or better; the advice is then not to fine-tune.
        digest: SHA-256 of all inputs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    decision: Decision
    challenger: str
    rival: str
    has_champion: bool
    rules: tuple[RuleResult, ...]
    standings: tuple[Standing, ...]
    wins: tuple[str, ...]
    losses: tuple[str, ...]
    use_instead: str | None
    digest: str

    def content(self) -> str:
        return self.model_dump_json()

    def of(self, status: Status) -> list[RuleResult]:
        return [result for result in self.rules if result.status == status]

    def summary(self) -> str:
        """The stage's line in the log."""
        advice = f" Do not fine-tune: use {self.use_instead}." if self.use_instead else ""
        against = "champion" if self.has_champion else "base model"
        return (
            f"{self.decision}: {self.challenger} against the {against} {self.rival}; rules passed "
            f"{len(self.of('passed'))}, failed {len(self.of('failed'))}, insufficient {len(self.of('insufficient'))}."
            f"{advice}"
        )
