"""Finding: a problem of a training with what was measured, and the changes of settings that are advised."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict


class Finding(BaseModel):
    """A problem by the field's name for it; `flags` are those changes that have a value, ready for the command line."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    problem: str
    symptom: str
    advice: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to do differently: in words, and as a flag with its value if there is a setting for it."""

    words: str
    flag: str = ""

    def __str__(self) -> str:
        return f"{self.words} ({self.flag})" if self.flag else self.words


def finding(problem: str, symptom: str, changes: Sequence[Change]) -> Finding:
    """A finding whose advice names every change, the one to try first in front."""
    return Finding(
        problem=problem,
        symptom=symptom,
        advice="; ".join(map(str, changes)),
        flags=tuple(change.flag for change in changes if " " in change.flag),
    )
