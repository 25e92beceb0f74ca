"""Figures of a search: trials in, PNG pictures out; states are told apart by lines and marks, not by colour alone."""

import math
from collections.abc import Mapping, Sequence
from statistics import median
from typing import TYPE_CHECKING, Any

from paragraf.drawing import BLUE, INK, ORANGE, PALE, new_figure, plain_label, png, tidy_axes
from paragraf.search.space import Space
from paragraf.search.trials import Trial
from paragraf.search.wording import setting_name, value_text
from paragraf.wording import number, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

_STYLES: dict[str, dict[str, Any]] = {
    "best": {"color": INK, "linestyle": "-", "linewidth": 2.6, "marker": "s", "markersize": 6, "zorder": 4},
    "complete": {"color": BLUE, "linestyle": "-", "linewidth": 1.6, "marker": "o", "markersize": 5, "zorder": 3},
    "pruned": {"color": PALE, "linestyle": "--", "linewidth": 1.1, "marker": ".", "markersize": 5, "zorder": 2},
    "failed": {"color": ORANGE, "linestyle": ":", "linewidth": 1.6, "marker": "x", "markersize": 6, "zorder": 2},
}
_NAMES = {"best": "najlepsza", "complete": "do końca", "pruned": "przerwana", "failed": "nieudana"}
_WIDTH_INCHES = 5.4  # many values stand side by side; on a phone a letter of 10 points has 9 pixels
_SPREAD = 0.45  # of the distance between two values: lines that share a value lie side by side
_BAR = "#E3E8EE"
_FAR = 3.0  # times as far above the least loss as half of the trials are
_FLOOR = -0.16  # below the lowest value
_NO_LOSS = 1.15  # where a line ends whose trial was never measured


def loss_by_rung(trials: Sequence[Trial], best: Trial) -> bytes:
    """Validation loss of every trial at the shares of its schedule where it was judged."""
    figure = new_figure(3.6, _WIDTH_INCHES)
    axes = figure.subplots()
    shares = sorted({rung.share for trial in trials for rung in trial.rungs})
    for trial in reversed(trials):  # the best on top
        points = [(rung.share, rung.loss) for rung in trial.rungs]
        if points:
            axes.plot(*zip(*points, strict=True), **_STYLES[_style(trial, best)])
    axes.set_xscale("log")
    axes.set_xticks(shares, [percent(share, 0) for share in shares])
    axes.minorticks_off()
    axes.set_xlabel("wytrenowana część własnego harmonogramu próby")
    axes.set_ylabel("strata walidacyjna")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}".replace(".", ","))
    tidy_axes(axes)
    _legend(figure, [_style(trial, best) for trial in trials if trial.rungs])
    return png(figure)


def parallel_coordinates(trials: Sequence[Trial], best: Trial, space: Space) -> bytes:
    """A line a trial through its values to its loss at the first rung, where all were measured; low losses are dark."""
    figure = new_figure(4.6, _WIDTH_INCHES)
    axes = figure.subplots()
    losses = [trial.rungs[0].loss for trial in trials if trial.rungs]
    by_loss = sorted(trials, key=_first_loss, reverse=True)
    for place, trial in enumerate(by_loss):  # the lowest on top
        shift = (0.5 - place / max(1, len(trials) - 1)) * _SPREAD
        heights = [_height(space[name].index(trial.values[name]), len(space[name]), shift) for name in space]
        heights.append(_on_loss_axis(trial.rungs[0].loss, losses) if trial.rungs else _NO_LOSS)
        axes.plot(range(len(heights)), heights, **_line(trial, best, place / max(1, len(trials) - 1)))
    _value_axes(axes, space)
    _loss_axis(axes, len(space), losses, any(not trial.rungs for trial in trials))
    _coordinates_legend(figure, any(not trial.rungs for trial in trials))
    return png(figure)


def importance_bars(shares: Mapping[str, float]) -> bytes:
    """A bar a setting, greatest on top, each labelled with its share."""
    figure = new_figure(0.9 + 0.42 * max(1, len(shares)), _WIDTH_INCHES)
    axes = figure.subplots()
    for position, share in enumerate(shares.values()):
        axes.barh(position, share, height=0.6, color=BLUE, edgecolor=INK)
        axes.text(share + 0.012, position, percent(share, 0), va="center", color=INK)
    axes.set_yticks(range(len(shares)), [plain_label(setting_name(name)) for name in shares])
    axes.invert_yaxis()
    axes.set_xlim(0, 1.12)
    axes.set_xlabel("udział w tym, co odróżnia lepsze próby")
    axes.xaxis.set_major_formatter(lambda value, _: percent(value, 0))
    tidy_axes(axes)
    axes.grid(visible=False, axis="y")
    return png(figure)


def _style(trial: Trial, best: Trial) -> str:
    if trial.number == best.number:
        return "best"
    return trial.state if trial.state in _STYLES else "pruned"


def _height(at: int, count: int, shift: float) -> float:
    """Where a value stands on its axis, from 0 to 1, a little off so that lines are seen side by side."""
    step = 1 / (count - 1) if count > 1 else 1.0
    return (at * step if count > 1 else 0.5) + shift * min(step, 0.5)


def _first_loss(trial: Trial) -> float:
    return trial.rungs[0].loss if trial.rungs else math.inf


def _line(trial: Trial, best: Trial, rank: float) -> dict[str, Any]:
    """How a trial's line looks whose loss has this rank, from 0 (highest) to 1 (lowest)."""
    if trial.number == best.number:
        return _STYLES["best"]
    if not trial.rungs:
        return _STYLES["failed"]
    from matplotlib.colors import LinearSegmentedColormap

    colour = LinearSegmentedColormap.from_list("loss", [PALE, BLUE])(rank)
    return {"color": colour, "linewidth": 0.9 + 0.9 * rank, "marker": ".", "markersize": 5, "zorder": 2 + rank}


def _value_axes(axes: "Axes", space: Space) -> None:
    """A column a setting, with a bar for each value and the value beside it."""
    for place, values in enumerate(space.values()):
        for at, value in enumerate(values):
            low, high = (_height(at, len(values), shift) for shift in (-0.55 * _SPREAD, 0.55 * _SPREAD))
            axes.plot([place, place], [low, high], color=_BAR, linewidth=9, solid_capstyle="round", zorder=1)
            _beside(axes, place, (low + high) / 2, plain_label(value_text(value)), -9)
    names = [_narrow(setting_name(name)) for name in space]
    axes.set_xticks(range(len(names)), names, fontsize=10 if len(names) < 5 else 9)
    axes.set_yticks([])
    axes.set_xlim(-0.45, len(names) + 0.35)
    axes.set_ylim(_FLOOR, 1.2)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)


def _loss_axis(axes: "Axes", place: int, losses: Sequence[float], any_failed: bool) -> None:
    """The last column: loss, low at the bottom."""
    top = _top(losses)
    axes.plot([place, place], [0, 1], color=INK, linewidth=0.8, zorder=1)
    ends = {min(losses): "", top: "≥ " if max(losses) > top else ""}
    for loss, sign in ends.items():
        _beside(axes, place, _on_loss_axis(loss, losses), sign + number(loss, 2), 6)
    if any_failed:
        _beside(axes, place, _NO_LOSS, "brak", 6)
    axes.text(place, _FLOOR - 0.02, "strata na\n1. szczeblu", ha="center", va="top", fontsize=10, color=INK)


def _beside(axes: "Axes", x: float, y: float, text: str, points: int) -> None:
    """Text some points to the right of a place, or to the left."""
    axes.annotate(
        text,
        (x, y),
        xytext=(points, 0),
        textcoords="offset points",
        ha="left" if points > 0 else "right",
        va="center",
        fontsize=10,
        color=INK,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 0.6},
        zorder=5,
    )


def _narrow(name: str) -> str:
    """A name with a line a word, as it stands below a column."""
    return "\n".join(plain_label(word) for word in name.replace("_", " ").split())


def _on_loss_axis(loss: float, losses: Sequence[float]) -> float:
    """Height of a loss from 0 to 1."""
    low, top = min(losses), _top(losses)
    return (min(loss, top) - low) / ((top - low) or 1.0)


def _top(losses: Sequence[float]) -> float:
    """The loss at the upper end: trials that were thrown off must not press all others together."""
    return min(max(losses), min(losses) + _FAR * (median(losses) - min(losses))) if len(losses) > 2 else max(losses)


def _coordinates_legend(figure: "Figure", any_failed: bool) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], label="najlepsza", **_STYLES["best"]),
        Line2D([], [], label="niska strata", color=BLUE, linewidth=1.8),
        Line2D([], [], label="wysoka strata", color=PALE, linewidth=0.9),
    ]
    if any_failed:
        handles.append(Line2D([], [], label="nieudana", **_STYLES["failed"]))
    _above(figure, handles)


def _legend(figure: "Figure", shown: Sequence[str]) -> None:
    from matplotlib.lines import Line2D

    styles = [style for style in _STYLES if style in shown]
    _above(figure, [Line2D([], [], label=_NAMES[style], **_STYLES[style]) for style in styles])


def _above(figure: "Figure", handles: "list[Line2D]") -> None:
    """What the lines mean, in one row that is as wide as the figure at most."""
    figure.legend(
        handles=handles,
        loc="outside upper center",
        ncols=len(handles),
        frameon=False,
        fontsize=9.5,
        columnspacing=1.2,
        handlelength=1.6,
    )
