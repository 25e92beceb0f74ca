"""The page of a search (HTML and Markdown, in Polish) with its figures, and the best settings as a YAML file."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from importlib.metadata import version
from io import StringIO
from typing import Any, NamedTuple

from paragraf.markup import page
from paragraf.publish import digest_of, publish, read_manifest
from paragraf.search.choice import SearchResult
from paragraf.search.figures import importance_bars, loss_by_rung, parallel_coordinates
from paragraf.search.importance import ENOUGH, Importance, importance
from paragraf.search.rungs import State, brackets
from paragraf.search.settings import SweepSettings
from paragraf.search.trials import Trial
from paragraf.search.wording import pruning_name, sampler_name, setting_name, state_name, time_text, value_text
from paragraf.settings import Settings
from paragraf.snapshots import Receipt
from paragraf.versions import versions
from paragraf.workspace import home, relative

BEST = "best.yaml"


class SearchReport(Receipt):
    """A published search: search.html, search.md, best.yaml and the figures as PNG files."""


class TrialRow(NamedTuple):
    """A trial as the pages show it."""

    number: int
    state: State
    told: str
    loss: float | None
    share: float | None
    rows: int
    values: list[str]
    failure: str


def publish_search(run: str, result: SearchResult, settings: SweepSettings) -> SearchReport:
    """Publish what a search found in the workspace's reports."""
    files = render(run, result, settings)
    total = hashlib.sha256(b"".join(name.encode() + files[name] for name in sorted(files))).hexdigest()
    final = home() / "reports" / f"search-{result.key}-{total[:12]}"
    with publish(final) as folder:
        (folder / "figures").mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
    return SearchReport(path=relative(final), digest=digest_of(read_manifest(final)))


def render(run: str, result: SearchResult, settings: SweepSettings) -> dict[str, bytes]:
    """The files of a search by their path in its folder."""
    weights = importance(result.trials, result.space)
    figures = {
        "rungs": loss_by_rung(result.trials, result.best),
        "coordinates": parallel_coordinates(result.trials, result.best, result.space),
    }
    if weights.shares:
        figures["importance"] = importance_bars(weights.shares)
    return {
        **write_pages(run, result, settings, weights, figures),
        BEST: best_settings(result, settings).encode(),
        **{f"figures/{name}.png": picture for name, picture in figures.items()},
    }


def best_settings(result: SearchResult, settings: SweepSettings) -> str:
    """A settings file for `paragraf finetune --config`: this run's data settings and the best training settings.

    The training that won has these very settings, so fine-tuning goes on from its last checkpoint.
    """
    from ruamel.yaml import YAML

    values = settings.model_dump(mode="json", exclude_defaults=True, include=set(Settings.model_fields))
    values["train"] = result.settings.model_dump(mode="json")
    text = StringIO()
    text.write(f"# Search {result.key}, trial {result.best.number}: the least validation loss.\n")
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.dump(values, text)
    return text.getvalue()


def write_pages(
    run: str, result: SearchResult, settings: SweepSettings, weights: Importance, figures: Mapping[str, bytes]
) -> dict[str, bytes]:
    """The HTML page, which holds the figures (PNG), and the Markdown page, which links them."""
    values: dict[str, Any] = {
        "run": run,
        "result": result,
        "source": settings.load.source,
        "times": {"spent": time_text(result.spent.seconds), "full_grid": time_text(result.full_grid.seconds)},
        "names": [setting_name(name) for name in result.space],
        "best": [(name, setting_name(name), value_text(result.best.values[name])) for name in result.space],
        "rows": [_row(trial, result) for trial in result.trials],
        "neighbours": [(one, setting_name(one.name), value_text(one.value)) for one in result.neighbours],
        "counts": {
            state: sum(trial.state == state for trial in result.trials) for state in ("complete", "pruned", "failed")
        },
        "weights": [(setting_name(name), share) for name, share in weights.shares.items()],
        "weighed": weights.trials,
        "enough": ENOUGH,
        "plan": [list(zip(bracket.shares, bracket.sizes, strict=True)) for bracket in brackets(settings.search)],
        "sampler": sampler_name(settings.search.sampler),
        "pruning": pruning_name(settings.search.pruning),
        "settings": {name: value for name, value in settings.flat().items() if name.startswith(("search.", "train."))},
        "versions": versions() | {"optuna": version("optuna")},
        "best_file": BEST,
    }
    pictures = {name: "data:image/png;base64," + b64encode(png).decode() for name, png in figures.items()}
    links = {name: f"figures/{name}.png" for name in figures}
    return {
        "search.html": page("search.html.j2", figures=pictures, **values).encode(),
        "search.md": page("search.md.j2", figures=links, **values).encode(),
    }


def _row(trial: Trial, result: SearchResult) -> TrialRow:
    last = trial.rungs[-1] if trial.rungs else None
    return TrialRow(
        number=trial.number,
        state=trial.state,
        told=state_name(trial.state),
        loss=last.loss if last else None,
        share=last.share if last else None,
        rows=last.rows if last else 0,
        values=[value_text(trial.values[name]) for name in result.space],
        failure=trial.failure,
    )
