"""Report: everything that a run found out in, one self-contained page (HTML and Markdown, in Polish) out."""

from pydantic import BaseModel, ConfigDict

from paragraf.diagnose import Finding, Point
from paragraf.evaluate import Scores
from paragraf.format import Chats
from paragraf.models import Model
from paragraf.records import Receipt, Snapshot, Splits
from paragraf.verdict import Verdict


class RunFacts(BaseModel):
    """What a finished pipeline run hands to its report."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run: str
    source: str
    raw: Snapshot
    clean: Snapshot
    splits: Splits
    train: Snapshot
    verdict: Verdict
    chats: Chats
    model: Model
    history: list[Point]
    findings: list[Finding]
    scores: Scores
    settings: dict[str, str]
    versions: dict[str, str]


class Report(Receipt):
    """A published report: report.html, report.md and the figures as PNG files."""
