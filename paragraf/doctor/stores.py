"""Stores: the workspace's folder and the two databases in it, as far as they can be read without their owners."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

from paragraf.doctor.finding import Finding
from paragraf.doctor.machine import existing
from paragraf.errors import ParagrafError
from paragraf.preflight import probe
from paragraf.workspace import home

_REVISION = re.compile(r"""^revision\b.*?["'](\w+)["']""", re.MULTILINE)
_BEFORE = re.compile(r"^down_revision\b(.*)$", re.MULTILINE)
_MIGRATIONS = {
    "Prefect": ("prefect", "server/database/_migrations/versions/sqlite"),
    "MLflow": ("mlflow", "store/db_migrations/versions"),
}


def stores() -> Iterator[Finding]:
    """The workspace, and the database of each server."""
    yield _workspace()
    yield database("Prefect", home() / "prefect" / "prefect.db", "it is brought up to date by: paragraf up")
    mlflow = home() / "mlflow" / "mlflow.db"
    yield database("MLflow", mlflow, f"copy it, then run: mlflow db upgrade sqlite:///{mlflow}")


def _workspace() -> Finding:
    place = existing(home())
    try:
        probe(place)
    except ParagrafError as error:
        return Finding("workspace", "fault", str(error), "see what was found")
    found = str(home()) if place == home() else f"{home()} is made by the first run"
    return Finding("workspace", "ok", f"{found}; files can be made, locked, synced and renamed")


def database(name: str, path: Path, upgrade: str) -> Finding:
    """Whether a SQLite database can be read, is sound, and has the schema of the release that is installed."""
    check = f"{name} store"
    if not path.is_file():
        return Finding(check, "ok", "none yet; the first run makes it")
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=1)) as opened:
            [sound] = opened.execute("pragma quick_check(1)").fetchone()
            found = {str(row[0]) for row in opened.execute("select version_num from alembic_version")}
    except sqlite3.Error as error:
        return Finding(check, "fault", f"{path}: {error}", f"put a copy back in its place, or remove it: rm {path}")
    if sound != "ok":
        return Finding(check, "fault", f"{path}: {sound}", f"put a copy back in its place, or remove it: rm {path}")
    known, newest = _schemas(*_MIGRATIONS[name])
    if found == newest:
        return Finding(check, "ok", f"sound, of the schema {', '.join(sorted(found))}")
    if found and found <= known:
        return Finding(check, "warning", f"{path}: its schema is of an older release", upgrade)
    return Finding(check, "fault", f"{path}: its schema is of no release that is known here", f"install a newer {name}")


def _schemas(package: str, folder: str) -> tuple[set[str], set[str]]:
    """All revisions of a package's migrations, and those that nothing comes after; read, not run."""
    spec = find_spec(package)
    place = Path((spec.submodule_search_locations or [""])[0]) / folder if spec else Path()
    texts = [path.read_text("utf-8") for path in place.glob("*.py")]
    known = {name for text in texts for name in _REVISION.findall(text)}
    before = {
        name for text in texts for told in _BEFORE.findall(text) for name in re.findall(r"""["'](\w+)["']""", told)
    }
    return known, known - before
