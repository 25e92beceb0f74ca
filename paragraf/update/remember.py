"""Remember: the parts of new rows and the past in; the parts with old rows to train on and to test with out."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from paragraf.law.changes import Changes
from paragraf.lineage import asked
from paragraf.records import Record
from paragraf.runner import HERE, Runner
from paragraf.snapshots import Rows, Splits, records_of
from paragraf.tombstones import Tombstones
from paragraf.update.past import Past
from paragraf.update.replay import draw, wanted, with_own_ids
from paragraf.update.settings import UpdateRules
from paragraf.update.sift import like
from paragraf.validate.leaks import views


class Remembered(NamedTuple):
    """Old rows: those to train on again, those to test with again, and how many were wanted for training."""

    replay: list[Record]
    tests: list[Record]
    wanted: int


def remember(new: Splits, past: Past, rules: UpdateRules, near: float, runner: Runner = HERE) -> Remembered:
    """Old rows that are as sound as on their first day, and no kin of a new row.

    No row is replayed that nearly is one that any version was validated or tested with; no row tests that any version
    learned from.
    """
    fresh = [record for _, part in new.parts() for record in part.records()]
    tested = past.rows("valid", "test")
    pool = _sound(record for rows in past.learned(rules.replay_versions) for record in records_of(rows))
    pool = _unlike(_unlike(pool, [fresh], near, runner), tested, near, runner)
    tests = _sound(record for rows in past.rows("test") for record in records_of(rows))
    tests = _unlike(_unlike(tests, [fresh], near, runner), past.rows("train"), near, runner)
    count = wanted(new.train.rows, rules.replay_share)
    ids = [record.id for record in fresh]
    replay = with_own_ids(draw(pool, count, rules.seed), ids)
    return Remembered(replay, with_own_ids(tests, [*ids, *(record.id for record in replay)]), count)


def _sound(rows: Iterable[Record]) -> list[Record]:
    """Rows that were made from no other, each question once; none that was forgotten or that the law has outrun."""
    tombstones, changes = Tombstones.read(), Changes.read()
    found: dict[str, Record] = {}
    for record in rows:
        if not record.origin and not tombstones.holds(record) and not changes.unknown_to(record):
            found.setdefault(asked(record.question), record)
    return list(found.values())


def _unlike(rows: list[Record], known: Sequence[Rows], near: float, runner: Runner) -> list[Record]:
    """The rows that are like none of these, and of no group of theirs."""
    groups = {record.group for one in known for record in records_of(one) if record.group}
    odd = like(rows, known, views(has_choices=True), near, runner)
    return [record for record in rows if record.id not in odd and record.group not in groups]
