"""Pictures of the data doctor: counts in, PNG pictures out; bars with their numbers, told apart without colour."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from paragraf.drawing import BLUE, INK, new_figure, plain_label, png, tidy_axes
from paragraf.validate.wording import KINDS
from paragraf.wording import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FEWEST_PERCENT = 0.0005

Counts = Mapping[str, int]


def lengths(titled: Sequence[tuple[str, Counts]]) -> bytes:
    """Histograms, one below the other; each bar stands from its lower edge to the next one's, the last is open."""
    figure = new_figure(2.0 * len(titled))
    for axes, (title, counts) in zip(figure.subplots(len(titled), squeeze=False).flat, titled, strict=True):
        edges = [float(edge) for edge in counts]
        width = edges[1] - edges[0] if len(edges) > 1 else 1.0
        axes.bar(edges, list(counts.values()), width=width, align="edge", color=BLUE, edgecolor="white")
        axes.set_title(title, fontsize=11, color=INK, loc="left")
        axes.set_ylabel("wiersze")
        tidy_axes(axes)
        axes.xaxis.set_major_formatter(lambda value, _: number(round(value)))
        axes.yaxis.set_major_formatter(lambda value, _: number(round(value)))
    return png(figure)


def kinds(titled: Sequence[tuple[str, Counts]]) -> bytes:
    """Bars of rows by kind, the longest first, each with its number and share."""
    heights = [max(1, len(counts)) for _, counts in titled]
    figure = new_figure(0.9 * len(titled) + 0.3 * sum(heights))
    panels = figure.subplots(len(titled), squeeze=False, gridspec_kw={"height_ratios": [1 + size for size in heights]})
    for axes, (title, counts) in zip(panels.flat, titled, strict=True):
        _bars(axes, counts)
        axes.set_title(title, fontsize=11, color=INK, loc="left")
    return png(figure)


def _bars(axes: "Axes", counts: Counts) -> None:
    total = sum(counts.values()) or 1
    for position, count in enumerate(counts.values()):
        axes.barh(position, count, height=0.7, color=BLUE)
        share = f"{100 * count / total:.1f}".replace(".", ",") if count / total >= _FEWEST_PERCENT else "<0,1"
        axes.text(count, position, f" {number(count)} ({share}%)", va="center", color=INK, fontsize=9)
    axes.set_yticks(range(len(counts)), [plain_label(KINDS.get(kind, kind)) for kind in counts])
    axes.set_ylim(max(1, len(counts)) - 0.5, -0.5)
    axes.set_xlim(0, 1.3 * max(counts.values(), default=1))
    axes.set_xticks([])
    tidy_axes(axes)
    axes.spines["bottom"].set_visible(False)
    axes.grid(visible=False)
