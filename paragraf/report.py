"""Report: everything that a run found out in, one self-contained page (HTML and Markdown, in Polish) out."""

import hashlib
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from paragraf.baselines.contenders import Contender, Contest
from paragraf.compare.unsealing import Comparison
from paragraf.decide import Decided
from paragraf.diagnose import Finding, Point
from paragraf.evaluate import Measure, Scores
from paragraf.export import Exported
from paragraf.figures import comparison, data_way, training_curves
from paragraf.format import Chats
from paragraf.gate.page import view
from paragraf.judge.stage import Judgement
from paragraf.judge.wording import reason_words
from paragraf.markup import page
from paragraf.models import WHEEL_MODEL, Model
from paragraf.publish import digest_of, publish, read_manifest
from paragraf.remote import RemoteModel
from paragraf.report_views import HEADLINES, blind_views, discordant_views, example_views, slice_views, unproven_areas
from paragraf.safety import SafetyScores
from paragraf.showing import Shown
from paragraf.snapshots import Receipt, Snapshot, Splits
from paragraf.update.scores import UpdateScores
from paragraf.validation_page import gravest_first
from paragraf.verdict import Verdict
from paragraf.workspace import home, relative

Change = Literal["better", "worse", "open", "unmeasured"]


class UpdateFacts(BaseModel):
    """What an update hands to the report: what it began with, new and replayed training rows, old and new tests."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    parent: str
    versions: list[str]
    new: int
    replayed: int
    wanted: int
    scores: UpdateScores


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
    remote: RemoteModel | None = None
    exported: Exported
    history: list[Point]
    findings: list[Finding]
    scores: Scores
    safety: SafetyScores
    contest: Contest = Contest.empty()
    judged: Judgement | None = None
    blind_tests: list[Comparison] = []
    decided: Decided
    update: UpdateFacts | None = None
    settings: dict[str, str]
    versions: dict[str, str]


class Report(Receipt):
    """A published report: report.html, report.md, model_card.md, data_card.md and the figures as PNG files."""


def report(facts: RunFacts) -> Report:
    """Publish the report of a run in the workspace, under the run's name and the digest of what it says."""
    files = render(facts)
    final = home() / "reports" / _name(facts.run, files)
    with publish(final) as folder:
        (folder / "figures").mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
    return Report(path=relative(final), digest=digest_of(read_manifest(final)))


def render(facts: RunFacts) -> dict[str, bytes]:
    """The files of a report by their path in its folder."""
    figures = {
        "comparison": comparison([one for one in facts.scores.measures if one.name in HEADLINES and _is_measured(one)]),
        "data": data_way(facts.raw, facts.clean, _before_variants(facts), facts.train),
        "training": training_curves(facts.history),
    }
    return {**write_pages(facts, figures), **{f"figures/{name}.png": png for name, png in figures.items()}}


def write_pages(facts: RunFacts, figures: Mapping[str, bytes]) -> dict[str, bytes]:
    """The HTML page, which holds the figures (PNG), the Markdown page, which links them, and the two cards."""
    values = _values(facts)
    pictures = {name: "data:image/png;base64," + b64encode(png).decode() for name, png in figures.items()}
    links = {name: f"figures/{name}.png" for name in figures}
    return {
        "report.html": page("report.html.j2", figures=pictures, **values).encode(),
        "report.md": page("report.md.j2", figures=links, **values).encode(),
        **{f"{name}.md": page(f"{name}.md.j2", **values).encode() for name in ("model_card", "data_card")},
    }


def _values(facts: RunFacts) -> dict[str, object]:
    """All that the templates show."""
    splits, shown = _before_variants(facts), Shown.open()
    every = [*facts.scores.measures, *facts.safety.measures]
    areas = facts.verdict.counts.get("area", {})
    return {
        "facts": facts,
        "gate": view(facts.decided.verdict),
        "blind_tests": blind_views(facts.blind_tests, Path(facts.model.path).name),
        "judged": facts.judged,
        "unjudged": _unjudged(facts.judged),
        "discordant": discordant_views(facts.decided, shown),
        "exported": facts.exported,
        "remote": facts.remote,
        "spent": facts.remote.cost.money(facts.remote.trained_tokens) if facts.remote else None,
        "base_answers": any(one.base.n for one in facts.scores.measures),
        "checks": gravest_first(facts.verdict),
        "headlines": [one for one in facts.scores.measures if one.name in HEADLINES and _is_measured(one)],
        "others": [one for one in facts.scores.measures if one.name not in HEADLINES or not _is_measured(one)],
        "slices": slice_views(facts.scores.slices),
        "changes": {measure.name: change(measure) for measure in every},
        "measures": {measure.name: measure for measure in every},
        "areas": areas,
        "unproven": unproven_areas(facts.scores.slices, areas),
        "dropped": _dropped(facts, splits),
        "techniques": techniques(facts.train),
        "examples": example_views(facts.scores.examples, shown),
        "provisions": shown.provisions(),
        "is_small_base": facts.model.base.name == WHEEL_MODEL,
        "receipts": _receipts(facts),
        "rivals": rivals(facts.contest),
        "splits": splits,
    }


def _is_measured(measure: Measure) -> bool:
    return measure.base.n + measure.tuned.n > 0


def change(measure: Measure) -> Change:
    """What the intervals say of base against fine-tuned; open when they overlap."""
    base, tuned = measure.base, measure.tuned
    if base.low is None or base.high is None or tuned.low is None or tuned.high is None:
        return "unmeasured"
    if tuned.high < base.low:
        return "better" if measure.better == "lower" else "worse"
    if tuned.low > base.high:
        return "better" if measure.better == "higher" else "worse"
    return "open"


def rivals(contest: Contest) -> tuple[Contender, Contender, Change] | None:
    """The best way without fine-tuning, the best one with it, and what the intervals of their right answers say."""
    untrained, tuned = contest.best_untrained(), contest.best_tuned()
    if untrained is None or tuned is None:
        return None
    sides = {"base": untrained.measures["accurate"], "tuned": tuned.measures["accurate"]}
    return untrained, tuned, change(Measure(name="accurate", better="higher", **sides))


def techniques(train: Snapshot) -> list[tuple[str, int, int, float]]:
    """(technique, variants kept, variants lost, share lost) for every technique; what was declined made no variant."""
    lost = Counter[str]()
    for name, count in train.dropped.items():
        technique, _, reason = name.rpartition(":")
        if technique and not reason.startswith("declined_"):
            lost[technique] += count
    names = sorted({*train.derived, *lost})
    kept = {name: train.derived.get(name, 0) for name in names}
    return [(name, kept[name], lost[name], lost[name] / (kept[name] + lost[name])) for name in names]


def _before_variants(facts: RunFacts) -> Splits:
    """The parts as they were split; a run that hands on its augmented training part has what the others left."""
    if facts.splits.train != facts.train:
        return facts.splits
    rows = facts.clean.rows - facts.splits.valid.rows - facts.splits.test.rows
    return facts.splits.with_train(facts.train.model_copy(update={"rows": rows, "dropped": {}}))


def _dropped(facts: RunFacts, splits: Splits) -> list[tuple[str, str, int]]:
    """(stage, reason, rows) for all rows and variants that were set aside, in the order of the stages."""
    stages = [("wczytanie", facts.raw.dropped), ("czyszczenie", facts.clean.dropped)]
    stages += [("podział", snapshot.dropped) for _, snapshot in splits.parts()]
    stages += [("warianty", facts.train.dropped)]
    return [(stage, name, count) for stage, counts in stages for name, count in counts.items()]


def _unjudged(judged: Judgement | None) -> list[tuple[str, int]]:
    """(reason in Polish, pairs) for all pairs of answers that a judge gave no opinion on."""
    return [(reason_words(name), count) for name, count in judged.errors.items()] if judged else []


def _receipts(facts: RunFacts) -> list[tuple[str, str]]:
    """What the run is made of, with digests."""
    base = facts.model.base
    return [
        ("wczytane wiersze", facts.raw.digest),
        ("wiersze po czyszczeniu", facts.clean.digest),
        ("część: trening z wariantami", facts.train.digest),
        ("część: walidacja", facts.splits.valid.digest),
        ("część: test", facts.splits.test.digest),
        ("rozmowy", facts.chats.digest),
        (f"model bazowy {base.name}", base.digest),
        ("tokenizator", base.tokenizer),
        ("szablon rozmowy", base.template),
        (f"model po fine-tuningu ({facts.model.backend})", facts.model.digest),
    ]


def _name(run: str, files: dict[str, bytes]) -> str:
    total = hashlib.sha256()
    for name, content in sorted(files.items()):
        total.update(f"{name}\n{len(content)}\n".encode() + content)
    readable = re.sub(r"[^A-Za-z0-9_-]+", "-", run).strip("-")[:60]
    return f"{readable or 'run'}-{total.hexdigest()[:12]}"
