"""Places: where in a workspace something of a row may lie, and what is done there: what can be made again goes whole.

Units are named by the digest of their content: none is changed, and a later run makes them again from the source.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from paragraf.forget.contents import holds, readings, texts
from paragraf.forget.inbox_lines import Known, has_lines
from paragraf.forget.traces import Traces
from paragraf.generator.shelf import read_kept, shelves
from paragraf.inbox import inbox
from paragraf.law.acts import own_acts_file
from paragraf.law.statutes import index_path
from paragraf.lines import Place
from paragraf.workspace import home, relative

_ROWS = "rows/*"
_UNITS = (  # each goes if it holds a trace
    *(_ROWS, "chats/*", "training/*", "answers/*", "exports/*", "libraries/*", "contests/*", "advice/*", "prompts/*"),
    *("search/*", "compare/*", "judge/*.jsonl", "judge/calibrations/*", "reports/*", "results/*"),
    *("mlflow/artifacts/*/artifacts/*", "server/files/*", "server/parts/*"),
)
_BY_ID = ("answers/", "judge/", "results/", "contests/", "reports/validation.html")  # they name rows by their ids
_MADE_FROM = ("training/", "answers/", "exports/", "libraries/", "results/")  # go with the rows that they name
_UNREADABLE = ("tokens/*", "first-looks/*", "generated/local/*", "scratch/*")  # numbers, and work that was read out
_LINES = ("logs/*", "events.jsonl", "ledger/*", "inbox/*")
_DATABASES = ("prefect/prefect.db", "mlflow/mlflow.db", "server/state.db")
_OURS = ("forgotten/", "receipts/", "locks/", "models/base/")


@dataclass(slots=True)
class Plan:
    """What goes whole, which files lose lines and which databases are written anew; paths inside the workspace."""

    gone: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    databases: list[str] = field(default_factory=list)


def plan(known: Known, gone_before: Collection[str] = ()) -> Plan:
    """Where something is to be done; `gone_before` are things of which what was made from them may still be there."""
    traces = known.traces
    units = list(_there(_UNITS))
    gone = {unit for unit in units if _holds(unit, traces)}
    gone |= _made_from(gone | set(gone_before), [unit for unit in units if unit.startswith(_MADE_FROM)])
    return Plan(
        gone=sorted(gone | set(_there(_UNREADABLE)) | set(_bought(traces))),
        lines=[name for name in _there(_LINES) if _loses_lines(home() / name, known)],
        databases=list(_there(_DATABASES)),  # always: a page that was given up may hold any piece of a text
    )


def goes(path: Path, line: bytes, known: Known) -> bool:
    """Whether a file loses a line: for a trace in it, but in the inbox only if it is one of the rows."""
    return known.is_row(line) if has_lines(path) else any(map(known.traces.are_in, readings(line)))


def still_holding(known: Known) -> Path | Place | None:
    """The first file that holds a trace, or line of the inbox; acts and statutes that were imported are law, not rows.

    A row in the inbox that merely says some of the same words is not meant.
    """
    law = {index_path(), own_acts_file()}
    files = (path for path in sorted(home().rglob("*")) if path.is_file() and not path.is_symlink())
    looked_in = (path for path in files if path not in law and not relative(path).startswith(_OURS))
    return next((left for path in looked_in if (left := _left_in(path, known))), None)


def _left_in(path: Path, known: Known) -> Path | Place | None:
    if has_lines(path):
        return known.first_left(path)
    return path if holds(path, known.traces) else None


def _loses_lines(path: Path, known: Known) -> bool:
    if path.parent == inbox():
        return has_lines(path) and any(known.is_row(line) for line in path.read_bytes().splitlines())
    return holds(path, known.traces)


def _there(patterns: Collection[str]) -> Iterator[str]:
    return (relative(path) for pattern in patterns for path in sorted(home().glob(pattern)))


def _holds(unit: str, traces: Traces) -> bool:
    by_id = unit.startswith(_BY_ID)
    for path in _files(unit):
        if holds(path, traces) or (by_id and any(traces.ids_are_in(text) for text in texts(path))):
            return True
    return False


def _made_from(gone: set[str], units: list[str]) -> set[str]:
    """What names something that goes, or something that names such a thing."""
    found, new = set[str](), gone
    while new:
        waiting = [unit for unit in units if unit not in found | gone]
        new = {unit for unit in waiting if any(_names(text, new) for path in _files(unit) for text in texts(path))}
        found |= new
    return found


def _bought(traces: Traces) -> list[str]:
    """Answers of language models to questions about the rows, and to what came of these, as a translation does."""
    hashes, waiting, found = set(traces.hashes), shelves(), list[Path]()
    while True:
        meant = [path for path in waiting if _is_about(path, hashes) or (not found and holds(path, traces))]
        if not meant:
            return [relative(path) for path in found]
        found += meant
        waiting = [path for path in waiting if path not in set(meant)]
        hashes |= {text for path in meant for text in _told_in(path)}


def _is_about(path: Path, hashes: set[str]) -> bool:
    """Whether an answer was about a text; of one that does not tell, or is damaged, that is taken for granted."""
    try:
        about, _ = read_kept(path)
    except ValueError:
        return True
    return not about or not hashes.isdisjoint(about)


def _told_in(path: Path) -> list[str]:
    try:
        return read_kept(path)[1]
    except ValueError:
        return []


def _names(text: str, units: Collection[str]) -> bool:
    return any(unit in text for unit in units)


def _files(unit: str) -> list[Path]:
    path = home() / unit
    return sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
