"""Receipt: what was forgotten, where and when, in counts and keyed hashes alone; it holds no word of a row."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from paragraf.publish import publish_file
from paragraf.workspace import home


class Receipt(BaseModel):
    """One forgetting.

    Attributes:
        rows: rows that were meant; `derived` are those that derive from them, `forms` all their writings.
        hashes: HMAC of questions and answers under the workspace's key, as the tombstones hold them.
        gone: paths that were deleted, of which `rewritten` parts were written anew without the rows.
        lines, databases: files that were written anew.
        values: values that were taken out of databases, `removed_lines` lines out of files.
        versions: model versions that were trained on the rows, or chosen or measured with them.
        unreached: stores outside the workspace, which somebody has to clear.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    at: str
    rows: int
    derived: int
    forms: int
    hashes: list[str]
    gone: list[str]
    rewritten: int
    lines: list[str]
    removed_lines: int
    databases: list[str]
    values: int
    versions: list[str] = []
    unreached: list[str] = []

    def table(self) -> list[str]:
        """What a person at the terminal reads."""
        places = Counter(name.split("/")[0] for name in self.gone)
        told = {
            "receipt": self.name,
            "rows": f"{self.rows}, and {self.derived} that derive from them, in {self.forms} forms",
            **{f"deleted in {place}": str(count) for place, count in sorted(places.items())},
            "parts written anew": str(self.rewritten),
            "lines taken out": f"{self.removed_lines} of {', '.join(self.lines) or 'no file'}",
            "values taken out": f"{self.values} of {', '.join(self.databases) or 'no database'}",
            "versions marked": ", ".join(self.versions) or "none",
            "not reached": "; ".join(self.unreached) or "none",
        }
        width = max(map(len, told))
        return [f"{name.ljust(width)}  {text}" for name, text in told.items()]

    def keep(self) -> Path:
        """Write it into the workspace."""
        path = receipts_folder() / f"{self.name}.json"
        publish_file(path, self.model_dump_json(indent=1).encode())
        return path


def now() -> str:
    """The time of a receipt: UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def receipts_folder() -> Path:
    return home() / "receipts"
