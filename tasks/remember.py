"""Run remember: new rows with old ones to train on and to be tested by, at rest."""

from itertools import chain

from prefect import get_run_logger

import paragraf.update.remember
from paragraf.snapshots import Snapshot, Splits
from paragraf.update.mix import Mix
from paragraf.update.past import Past
from paragraf.update.settings import UpdateRules
from tasks.policies import stage
from tasks.work import Work


@stage
def remember(new: Splits, past: Past, rules: UpdateRules, near: float, work: Work) -> Mix:
    """Draw the rows to replay, gather the old test rows, and write both beside the new rows."""
    with work.runner() as runner:
        found = paragraf.update.remember.remember(new, past, rules, near, runner)
    train = Snapshot.write("train", chain(new.train.records(), found.replay))
    mix = Mix(
        splits=Splits(
            train=train.model_copy(update={"dropped": new.train.dropped, "changed": new.train.changed}),
            valid=new.valid,
            test=Snapshot.write("test", chain(new.test.records(), found.tests)),
        ),
        replay=Snapshot.write("train", found.replay),
        old_test=Snapshot.write("test", found.tests),
        wanted=found.wanted,
    )
    get_run_logger().info("%s", mix.summary())
    return mix
