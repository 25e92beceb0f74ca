"""Figures: measurements of a run in, PNG pictures out; told apart by shape, place and hatching, not by colour alone."""

from collections.abc import Sequence
from statistics import fmean, median
from typing import TYPE_CHECKING, Any, NamedTuple

from paragraf.drawing import BLUE, INK, PALE, new_figure, plain_label, png, tidy_axes
from paragraf.evaluate import Measure
from paragraf.history import Point
from paragraf.measure_words import is_share, measure_name
from paragraf.snapshots import Snapshot, Splits
from paragraf.wording import number, part, reason_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

_NAMED_REASONS = 8
_SPIKED = 10.0  # a largest value so far above the median flattens all others on a linear axis


class Bar(NamedTuple):
    """A stretch of rows on the way of the data; what was dropped lies at the end of the rows that it was taken from."""

    label: str
    start: int
    rows: int
    is_dropped: bool = False


def training_curves(history: Sequence[Point]) -> bytes:
    """Loss, learning rate, gradient norm and validation loss over the steps of the training."""
    figure = new_figure(5.0)
    panels = figure.subplots(2, 2).flat
    loss = [(point.step, point.loss) for point in history if point.loss is not None]
    rate = [(point.step, point.learning_rate) for point in history if point.learning_rate is not None]
    norm = [(point.step, point.gradient_norm) for point in history if point.gradient_norm is not None]
    validation = [(point.step, point.validation_loss) for point in history if point.validation_loss is not None]
    for axes, title, values in zip(
        panels,
        ("Strata (trening)", "Szybkość uczenia", "Norma gradientu", "Strata (walidacja)"),
        (loss, rate, norm, validation),
        strict=True,
    ):
        _curve(axes, title, values)
    _smooth_line(figure.axes[0], loss)
    if norm and max(value for _, value in norm) > _SPIKED * median(value for _, value in norm) > 0:
        figure.axes[2].set_yscale("log")
    _mark_start(figure.axes[3], validation)
    return png(figure)


def data_way(raw: Snapshot, clean: Snapshot, splits: Splits, train: Snapshot) -> bytes:
    """Bars of rows from the source to the parts, with what was dropped in between, each labelled with its count."""
    bars = way_of_rows(raw, clean, splits, train)
    widest = max(1, *(bar.start + bar.rows for bar in bars))
    figure = new_figure(0.8 + 0.3 * len(bars))
    axes = figure.subplots()
    for position, bar in enumerate(bars):
        axes.barh(
            position,
            bar.rows,
            left=bar.start,
            height=0.72,
            color="white" if bar.is_dropped else BLUE,
            edgecolor=INK if bar.is_dropped else BLUE,
            hatch="////" if bar.is_dropped else None,
        )
        axes.text(bar.start + bar.rows + 0.012 * widest, position, number(bar.rows), va="center", color=INK)
    axes.set_yticks(range(len(bars)), [plain_label(bar.label) for bar in bars])
    axes.invert_yaxis()
    axes.set_xlim(0, 1.12 * widest)
    axes.set_xlabel("liczba wierszy (pola kreskowane: odrzucone)")
    tidy_axes(axes)
    axes.grid(visible=False, axis="y")
    axes.xaxis.set_major_locator(_whole_numbers())
    axes.xaxis.set_major_formatter(lambda value, _: number(round(value)))
    return png(figure)


def way_of_rows(raw: Snapshot, clean: Snapshot, splits: Splits, train: Snapshot) -> list[Bar]:
    """The bars of `data_way`, from the top: rows in, dropped by reason, kept, parts, training rows with variants."""
    dropped = sorted((*raw.dropped.items(), *clean.dropped.items()), key=lambda item: -item[1])
    named, rest = dropped[:_NAMED_REASONS], dropped[_NAMED_REASONS:]
    if rest:
        named.append(("pozostałe powody", sum(count for _, count in rest)))
    left = raw.rows + sum(raw.dropped.values())
    bars = [Bar("na wejściu", 0, left)]
    for name, count in named:
        left -= count
        bars.append(Bar(f"− {reason_name(name)}", max(0, left), count, is_dropped=True))
    bars.append(Bar("po czyszczeniu", 0, clean.rows))
    start = 0
    for name, snapshot in splits.parts():
        bars.append(Bar(f"część: {part(name)}", start, snapshot.rows))
        start += snapshot.rows
    return [*bars, Bar("trening z wariantami", 0, train.rows)]


def comparison(measures: Sequence[Measure]) -> bytes:
    """Base and fine-tuned model on every measure that is a share, with 95 % intervals."""
    shown = [measure for measure in measures if is_share(measure.name)]
    figure = new_figure(1.4 + 0.52 * max(1, len(shown)))
    axes = figure.subplots()
    for position, measure in enumerate(shown):
        for estimate, shift, style in ((measure.base, -0.15, _BASE_STYLE), (measure.tuned, 0.15, _TUNED_STYLE)):
            if estimate.value is None or estimate.low is None or estimate.high is None:
                axes.text(0.01, position + shift, "brak pomiaru", va="center", fontsize=8, color=INK)
                continue
            reach = [[max(0.0, estimate.value - estimate.low)], [max(0.0, estimate.high - estimate.value)]]
            axes.errorbar(estimate.value, position + shift, xerr=reach, capsize=4, elinewidth=1.6, **style)
    axes.set_yticks(range(len(shown)), [plain_label(_directed(measure)) for measure in shown])
    axes.set_ylim(max(1, len(shown)) - 0.5, -0.5)
    axes.set_xlim(-0.02, 1.02)
    axes.set_xlabel("wartość i przedział ufności 95%\n▲ więcej znaczy lepiej, ▼ mniej znaczy lepiej")
    axes.xaxis.set_major_formatter(lambda value, _: f"{round(100 * value)}%")
    tidy_axes(axes)
    _legend(figure)
    return png(figure)


_BASE_STYLE: dict[str, Any] = {"fmt": "o", "color": INK, "ecolor": INK, "markerfacecolor": "white", "markersize": 8}
_TUNED_STYLE: dict[str, Any] = {"fmt": "s", "color": BLUE, "ecolor": BLUE, "markersize": 8}


def _curve(axes: "Axes", title: str, values: Sequence[tuple[int, float]]) -> None:
    axes.set_title(title, fontsize=11, color=INK)
    axes.set_xlabel("krok")
    tidy_axes(axes)
    axes.xaxis.set_major_locator(_whole_numbers())
    axes.xaxis.set_major_formatter(lambda value, _: number(round(value)))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}".replace(".", ","))
    if not values:
        axes.text(0.5, 0.5, "brak pomiarów", transform=axes.transAxes, ha="center", va="center", color=INK)
        return
    steps, heights = zip(*values, strict=True)
    axes.plot(steps, heights, color=BLUE, linewidth=1.6, marker="o" if len(values) < 30 else None, markersize=4)


def _smooth_line(axes: "Axes", values: Sequence[tuple[int, float]]) -> None:
    """Pale single steps and a dark moving mean, where there are enough steps for one."""
    if len(values) < 30:
        return
    half = max(2, len(values) // 30)
    means = [fmean(value for _, value in values[max(0, at - half) : at + half + 1]) for at in range(len(values))]
    axes.lines[0].set(color=PALE, linewidth=0.9, label="krok")
    axes.plot([step for step, _ in values], means, color=INK, linewidth=1.8, label="średnia krocząca")
    axes.legend(frameon=False, fontsize=8)


def _mark_start(axes: "Axes", values: Sequence[tuple[int, float]]) -> None:
    """Say what the base model started from: the validation before the first step."""
    if values and values[0][0] == 0:
        axes.axhline(values[0][1], color=INK, linewidth=1, linestyle="--")
        axes.annotate(
            f"model bazowy: {number(values[0][1], 2)}",
            (1, values[0][1]),
            xycoords=("axes fraction", "data"),
            xytext=(0, -4),
            textcoords="offset points",
            ha="right",
            va="top",
            fontsize=9,
            color=INK,
        )


def _legend(figure: "Figure") -> None:
    from matplotlib.lines import Line2D

    figure.legend(
        handles=[
            Line2D(
                [],
                [],
                linestyle="",
                marker="o",
                color=INK,
                markerfacecolor="white",
                markersize=8,
                label="model bazowy",
            ),
            Line2D([], [], linestyle="", marker="s", color=BLUE, markersize=8, label="po fine-tuningu"),
        ],
        loc="outside upper center",
        ncols=2,
        frameon=False,
    )


def _directed(measure: Measure) -> str:
    return f"{measure_name(measure.name)} {'▼' if measure.better == 'lower' else '▲'}"


def _whole_numbers() -> "MaxNLocator":
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(nbins=5, integer=True)
