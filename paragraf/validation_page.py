"""Validation page: a verdict in, the data doctor's report out: self-contained HTML in Polish; ids, never row text."""

from base64 import b64encode
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from paragraf.markup import page
from paragraf.publish import publish_file
from paragraf.records import PARTS
from paragraf.validate.frames import Drawn
from paragraf.validate.pictures import kinds, lengths
from paragraf.validate.wording import KINDS, NUMBERS, Named, in_unit, remedy
from paragraf.verdict import Check, Severity, Verdict
from paragraf.workspace import home

_WEIGHT: dict[Severity, int] = {"critical": 0, "warning": 1, "info": 2}
_STAGES = {"unread": "wczytanie", "dropped": "czyszczenie"}
_LENGTHS = {
    "question_chars": "Pytania, w znakach",
    "answer_chars": "Odpowiedzi, w znakach",
    "tokens": "Rozmowy, w tokenach modelu",
}
_KINDS = {"area": "Dziedziny prawa", "task": "Rodzaje zadań", "item_type": "Rodzaje wierszy"}


class NumberRow(NamedTuple):
    """A number as the page shows it, with the rule that judges it, if one does."""

    group: str
    name: str
    meaning: str
    value: str
    limit: str
    check: Check | None


class PartRow(NamedTuple):
    """A part as the page shows it."""

    name: str
    rows: str
    groups: str
    tokens: str
    o200k_tokens: str


def validation_page(verdict: Verdict) -> str:
    """What came in, what is left and whether it is fit for training; opens without network and runs no script."""
    checks = gravest_first(verdict)
    failed = [check for check in checks if not check.passed]
    return page(
        "validation.html.j2",
        checks=checks,
        failed=len(failed),
        critical=len(verdict.failed("critical")),
        advice=[(check, remedy(check.rule)) for check in failed],
        tiles=[(NUMBERS[name].name, _told(verdict, name)) for name in _TILES if name in verdict.numbers],
        dropped=[
            (stage, reason, count)
            for name, stage in _STAGES.items()
            for reason, count in verdict.counts.get(name, {}).items()
        ],
        changed=verdict.counts.get("changed", {}),
        parts=[_part(verdict, part) for part in PARTS if f"rows_{part}" in verdict.numbers],
        numbers=[(group, list(rows)) for group, rows in groupby(number_rows(verdict), key=lambda row: row.group)],
        samples=_samples(verdict),
        lengths=_picture(verdict, _LENGTHS),
        kinds=_picture(verdict, _KINDS),
    )


_TILES = ("rows_in", "rows_kept", "rows_train", "tokens_train", "dropped_share", "leaked_rows")


def publish_validation_page(verdict: Verdict) -> Path:
    """Write the page to its place, where the last verdict stands."""
    path = home() / "reports" / "validation.html"
    publish_file(path, validation_page(verdict).encode())
    return path


def gravest_first(verdict: Verdict) -> list[Check]:
    """Failed expectations from critical to info, then those that hold; in suite order among equals."""
    return sorted(verdict.checks, key=lambda check: (check.passed, 0 if check.passed else _WEIGHT[check.severity]))


def number_rows(verdict: Verdict) -> list[NumberRow]:
    """All numbers of a verdict by group; one without a Polish name comes last, under its own."""
    judged = {check.number: check for check in verdict.checks if check.number}
    known = [name for name in NUMBERS if name in verdict.numbers]
    rows = []
    for name in known + [name for name in verdict.numbers if name not in NUMBERS]:
        told = NUMBERS.get(name, Named("Inne", name, "index"))
        check = judged.get(name)
        rows.append(NumberRow(told.group, told.name, told.meaning, _told(verdict, name), _limit(check, told), check))
    return rows


def _told(verdict: Verdict, name: str) -> str:
    return in_unit(verdict.numbers[name], NUMBERS[name].unit if name in NUMBERS else "index")


def _limit(check: Check | None, told: Named) -> str:
    if check is None:
        return ""
    ends = [("co najmniej", check.least), ("najwyżej", check.most)]
    return ", ".join(f"{words} {in_unit(end, told.unit)}" for words, end in ends if end is not None)


def _part(verdict: Verdict, part: str) -> PartRow:
    held = {
        name: _told(verdict, f"{name}_{part}") for name in PartRow._fields[1:] if f"{name}_{part}" in verdict.numbers
    }
    return PartRow(part, *(held.get(name, "") for name in PartRow._fields[1:]))


def _samples(verdict: Verdict) -> list[tuple[str, Drawn]]:
    """What was measured on how many of how many rows; nothing where all were seen."""
    numbers = verdict.numbers
    kept = int(numbers.get("rows_kept", 0))
    in_parts = int(sum(numbers.get(f"rows_{part}", 0) for part in PARTS))
    samples = [
        ("język, dane osobowe, przepisy i rodzaje zadań", Drawn(int(numbers.get("rows_looked_at", kept)), kept)),
        ("tokeny", Drawn(int(numbers.get("rows_counted_in_tokens", in_parts)), in_parts)),
        ("różnorodność", Drawn(int(numbers.get("rows_compared", kept)), kept)),
    ]
    return [(what, drawn) for what, drawn in samples if drawn.rows < drawn.of]


def _picture(verdict: Verdict, titles: Mapping[str, str]) -> tuple[str, str] | None:
    """A picture as a data address with its words for those who do not see it; none when there is nothing to show."""
    titled = [(title, verdict.counts[name]) for name, title in titles.items() if verdict.counts.get(name)]
    if not titled:
        return None
    png = lengths(titled) if titles is _LENGTHS else kinds(titled)
    words = "; ".join(
        f"{title}: " + ", ".join(f"{KINDS.get(kind, kind)} {count}" for kind, count in counts.items() if count)
        for title, counts in titled
    )
    return f"data:image/png;base64,{b64encode(png).decode()}", words
