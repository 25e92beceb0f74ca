"""Figures of a search: trials in, PNG pictures out; states are told apart by lines and marks, not by colour alone."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from paragraf.drawing import BLUE, INK, ORANGE, PALE, new_figure, plain_label, png, tidy_axes
from paragraf.search.space import Space
from paragraf.search.trials import Trial
from paragraf.search.wording import setting_name, value_text
from paragraf.wording import number, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_STYLES: dict[str, dict[str, Any]] = {
    "best": {"color": INK, "linestyle": "-", "linewidth": 2.6, "marker": "s", "markersize": 6, "zorder": 4},
    "complete": {"color": BLUE, "linestyle": "-", "linewidth": 1.6, "marker": "o", "markersize": 5, "zorder": 3},
    "pruned": {"color": PALE, "linestyle": "--", "linewidth": 1.1, "marker": ".", "markersize": 5, "zorder": 2},
    "failed": {"color": ORANGE, "linestyle": ":", "linewidth": 1.6, "marker": "x", "markersize": 6, "zorder": 2},
}
_NAMES = {"best": "najlepsza", "complete": "do końca", "pruned": "przerwana", "failed": "nieudana"}
_SPREAD = 0.3  # of the distance between two values: lines that share a value lie side by side


def loss_by_rung(trials: Sequence[Trial], best: Trial) -> bytes:
    """Validation loss of every trial at the shares of its schedule where it was judged."""
    figure = new_figure(3.8)
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
    """A line a trial through its values, to its loss at the first rung, where all were measured."""
    figure = new_figure(4.4)
    axes = figure.subplots()
    losses = [trial.rungs[0].loss for trial in trials if trial.rungs]
    low, high = min(losses), max(losses)
    for place, trial in reversed(list(enumerate(trials))):
        shift = (place / max(1, len(trials) - 1) - 0.5) * _SPREAD
        heights = [_height(space[name].index(trial.values[name]), len(space[name]), shift) for name in space]
        heights.append((trial.rungs[0].loss - low) / ((high - low) or 1.0) if trial.rungs else 1.12)
        axes.plot(range(len(heights)), heights, alpha=0.9, **_STYLES[_style(trial, best)])
    _value_axes(axes, space)
    last = len(space)
    axes.text(last + 0.08, 0.0, number(low, 2), va="center", fontsize=9, color=INK)
    axes.text(last + 0.08, 1.0, number(high, 2), va="center", fontsize=9, color=INK)
    if any(not trial.rungs for trial in trials):
        axes.text(last + 0.08, 1.12, "brak", va="center", fontsize=9, color=INK)
    _legend(figure, [_style(trial, best) for trial in trials])
    return png(figure)


def importance_bars(shares: Mapping[str, float]) -> bytes:
    """A bar a setting, greatest on top, each labelled with its share."""
    figure = new_figure(0.9 + 0.42 * max(1, len(shares)))
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


def _value_axes(axes: "Axes", space: Space) -> None:
    """An upright line a setting with its values written beside, and the loss as the last."""
    names = [*(plain_label(setting_name(name)).replace(" ", "\n", 1) for name in space), "strata\nna 1. szczeblu"]
    for place in range(len(names)):
        axes.axvline(place, color=INK, linewidth=0.8, zorder=1)
    box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.8}
    for place, values in enumerate(space.values()):
        for at, value in enumerate(values):
            height = _height(at, len(values), 0.0)
            axes.text(
                place + 0.05,
                height,
                plain_label(value_text(value)),
                fontsize=8,
                va="center",
                bbox=box,
                color=INK,
                zorder=5,
            )
    axes.set_xticks(range(len(names)), names, fontsize=9)
    axes.set_yticks([])
    axes.set_xlim(-0.2, len(names) - 0.45)
    axes.spines[["top", "right", "left", "bottom"]].set_visible(False)
    axes.tick_params(length=0)


def _legend(figure: "Figure", shown: Sequence[str]) -> None:
    from matplotlib.lines import Line2D

    styles = [style for style in _STYLES if style in shown]
    figure.legend(
        handles=[Line2D([], [], label=_NAMES[style], **_STYLES[style]) for style in styles],
        loc="outside upper center",
        ncols=len(styles),
        frameon=False,
        fontsize=9,
    )
