"""Tally: opinions on pairs of answers in; who wins how often, and how far the judge can be trusted, out."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from paragraf.intervals import Estimate, share
from paragraf.judge.asking import Choice, Rivals
from paragraf.judge.calibration import shown, told
from paragraf.judge.judging import Judge, Opinion, Opinions
from paragraf.publish import publish_file
from paragraf.workspace import home

_WORTH: dict[Choice, float] = {"A": 1.0, "tie": 0.5, "B": 0.0}


@dataclass(frozen=True, slots=True)
class Tally:
    """How often the judge preferred which side.

    Attributes:
        equal: pairs with the same answer twice, which are ties without a question.
        win_rate: of the first side; a tie is half a win.
        swap_bias: share of the pairs asked about whose verdict changed with the order.
        may_decide: whether all these opinions come from a judge with a valid calibration.
    """

    wins: int
    losses: int
    ties: int
    equal: int
    errors: dict[str, int]
    win_rate: Estimate
    swap_bias: Estimate
    may_decide: bool

    def lines(self) -> list[str]:
        """What a person reads."""
        return [
            f"A is better in {self.wins}, B in {self.losses}, tie in {self.ties} ({self.equal} of them the same text)"
            f"{told(self.errors)}.",
            f"Win rate of A {shown(self.win_rate)}; swap bias {shown(self.swap_bias)}.",
        ]


def compare(judge: Judge, pairs: Sequence[Rivals]) -> tuple[Tally, list[Opinion]]:
    """Ask the judge about all pairs whose answers differ."""
    differing = [pair for pair in pairs if pair.first != pair.second]
    opinions = judge.prefer(differing)
    return tally(opinions, len(pairs) - len(differing)), opinions.given


def tally(opinions: Opinions, equal: int) -> Tally:
    """Count the opinions on pairs; `equal` more pairs were ties without a question."""
    values = [opinion.value for opinion in opinions.given] + ["tie"] * equal
    counted = {choice: values.count(choice) for choice in _WORTH}
    return Tally(
        wins=counted["A"],
        losses=counted["B"],
        ties=counted["tie"],
        equal=equal,
        errors=opinions.errors,
        win_rate=share([_WORTH[choice] for choice, times in counted.items() for _ in range(times)]),
        swap_bias=share([not opinion.is_steady for opinion in opinions.given]),
        may_decide=bool(opinions.given) and all(opinion.may_decide for opinion in opinions.given),
    )


def keep_opinions(given: Sequence[Opinion]) -> Path:
    """Put opinions into the workspace, one JSON line each; the name is their digest."""
    content = "".join(opinion.to_line() for opinion in given).encode()
    path = home() / "judge" / f"opinions-{hashlib.sha256(content).hexdigest()[:16]}.jsonl"
    publish_file(path, content)
    return path
