"""Drawing: what all pictures of the pages share: size, letters, lines and the way into a PNG file."""

from io import BytesIO
from typing import TYPE_CHECKING

from paragraf.markup import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's colours: distinct to every kind of colour sight, and of different lightness in grey
BLUE, ORANGE, INK, PALE = "#0072B2", "#E69F00", "#222222", "#9AA5B1"
_LINE = "#D5DAE0"
_WIDTH_INCHES = 6.4  # letters stay readable on a phone
_DOTS_PER_INCH = 130
_LABEL_CHARS = 32


def new_figure(height_inches: float, width_inches: float = _WIDTH_INCHES) -> "Figure":
    """An empty figure of the pages' width; a narrower one is shown as wide, with larger letters."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    layout = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.08)
    return Figure(figsize=(width_inches, height_inches), layout=layout, facecolor="white")


def png(figure: "Figure") -> bytes:
    """The figure as a PNG file, the same bytes for the same figure."""
    picture = BytesIO()
    figure.savefig(picture, format="png", dpi=_DOTS_PER_INCH, metadata={"Software": None})
    return picture.getvalue()


def tidy_axes(axes: "Axes") -> None:
    """Only the lines that help to read a value."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color=_LINE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=9)


def plain_label(label: str) -> str:
    """A label that fits beside the axis and that the typesetter of formulas leaves alone."""
    line = " ".join(printable(label).split())
    return (line if len(line) <= _LABEL_CHARS else line[: _LABEL_CHARS - 1] + "…").replace("$", r"\$")
