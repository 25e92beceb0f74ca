"""Run doctor: the registry's versions and aliases, held against the files that they name."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from paragraf.doctor import Finding
from paragraf.errors import Damaged
from paragraf.logged import logged
from paragraf.models import Model
from paragraf.publish import read_manifest
from paragraf.registry import CHAMPION, Registered
from tasks.registry import REGISTERED_NAME, aliases, registered
from tasks.tracking import client, has_store


def registry() -> Iterator[Finding]:
    """A finding for each alias that points nowhere and each version that can't be had, or one for all."""
    if not has_store():
        yield Finding("versions", "ok", "none yet")
        return
    versions = registered()
    numbers = {version.number for version in versions}
    lost = {name: number for name, number in aliases().items() if number not in numbers}
    for name, number in lost.items():
        remedy = "name another one: paragraf promote NUMBER" if name == CHAMPION else "the next training sets it"
        yield Finding("aliases", "fault", f"{name} points at version {number}, which is not registered", remedy)
    here = {one.number: one.model for one in logged({one.number: one.digest for one in versions if one.digest})}
    gone = [version for version in versions if not _can_be_had(version, here)]
    for version in gone:
        is_champion = CHAMPION in version.aliases
        remedy = "paragraf rollback, or train it again" if is_champion else "train it again, or leave it"
        what = f"the files of version {version.number} are gone{', which is champion' if is_champion else ''}"
        yield Finding("versions", "fault" if is_champion else "warning", what, remedy)
    if not lost and not gone:
        yield Finding("versions", "ok", f"{len(versions)} registered, all can be had")


def _can_be_had(version: Registered, here: Mapping[str, Model]) -> bool:
    """From the workspace or from MLflow; files are counted, not hashed: whoever opens them does that."""
    model = here.get(version.number)
    if model and _has_all_files(model.folder()):
        return True
    run = client().get_model_version(REGISTERED_NAME, version.number).run_id
    return bool(run and client().list_artifacts(run, "model"))


def _has_all_files(folder: Path) -> bool:
    try:
        return all((folder / name).is_file() for name in read_manifest(folder))
    except Damaged:
        return False
