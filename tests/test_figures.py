from paragraf.figures import comparison, data_way, training_curves, way_of_rows
from paragraf.report import render
from paragraf.snapshots import Splits
from tests.pages import HOSTILE, PARTS, facts_of, rows


def test_the_way_of_rows_ends_each_dropped_bar_where_the_next_begins() -> None:
    bars = way_of_rows(rows(10, bad_row=1), rows(7, too_short=2, not_polish=1), PARTS, rows(80))

    assert [(bar.label, bar.start, bar.rows) for bar in bars[:5]] == [
        ("na wejściu", 0, 11),
        ("− za krótkie", 9, 2),
        ("− nieczytelne", 8, 1),
        ("− nie po polsku", 7, 1),
        ("po czyszczeniu", 0, 7),
    ]


def test_figures_are_drawn_whatever_their_labels_say() -> None:
    assert render(facts_of(HOSTILE))["figures/data.png"].startswith(b"\x89PNG")


def test_figures_are_drawn_from_nothing_too() -> None:
    none = rows(0)

    for picture in (
        training_curves([]),
        comparison([]),
        data_way(none, none, Splits(train=none, valid=none, test=none), none),
    ):
        assert picture.startswith(b"\x89PNG")
