"""Rollback: the champion in; the one before it, by the log of promotions, back in its place out."""

from typing import Annotated

from prefect import flow
from pydantic import Field

from paragraf.errors import Withheld
from paragraf.promote import Entry, champion_before
from paragraf.stage import StageSettings
from tasks.registry import champion_number, check_champion, promotions
from tasks.rollback import rollback as move_back
from tasks.tracking import client


class RollbackSettings(StageSettings):
    """Who rolls back, and why."""

    over: Annotated[
        str,
        Field(title="Over", pattern=r"^(|none|\d+)$", description="Version that must be champion now; by default any."),
    ] = ""
    by: Annotated[str, Field(title="By", max_length=80, description="Who decided; kept in the log.")] = "command line"
    reason: Annotated[str, Field(title="Reason", max_length=2000, description="Why; kept in the log.")] = ""


@flow(name="rollback")
def rollback(settings: RollbackSettings = RollbackSettings()) -> Entry:  # noqa: B008  # frozen, and the form shows its values
    """Put the champion before back in its place; again, and it is the one before that.

    Raises:
        Withheld: nobody is champion, or the log does not know who was before.
        Outrun: another version is champion than was expected.
    """
    current = champion_number(client())
    if settings.over:
        check_champion(settings.over.replace("none", ""))
    before = champion_before(promotions(), current)
    if not current or not before:
        found = f"version {current} is champion, and" if current else "nobody is champion, and"
        raise Withheld(f"{found} the log of promotions knows no champion before; promote one: paragraf promote VERSION")
    return move_back(current, before, settings.by, settings.reason)
