"""Promote: who may become champion, and what the log of promotions says of who was before."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from paragraf.errors import Withheld
from paragraf.registry import Registered
from paragraf.stage import StageSettings

# "promoted" is written before the alias moves, so that no move goes unlogged; one that came to nothing is told apart
# by what the next entry, or the alias itself, finds in place
Kind = Literal["promoted", "confirmed", "rolled_back", "declined"]


class PromotionSettings(StageSettings):
    """How a registered version becomes champion, the model that answers."""

    approval: Annotated[
        Literal["none", "person"],
        Field(
            description="Who has the last word. none: a version whose verdict is PROMOTE becomes champion at the end "
            "of its run. person: it waits until somebody approves it in the Prefect pages or by `paragraf promote`."
        ),
    ] = "none"
    approval_hours: Annotated[
        int, Field(ge=1, le=8760, description="Hours that a request for approval stays open; then its run fails.")
    ] = 168
    held: Annotated[
        Literal["reason", "never"],
        Field(
            description="Whether a version whose verdict is HOLD may be promoted: for a reason that is written to "
            "the log, or never."
        ),
    ] = "reason"
    smoke_tokens: Annotated[
        int, Field(ge=8, le=8192, description="Longest answer of the smoke test, in tokens; a longer one fails it.")
    ] = 512


class PromoteSettings(StageSettings):
    """Which version is to become champion, and how."""

    version: Annotated[
        str, Field(title="Version", pattern=r"^(challenger|\d+)$", description="Number of the version, or challenger.")
    ] = "challenger"
    over: Annotated[
        str,
        Field(
            title="Over",
            pattern=r"^(|none|\d+)$",
            description="Version that must be champion now, or none; by default the one that the verdict is about. "
            "Another one needs a reason.",
        ),
    ] = ""
    by: Annotated[
        str,
        Field(title="By", max_length=80, description="Who has approved already; if empty, a person may be asked."),
    ] = ""
    reason: Annotated[
        str,
        Field(title="Reason", max_length=2000, description="Why; needed for a verdict HOLD, kept in the log."),
    ] = ""
    promotion: Annotated[PromotionSettings, Field(title="Promotion")] = PromotionSettings()


class Entry(BaseModel):
    """One line of the log of promotions; ids sort by time.

    Attributes:
        version: champion after it; "" is nobody. `over` is the champion before it.
        by: who decided: a person's name, or `gate`, `smoke test`, `command line`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    kind: Kind
    version: str
    over: str
    by: str
    reason: str = ""

    @classmethod
    def now(cls, kind: Kind, version: str, over: str, by: str, reason: str = "") -> Self:
        number = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}"
        return cls(id=number, kind=kind, version=version, over=over, by=by, reason=reason)

    def summary(self) -> str:
        """Who did what, for the log and for who came too late."""
        what = {
            "promoted": f"version {self.version} was promoted by {self.by}",
            "confirmed": f"version {self.version}, promoted by {self.by}, passed its smoke test",
            "rolled_back": f"version {self.over} was rolled back to {named(self.version)} by {self.by}",
            "declined": f"version {self.version} was declined by {self.by}",
        }[self.kind]
        return f"{what} ({self.id}){f': {self.reason}' if self.reason else ''}"


def named(version: str) -> str:
    """A version in a sentence; "" is nobody."""
    return f"version {version}" if version else "nobody"


def check_may_stand(version: Registered, over: str, has_reason: bool, settings: PromotionSettings) -> None:
    """Whether a version may be promoted over the champion `over` at all.

    Raises:
        Withheld: its verdict is REJECT or missing, or a reason is needed, or the settings forbid it; says which.
    """
    name = f"version {version.number}"
    if version.verdict == "REJECT":
        raise Withheld(f"{name} has the verdict REJECT and can't be promoted; its report says which rule it breaks.")
    if version.verdict not in ("PROMOTE", "HOLD"):
        raise Withheld(f"{name} has no verdict and can't be promoted; train it again with: paragraf finetune")
    if version.verdict == "HOLD" and settings.held == "never":
        raise Withheld(
            f"{name} has the verdict HOLD, and promotion.held is 'never'; ask more questions (--answer.rows)."
        )
    if version.verdict == "HOLD" and not has_reason:
        raise Withheld(f"{name} has the verdict HOLD: not everything is proven; if it is to be, say why: --reason TEXT")
    if version.forgotten_rows and not has_reason:
        raise Withheld(
            f"{name} learned from {version.forgotten_rows} rows that were forgotten since; train again without them, "
            "or if it is to be all the same, say why: --reason TEXT"
        )
    if version.judged_over not in (None, over) and not has_reason:
        judged = named(version.judged_over or "")
        raise Withheld(f"{name} was judged against {judged}, not {named(over)}; if it is to be, say why: --reason TEXT")


def is_confirmed(log: Sequence[Entry], version: str) -> bool:
    """Whether this champion has passed its smoke test since it was promoted, or is champion again after a rollback."""
    about = [entry.kind for entry in log if entry.version == version and entry.kind != "declined"]
    return not about or about[-1] != "promoted"


def last_promotion(log: Sequence[Entry], version: str) -> Entry | None:
    """The entry that made a version champion last."""
    return next((entry for entry in reversed(log) if (entry.kind, entry.version) == ("promoted", version)), None)


def champion_before(log: Sequence[Entry], current: str) -> str | None:
    """Who was champion before the current one, of those that were not rolled back; None if the log does not know."""
    moves = [entry for entry in log if entry.kind in ("promoted", "rolled_back")]
    found = [*(entry.over for entry in moves), current][1:]  # the champion after each of them
    reigns: list[str] = []
    for entry, after in zip(moves, found, strict=True):
        if entry.version != after:
            continue  # killed before the alias moved
        if entry.kind == "rolled_back":
            while reigns and reigns[-1] != entry.version:
                reigns.pop()
            continue
        if reigns[-1:] != [entry.over]:
            reigns.append(entry.over)
        reigns.append(entry.version)
    return reigns[-2] if len(reigns) > 1 and reigns[-1] == current else None
