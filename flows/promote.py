"""Promote: a registered version in; a champion that was allowed, approved and tried out, or the one before it, out."""

from typing import Literal, NamedTuple

from prefect import flow, get_run_logger
from prefect.events import emit_event
from pydantic import BaseModel, ConfigDict

from flows.approval import APPROVED, ask_person
from paragraf.errors import Busy, Outrun, RolledBack, Withheld
from paragraf.gate.verdict import Decision
from paragraf.promote import Entry, PromoteSettings, PromotionSettings, last_promotion, named
from paragraf.registry import Registered
from tasks.candidate import candidate
from tasks.notify import send_of_run
from tasks.promote import promote as move
from tasks.registry import confirm, promotions, write_entry
from tasks.rollback import rollback
from tasks.smoke_test import smoke_test

AWAITS = "paragraf.promotion.awaits"  # an event: a version could be promoted, and the settings want a person's word
GATE = "gate"


class Outcome(BaseModel):
    """How a promotion that met no obstacle ended."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Literal["promoted", "already", "declined"]
    version: str
    over: str


class _Decided(NamedTuple):
    is_approved: bool
    by: str
    reason: str


@flow(name="promote")
def promote(settings: PromoteSettings = PromoteSettings()) -> Outcome:  # noqa: B008  # frozen, and the form shows its values
    """The gate's verdict, a person's approval where the settings want it, the alias, the smoke test, or the way back.

    Killed at any moment it leaves the old champion or the new one; the same command again goes on.
    """
    return promote_version(settings)


def promote_version(settings: PromoteSettings) -> Outcome:
    """Promote a version within a flow.

    Raises:
        MissingInput: there is no such version.
        Withheld: by its verdict or the settings it may not become champion.
        Outrun: somebody else has become champion meanwhile.
        RolledBack: it failed its smoke test, and the champion before it is back.
    """
    found = candidate(settings)
    version, over = found.version, found.over
    if found.is_champion:
        return _go_on(version, settings.promotion)
    decided = _asked(version, over, settings) if found.asks else _typed(version, settings)
    if not decided.is_approved:
        write_entry(Entry.now("declined", version.number, over, decided.by, decided.reason))
        get_run_logger().warning("Version %s was declined by %s: %s", version.number, decided.by, decided.reason)
        return Outcome(status="declined", version=version.number, over=over)
    _try_out(move(version.number, over, decided.by, decided.reason), settings.promotion)
    return Outcome(status="promoted", version=version.number, over=over)


def promote_finished(version: str, verdict: Decision, settings: PromotionSettings) -> None:
    """What follows from the verdict at the end of a training: promotion, a request for approval, or nothing.

    A promotion that fails is told; the training has succeeded all the same.
    """
    if verdict != "PROMOTE":
        return
    if settings.approval == "person":
        awaits = f"Version {version} awaits approval: paragraf promote {version}"
        get_run_logger().info("%s", awaits)
        send_of_run(get_run_logger(), "Paragraf: approval", awaits)
        resource = {"prefect.resource.id": f"paragraf.version.{version}", "prefect.resource.name": f"version {version}"}
        emit_event(AWAITS, resource=resource, payload={"version": version})
        return
    try:
        promote_version(PromoteSettings(version=version, by=GATE, promotion=settings))
    except (Busy, Outrun, Withheld, RolledBack) as error:
        get_run_logger().warning("Version %s is not champion: %s", version, error)


def _asked(version: Registered, over: str, settings: PromoteSettings) -> _Decided:
    answer = ask_person(version, over, settings.promotion.approval_hours)
    return _Decided(answer.decision == APPROVED, answer.name, answer.reason)


def _typed(version: Registered, settings: PromoteSettings) -> _Decided:
    return _Decided(True, settings.by or (GATE if version.verdict == "PROMOTE" else "command line"), settings.reason)


def _go_on(version: Registered, settings: PromotionSettings) -> Outcome:
    """Try out a champion whose promotion was killed before that was done; leave any other alone."""
    moved = last_promotion(promotions(), version.number)
    if moved is None or version.is_confirmed:
        get_run_logger().info("Version %s is champion already.", version.number)
        return Outcome(status="already", version=version.number, over=moved.over if moved else "")
    get_run_logger().info("The promotion of version %s was interrupted; it goes on.", version.number)
    _try_out(moved, settings)
    return Outcome(status="promoted", version=version.number, over=moved.over)


def _try_out(moved: Entry, settings: PromotionSettings) -> None:
    faults = smoke_test(moved.version, settings.smoke_tokens)
    if faults:
        rollback(moved.version, moved.over, "smoke test", "; ".join(faults))
        back = named(moved.over)
        raise RolledBack(f"version {moved.version} failed its smoke test, champion is {back}: {'; '.join(faults)}")
    confirm(Entry.now("confirmed", moved.version, moved.over, moved.by))
