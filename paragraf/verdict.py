"""Verdict: what a suite of expectations found in a corpus; rule by rule, with row ids and never row text."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from paragraf.errors import NotValid

Severity = Literal["critical", "warning", "info"]
NAMED_ROWS = 20  # ids in a message or page; the count tells the rest


class Check(BaseModel):
    """One expectation and what was found; `rows` holds at most NAMED_ROWS ids.

    Attributes:
        number: the name of the number that the rule judges, if it is one of the verdict's.
        least: what the number, or the share of rows that pass, must reach.
        most: what the number must not exceed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    suite: str
    rule: str
    text: str
    severity: Severity
    passed: bool
    observed: str
    failing: int = 0
    rows: list[str] = []
    number: str = ""
    least: float | None = None
    most: float | None = None


class Verdict(BaseModel):
    """All checks of a run, in suite order, with every number that was measured and the counts behind them.

    Attributes:
        counts: name of a distribution (reasons, areas, lengths ...) -> kind or lower edge -> rows.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    checks: list[Check]
    numbers: dict[str, float] = {}
    counts: dict[str, dict[str, int]] = {}

    def content(self) -> str:
        return self.model_dump_json()

    def failed(self, severity: Severity) -> list[Check]:
        return [check for check in self.checks if not check.passed and check.severity == severity]

    def summary(self) -> str:
        """The stage's line in the log."""
        passed = sum(check.passed for check in self.checks)
        failed = {severity: len(self.failed(severity)) for severity in ("critical", "warning", "info")}
        return f"{passed} of {len(self.checks)} expectations hold; failed: " + ", ".join(
            f"{count} {severity}" for severity, count in failed.items()
        )

    def stop_if_critical(self) -> None:
        """Raise NotValid for the first critical failure, with its rule, the value found and row ids."""
        for check in self.failed("critical"):
            rows = f"; rows: {', '.join(check.rows)}" if check.rows else ""
            raise NotValid(f"{check.suite} {check.rule}: {check.text}; found {check.observed}{rows}.")
