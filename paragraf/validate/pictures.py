"""Pictures of the data doctor: counts in, PNG pictures out; bars with their numbers, told apart without colour."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from paragraf.markup import printable
from paragraf.validate.wording import KINDS
from paragraf.wording import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BLUE, _INK, _LINE = "#0072B2", "#222222", "#D5DAE0"
_WIDTH_INCHES = 6.4  # letters stay readable on a phone
_DOTS_PER_INCH = 110  # a page with three pictures stays under half a megabyte
_LABEL_CHARS = 30
_FEWEST_PERCENT = 0.0005

Counts = Mapping[str, int]


def lengths(titled: Sequence[tuple[str, Counts]]) -> bytes:
    """Histograms, one below the other; each bar stands from its lower edge to the next one's, the last is open."""
    figure = _figure(2.0 * len(titled))
    for axes, (title, counts) in zip(figure.subplots(len(titled), squeeze=False).flat, titled, strict=True):
        edges = [float(edge) for edge in counts]
        width = edges[1] - edges[0] if len(edges) > 1 else 1.0
        axes.bar(edges, list(counts.values()), width=width, align="edge", color=_BLUE, edgecolor="white")
        axes.set_title(title, fontsize=11, color=_INK, loc="left")
        axes.set_ylabel("wiersze")
        _tidy(axes)
        axes.xaxis.set_major_formatter(lambda value, _: number(round(value)))
        axes.yaxis.set_major_formatter(lambda value, _: number(round(value)))
    return _png(figure)


def kinds(titled: Sequence[tuple[str, Counts]]) -> bytes:
    """Bars of rows by kind, the longest first, each with its number and share."""
    heights = [max(1, len(counts)) for _, counts in titled]
    figure = _figure(0.9 * len(titled) + 0.3 * sum(heights))
    panels = figure.subplots(len(titled), squeeze=False, gridspec_kw={"height_ratios": [1 + size for size in heights]})
    for axes, (title, counts) in zip(panels.flat, titled, strict=True):
        _bars(axes, counts)
        axes.set_title(title, fontsize=11, color=_INK, loc="left")
    return _png(figure)


def _bars(axes: "Axes", counts: Counts) -> None:
    total = sum(counts.values()) or 1
    for position, count in enumerate(counts.values()):
        axes.barh(position, count, height=0.7, color=_BLUE)
        share = f"{100 * count / total:.1f}".replace(".", ",") if count / total >= _FEWEST_PERCENT else "<0,1"
        axes.text(count, position, f" {number(count)} ({share}%)", va="center", color=_INK, fontsize=9)
    axes.set_yticks(range(len(counts)), [_plain(KINDS.get(kind, kind)) for kind in counts])
    axes.set_ylim(max(1, len(counts)) - 0.5, -0.5)
    axes.set_xlim(0, 1.3 * max(counts.values(), default=1))
    axes.set_xticks([])
    _tidy(axes)
    axes.spines["bottom"].set_visible(False)
    axes.grid(visible=False)


def _figure(height_inches: float) -> "Figure":
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    layout = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.08)
    return Figure(figsize=(_WIDTH_INCHES, height_inches), layout=layout, facecolor="white")


def _tidy(axes: "Axes") -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color=_LINE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=9)


def _png(figure: "Figure") -> bytes:
    picture = BytesIO()
    figure.savefig(picture, format="png", dpi=_DOTS_PER_INCH, metadata={"Software": None})
    return picture.getvalue()


def _plain(label: str) -> str:
    """A label that fits beside the axis and that the typesetter of formulas leaves alone."""
    line = " ".join(printable(label).split())
    return (line if len(line) <= _LABEL_CHARS else line[: _LABEL_CHARS - 1] + "…").replace("$", r"\$")
