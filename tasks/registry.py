"""The registry in MLflow: which versions there are, who is champion, and the log of how it came to be."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from paragraf.errors import Busy, MissingInput, Outrun
from paragraf.events import record_event
from paragraf.identity import ProcessIdentity
from paragraf.promote import Entry, is_confirmed, named
from paragraf.registry import CHAMPION, Registered
from paragraf.workspace import home
from tasks.tracking import client, has_store

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion, RegisteredModel

REGISTERED_NAME = "paragraf-legal-qa"
VERDICT, JUDGED_OVER, SCORE, TRAINED_ON, RUN = "verdict", "verdict.over", "score.", "trained_on", "run"
LEARNED_FORGOTTEN = "forgotten_rows"  # tag: of its training rows so many were forgotten since
DIGEST = "digest.model"  # tag: of the registered files
RECEIPT = "model"  # the model as JSON, for a workspace that has yet to fetch it
_ENTRY = "promotion."  # then the entry's id: one tag an entry on the registered model, none ever changed
_LOCK_SECONDS = 60


def registered() -> list[Registered]:
    """Every version, the newest first."""
    model = _model(client())
    if model is None:
        return []
    found = client().search_model_versions(f"name = '{REGISTERED_NAME}'")
    versions = [_registered(version, model) for version in found]
    return sorted(versions, key=lambda version: int(version.number), reverse=True)


def find_version(name: str) -> Registered:
    """A version by its number or an alias.

    Raises:
        MissingInput: there is none; names those that there are.
    """
    known = registered()
    for version in known:
        if name == version.number or name in version.aliases:
            return version
    numbers = ", ".join(version.number for version in known)
    raise MissingInput(
        f"no version {name!r} is registered; {f'there are: {numbers}' if known else 'there is none yet'}."
    )


def digests() -> dict[str, str]:
    """Version -> the digest of its model; versions of older releases that tell none are left out."""
    if not has_store():
        return {}
    return {version.number: version.digest for version in registered() if version.digest}


def champion_number(store: "MlflowClient") -> str:
    """The version that is champion, "" if none is."""
    model = _model(store)
    return _aliases(model).get(CHAMPION, "") if model else ""


def aliases() -> dict[str, str]:
    """Alias -> the number of the version that it points at."""
    model = _model(client())
    return _aliases(model) if model else {}


def promotions() -> list[Entry]:
    """The log of promotions, of all machines that share the store, in the order of their clocks."""
    model = _model(client())
    return _log(model) if model else []


def write_entry(entry: Entry) -> None:
    """Add an entry to the log: to MLflow, and to the events of this workspace."""
    client().set_registered_model_tag(REGISTERED_NAME, f"{_ENTRY}{entry.id}", entry.model_dump_json())
    record_event(f"promotion_{entry.kind}", entry.model_dump(exclude={"kind"}))


def move_champion(entry: Entry) -> None:
    """Write the entry, then move the alias from `entry.over` to `entry.version`, if it is there yet.

    Two processes of one workspace go through a lock: exactly one of them moves it. MLflow itself has no compare and
    set, so machines that share a store are only told apart by looking again: here after the move, and in `confirm`
    after the smoke test. The alias is that of the last who wrote, and whoever was overwritten is told at one of these
    looks, unless the other stood still between its two lines for longer than a smoke test takes; then the log holds
    two entries with the same `over`. The alias is moved in one transaction of the store: at no moment is there none.

    Raises:
        Outrun: somebody else is champion by now; names who and what the log says of it.
        Busy: another promotion holds the lock for a minute.
    """
    with _promotion_lock():
        store = client()
        check_champion(entry.over, entry)
        write_entry(entry)
        if entry.version:
            store.set_registered_model_alias(REGISTERED_NAME, CHAMPION, entry.version)
        else:
            store.delete_registered_model_alias(REGISTERED_NAME, CHAMPION)
        check_champion(entry.version, entry)


def confirm(entry: Entry) -> None:
    """Write that the champion has passed its smoke test, if it still is champion.

    Raises:
        Outrun: it is not.
    """
    with _promotion_lock():
        check_champion(entry.version, entry)
        write_entry(entry)


def check_champion(expected: str, mine: Entry | None = None) -> None:
    """Whether a version ("" is nobody) is champion.

    Raises:
        Outrun: it is not; names who is, and the entry by which they are if it is not `mine`.
    """
    found = champion_number(client())
    if found == expected:
        return
    others = [entry for entry in promotions() if entry.version == found and (mine is None or entry.id != mine.id)]
    how = f": {others[-1].summary()}" if others else ""
    raise Outrun(
        f"{named(found)} is champion now, expected {named(expected)}{how}; see: paragraf versions, and name the "
        "champion that you mean with --over."
    )


@contextmanager
def _promotion_lock() -> Iterator[None]:
    from tasks.locks import KernelFileLocks  # and with it Prefect, which those who only look things up do not need

    locks = KernelFileLocks(home() / "locks")
    holder = f"{ProcessIdentity.mine().label()}-{threading.get_ident()}"
    key = f"champion {os.environ['MLFLOW_TRACKING_URI']}"
    if not locks.acquire_lock(key, holder, acquire_timeout=_LOCK_SECONDS):
        raise Busy(f"{home() / 'locks'}: another promotion is under way for over {_LOCK_SECONDS} s; try again.")
    try:
        yield
    finally:
        locks.release_lock(key, holder)


def _model(store: "MlflowClient") -> "RegisteredModel | None":
    """The registered model with its tags and aliases; of these, searches return none."""
    if not store.search_registered_models(f"name = '{REGISTERED_NAME}'"):
        return None
    return store.get_registered_model(REGISTERED_NAME)


def _aliases(model: "RegisteredModel") -> dict[str, str]:
    return {alias: str(number) for alias, number in model.aliases.items()}


def _log(model: "RegisteredModel") -> list[Entry]:
    names = sorted(name for name in model.tags if name.startswith(_ENTRY))
    return [Entry.model_validate_json(model.tags[name]) for name in names]


def _registered(version: "ModelVersion", model: "RegisteredModel") -> Registered:
    number, tags = str(version.version), version.tags
    return Registered(
        number=number,
        aliases=tuple(alias for alias, pointed in _aliases(model).items() if pointed == number),
        verdict=tags.get(VERDICT, ""),
        judged_over=tags.get(JUDGED_OVER),
        scores={name.removeprefix(SCORE): float(value) for name, value in tags.items() if name.startswith(SCORE)},
        trained_on=tags.get(TRAINED_ON, ""),
        forgotten_rows=int(tags.get(LEARNED_FORGOTTEN, "0")),
        run=tags.get(RUN, ""),
        digest=tags.get(DIGEST, ""),
        registered_at=version.creation_timestamp / 1000,
        is_confirmed=is_confirmed(_log(model), number),
    )
