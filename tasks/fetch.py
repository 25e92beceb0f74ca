"""Fetch: a registered version in; its model in this workspace, taken from MLflow if it was trained elsewhere, out."""

import re
import shutil
from pathlib import Path

from paragraf.ask import VERSION, find_model
from paragraf.errors import Damaged, MissingInput
from paragraf.events import record_event
from paragraf.models import Base, Model, find_base
from paragraf.publish import MANIFEST, digest_of, hash_file, is_whole, publish, scratch, verify
from paragraf.registry import ALIASES
from paragraf.workspace import at_rest, home
from tasks.registry import RECEIPT, REGISTERED_NAME, find_version
from tasks.tracking import client, has_store

_PLACE = re.compile(r"models/(?:lora|full)-\w[\w.-]*")  # where trainings put models, and nothing else is


def fetch(name: str) -> str:
    """`champion`, `challenger` and `version:3` as the name under which this workspace knows the model; others as given.

    A model of this workspace is a version if its digest is the registry's; one that another registry gave the same
    number is not. Without a store there is nothing to hold it against.
    The registry only says which files there must be: they are hashed, and opened later as those of any model.

    Raises:
        MissingInput: there is no such version, or neither its files nor its base model can be had here.
        Damaged: the files in MLflow are not those that were registered.
    """
    if name not in ALIASES and not name.startswith(VERSION):
        return name
    if name.startswith(VERSION) and not has_store():
        return name
    version = find_version(name.removeprefix(VERSION))
    found = f"{VERSION}{version.number}" + (f"@{version.digest}" if version.digest else "")
    try:
        find_model(found)
    except MissingInput:
        _take(version.number)
    return found


def _take(number: str) -> None:
    from mlflow.exceptions import MlflowException

    version = client().get_model_version(REGISTERED_NAME, number)
    if RECEIPT not in version.tags:
        raise MissingInput(f"version {number} was registered by an older release; its model is not in this workspace.")
    told = Model.model_validate_json(version.tags[RECEIPT])
    if not _PLACE.fullmatch(told.path):
        raise Damaged(f"version {number}: {told.path!r} is no place of a model; its tag {RECEIPT!r} was changed.")
    model = told.model_copy(update={"base": _base(told.base), "path": _place(told)})
    with scratch(home() / "models") as folder:
        try:
            client().download_artifacts(str(version.run_id), "model", str(folder))
        except (MlflowException, OSError) as error:
            raise MissingInput(f"version {number}: its files can't be had from MLflow: {error}") from error
        _publish(folder / "model", model)
    record_event("model_ready", {"version": number, "model": model.model_dump_json()})


def _base(told: Base) -> Base:
    """The base model of this machine, by name or, for a folder, by path."""
    found = told if told.is_there() else find_base(told.name)
    if found.digest != told.digest:
        raise Damaged(
            f"{found.folder()}: another base model than the version was trained on; get {told.name!r} itself."
        )
    return found


def _place(told: Model) -> str:
    """Where the model goes: the same training, done here, may have ended with other weights, and they stay."""
    folder = at_rest(told.path)
    return f"{told.path}-{told.digest[:12]}" if is_whole(folder) and verify(folder) != told.digest else told.path


def _publish(files: Path, model: Model) -> None:
    """Nothing is seen in the workspace before it is known to be what was registered."""
    (files / MANIFEST).unlink(missing_ok=True)
    hashes = {path.relative_to(files).as_posix(): hash_file(path) for path in files.rglob("*") if path.is_file()}
    if (found := digest_of(hashes)) != model.digest:
        raise Damaged(f"MLflow holds other files ({found[:12]}) than were registered ({model.digest[:12]}).")
    with publish(model.folder()) as staged:
        shutil.copytree(files, staged, dirs_exist_ok=True)
