"""Validation page: a verdict in, a self-contained HTML page (in Polish) out; row ids, never row text."""

from pathlib import Path

from paragraf.markup import page
from paragraf.publish import publish_file
from paragraf.verdict import Check, Severity, Verdict
from paragraf.workspace import home

_WEIGHT: dict[Severity, int] = {"critical": 0, "warning": 1, "info": 2}


def validation_page(verdict: Verdict) -> str:
    """Every expectation with what was found, failed ones first; opens without network and runs no script."""
    return page(
        "validation.html.j2",
        checks=gravest_first(verdict),
        failed=sum(not check.passed for check in verdict.checks),
        critical=len(verdict.failed("critical")),
    )


def publish_validation_page(verdict: Verdict) -> Path:
    """Write the page to its place, where the last verdict stands."""
    path = home() / "reports" / "validation.html"
    publish_file(path, validation_page(verdict).encode())
    return path


def gravest_first(verdict: Verdict) -> list[Check]:
    """Failed expectations from critical to info, then those that hold; in suite order among equals."""
    return sorted(verdict.checks, key=lambda check: (check.passed, 0 if check.passed else _WEIGHT[check.severity]))
