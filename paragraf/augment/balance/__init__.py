"""Balance: rows in, as many of each category as wanted out: the most diverse of many, variants where there are few."""

import logging
from collections.abc import Callable, Iterator
from functools import partial

from paragraf.augment.balance.corpus import Corpus, signs_of
from paragraf.augment.balance.growth import Growth, More, Order, Shortfall, grown
from paragraf.augment.balance.settings import BalanceSettings, category_of, quotas_of
from paragraf.records import Dropped, Line, Record
from paragraf.runner import HERE, Runner
from paragraf.snapshots import Rows, pieces

__all__ = ["BalanceSettings", "More", "Shortfall", "balance", "category_of", "log_shortfall", "quotas_of"]


def log_shortfall(shortfall: Shortfall) -> None:
    """One warning in the log."""
    logging.getLogger(__name__).warning(
        "Category %s has %d rows of the %d wanted; add rows or allow more variants.",
        *(shortfall.category, shortfall.got, shortfall.wanted),
    )


def balance(
    rows: Rows,
    settings: BalanceSettings,
    more: More,
    tell: Callable[[Shortfall], None] = log_shortfall,
    runner: Runner = HERE,
) -> Iterator[Line]:
    """Rows in order, each followed by its new variants; variants that only a later round made stand at the end.

    Of a category with too many rows the most diverse stay and the others are dropped as `over_target`, variants before
    the rows that they are of. One with too few gets variants, spread evenly over its rows, and none twice. At the end
    `tell` hears of what could not be reached. Memory grows with the number of rows, not with their length.
    """
    held = list(pieces(rows))
    if not settings.by:
        yield from (Line.of(record) for piece in held for record in piece.records())
        return
    corpus = Corpus()
    for signs in runner.map(partial(signs_of, settings), held):
        corpus.add(signs)
    quotas = quotas_of(corpus.counts, settings)
    growth = Growth(corpus, quotas, settings)
    surplus = corpus.surplus(quotas)
    for position, (record, variants) in enumerate(_with_variants(growth.orders(held), growth, settings, more, runner)):
        category = surplus.get(position)
        yield Line.of(record if category is None else Dropped(record, "over_target", category))
        yield from map(Line.of, variants)
    while orders := [order for order in growth.orders(held) if order.asked]:
        for _, variants in _with_variants(orders, growth, settings, more, runner):
            yield from map(Line.of, variants)
    for shortfall in growth.shortfalls():
        tell(shortfall)


def _with_variants(
    orders: list[Order], growth: Growth, settings: BalanceSettings, more: More, runner: Runner
) -> Iterator[tuple[Record, Iterator[Record]]]:
    """Each row of the pieces with those of its variants that are taken."""
    for order, made in zip(orders, runner.map(partial(grown, settings, more), orders), strict=True):
        for place, record in enumerate(order.piece.records()):
            yield record, growth.taken(record, order, place, made.get(place, []))
