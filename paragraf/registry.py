"""Registry: what is known of the registered versions, and the table of them."""

from collections.abc import Sequence
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict

from paragraf.markup import escape_markdown

CHALLENGER, CHAMPION = "challenger", "champion"
ALIASES = (CHALLENGER, CHAMPION)
_HEADINGS = ("version", "alias", "verdict", "answer loss", "right in law", "trained on", "when (UTC)", "run")


class Registered(BaseModel):
    """A registered version.

    Attributes:
        judged_over: the champion that its verdict is about, "" for none; None for a version of an older release.
        scores: measures on test rows, by name.
        forgotten_rows: rows that it learned from and that were forgotten since.
        digest: of its model, "" for a version of an older release.
        registered_at: seconds since 1970.
        is_confirmed: whether it has passed the smoke test, if it is champion.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str
    aliases: tuple[str, ...] = ()
    verdict: str = ""
    judged_over: str | None = None
    scores: dict[str, float] = {}
    trained_on: str = ""
    forgotten_rows: int = 0
    run: str = ""
    digest: str = ""
    registered_at: float = 0
    is_confirmed: bool = True

    def cells(self) -> tuple[str, ...]:
        """Its row of the table."""
        aliases = [f"{name} (not smoke-tested)" if self._is_unproven(name) else name for name in self.aliases]
        forgotten = f", {self.forgotten_rows} forgotten" if self.forgotten_rows else ""
        loss, right = self.scores.get("answer_loss"), self.scores.get("accurate")
        return (
            self.number,
            ", ".join(sorted(aliases)),
            self.verdict or "none",
            "-" if loss is None else f"{loss:.3f}",
            "-" if right is None else f"{right:.0%}",
            f"{self.trained_on or '-'}{forgotten}",
            f"{datetime.fromtimestamp(self.registered_at, UTC):%Y-%m-%d %H:%M}",
            self.run or "-",
        )

    def facts(self, *more: tuple[str, str]) -> str:
        """What somebody who decides on it reads, a table in Markdown; what else there is comes after its verdict."""
        loss, right = self.scores.get("answer_loss"), self.scores.get("accurate")
        rows = [
            ("Werdykt bramki", self.verdict or "brak"),
            *more,
            ("Oceniona wobec", f"wersji {self.judged_over}" if self.judged_over else "modelu bazowego"),
            ("Trafność prawna", "nie zmierzono" if right is None else f"{right:.0%}"),
            ("Strata odpowiedzi", "nie zmierzono" if loss is None else f"{loss:.3f}".replace(".", ",")),
            ("Uczona na", escape_markdown(self.trained_on) or "nie wiadomo"),
            ("Przebieg", escape_markdown(self.run) or "nie wiadomo"),
        ]
        return "| | |\n| --- | --- |\n" + "\n".join(f"| {name} | {value} |" for name, value in rows)

    def _is_unproven(self, alias: str) -> bool:
        return alias == CHAMPION and not self.is_confirmed


def table(versions: Sequence[Registered]) -> str:
    """The versions under headings, one a line, columns aligned."""
    rows = [_HEADINGS, *(version.cells() for version in versions)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(_HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join(lines)
