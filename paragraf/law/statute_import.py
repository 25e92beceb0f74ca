"""Statute import: files with the text of acts in, one new index file with their provisions out, whole or not at all."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from paragraf import strict_json
from paragraf.errors import BadRow, BadSettings, Damaged, MissingInput, NoPermission, NoSpace
from paragraf.holding import held
from paragraf.law.acts import acts
from paragraf.law.naming import UNLISTED
from paragraf.law.places import canonical
from paragraf.law.statutes import SCHEMA, Period, index_path
from paragraf.publish import abandoned_stages, publish_file, scratch

_FIELDS = frozenset({"text", "from", "until"})


@dataclass(frozen=True, slots=True)
class Imported:
    """What one import brought into the index."""

    path: Path
    acts: tuple[str, ...]
    articles: int
    versions: int
    period: Period

    def summary(self) -> str:
        """One line of counts."""
        since, until = self.period
        days = (
            " ".join([*([f"from {since}"] if since else []), *([f"until {until}"] if until else [])]) or "at any time"
        )
        return (
            f"Imported {len(self.acts)} acts ({', '.join(self.acts)}): {self.articles} articles in {self.versions} "
            f"versions, valid {days}; index {self.path}."
        )


@dataclass(frozen=True, slots=True)
class Wording:
    """The text of one article within its days."""

    article: str
    period: Period
    text: str


def import_statutes(source: Path, act: str, period: Period, tell: Callable[[str], None]) -> Imported:
    """Put the acts of a file or folder of JSON files into the index of this workspace.

    A file is an object of article numbers with their texts; a value may also be {"text", "from", "until"}, or a list of
    such versions. `act` is the act's key, or "" for the name of each file. What an earlier import of the same act for
    the same period brought is replaced. `tell` hears of each act that was read.

    Raises:
        MissingInput: there is no such file, or no JSON file in the folder.
        BadSettings: the key is of no known act, or the period ends before it begins.
        BadRow: a file or an article is not as it should be; names both.
        Busy: another import is running.
        Damaged: the file of the index is not readable as one.
        NoPermission, NoSpace: the workspace cannot be written.
    """
    files = _files(source, act)
    if period.until and period.until < period.since:
        raise BadSettings(f"--until {period.until} is before --from {period.since}; exchange them.")
    keys = [_known(act or path.stem, path) for path in files]
    final = index_path()
    articles = versions = 0
    with (
        _told(final),
        _alone(final),
        scratch(final.parent) as folder,
        closing(_opened(folder / final.name, final)) as index,
    ):
        for number, (key, path) in enumerate(zip(keys, files, strict=True), 1):
            rows = list(wordings(path, period))
            _replace(index, key, period, rows)
            articles += len({row.article for row in rows})
            versions += len(rows)
            tell(f"Read {number} of {len(files)}: {path.name}, {len(rows)} versions.")
        index.commit()
        index.close()
        publish_file(final, (folder / final.name).read_bytes())
    return Imported(final, tuple(keys), articles, versions, period)


def wordings(path: Path, period: Period) -> Iterator[Wording]:
    """The versions of one file's articles, in its order; `period` is for those that name no days of their own.

    Raises:
        BadRow: the file or an article is not as it should be; names both.
        MissingInput: the file cannot be read.
    """
    try:
        content = strict_json.parse(path.read_text("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadRow(f"{path}: not readable as UTF-8 ({error.reason} at byte {error.start}); convert it.") from error
    except ValueError as error:
        raise BadRow(f"{path}: {error}") from error
    except OSError as error:
        raise MissingInput(f"{path}: cannot be read ({error.strerror}).") from error
    if not isinstance(content, dict) or not content:
        found = strict_json.described(content)
        raise BadRow(f"{path}: expected an object of article numbers with their texts, found {found}.")
    seen: set[tuple[str, str]] = set()
    for written, value in content.items():
        where = f"{path}: article {written[:40]!r}"
        article = canonical(written)
        if not article:
            raise BadRow(f"{where}: this is no number of an article, as 22, 22a or 22^1 are.")
        for version in value if isinstance(value, list) else [value]:
            row = _row(article, version, period, where)
            if (article, row.period.since) in seen:
                raise BadRow(f"{where}: stands twice for the same days; keep one.")
            seen.add((article, row.period.since))
            yield row


def day(written: object, where: str) -> str:
    """An ISO date as it was written; "" for none.

    Raises:
        BadRow: it is something else; the message begins with `where`.
    """
    if written in (None, ""):
        return ""
    try:
        return date.fromisoformat(str(written)).isoformat()
    except ValueError as error:
        raise BadRow(f"{where}: expected a date as 2025-01-31, found {str(written)[:40]!r}.") from error


def _files(source: Path, act: str) -> list[Path]:
    if source.is_file():
        return [source]
    if not source.is_dir():
        raise MissingInput(f"{source}: no such file or folder of statutes.")
    found = sorted(path for path in source.glob("*.json") if not path.name.startswith("."))
    if not found:
        raise MissingInput(
            f"{source}: no .json file in this folder; a file of articles is named after its act, kc.json."
        )
    if act and len(found) > 1:
        raise BadSettings(f"--act {act} is for one file, and {source} holds {len(found)}; name the file.")
    return found


def _known(key: str, path: Path) -> str:
    if key not in acts() and not key.startswith(UNLISTED):
        raise BadSettings(f"{path}: no act has the key {key!r}; give it with --act, or add the act to your acts.json.")
    return key


@contextmanager
def _alone(final: Path) -> Iterator[None]:
    """Keep other imports out, whose rows would be lost, and remove what a killed one, whose lock is free, has left."""
    with held(final.with_suffix(".lock"), f"{final}: another import is writing it; wait until it has ended."):
        for left in abandoned_stages(final.parent):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        yield


def _opened(staged: Path, final: Path) -> sqlite3.Connection:
    """A copy of the index to write into, which is thrown away if anything fails, so that it needs no journal."""
    is_new = not final.is_file()
    if not is_new:
        shutil.copyfile(final, staged)
    index = sqlite3.connect(staged)
    index.execute("PRAGMA journal_mode = OFF")
    index.execute("PRAGMA synchronous = OFF")
    if is_new:
        index.executescript(SCHEMA)
    return index


@contextmanager
def _told(final: Path) -> Iterator[None]:
    """What the database and the disk say, in one line of ours."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE):
            raise NoSpace(f"{final}: the disk is full; free some space and import again.") from error
        raise Damaged(f"{final}: not readable as a statute index ({error}); delete it and import again.") from error
    except PermissionError as error:
        message = f"{error.filename}: no permission to write; choose another folder with PARAGRAF_HOME."
        raise NoPermission(message) from error


def _replace(index: sqlite3.Connection, act: str, period: Period, rows: list[Wording]) -> None:
    index.execute("DELETE FROM versions WHERE act = ? AND import_since = ? AND import_until = ?", (act, *period))
    index.execute("INSERT OR REPLACE INTO imports VALUES (?, ?, ?)", (act, *period))
    index.executemany(
        "INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ((act, *period, row.article, *row.period, row.text, place) for place, row in enumerate(rows)),
    )


def _row(article: str, value: object, period: Period, where: str) -> Wording:
    fields = value if isinstance(value, dict) else {"text": value}
    text = fields.get("text")
    if not isinstance(text, str) or not text.strip():
        raise BadRow(f"{where}: expected its text, found {strict_json.described(text)}.")
    if strange := fields.keys() - _FIELDS:
        raise BadRow(f"{where}: no field {min(strange)!r}; a version has text, from and until.")
    own = Period(day(fields.get("from"), where) or period.since, day(fields.get("until"), where) or period.until)
    if own.until and own.until < own.since:
        raise BadRow(f"{where}: it ends on {own.until}, before it begins on {own.since}.")
    return Wording(article, own, text)
