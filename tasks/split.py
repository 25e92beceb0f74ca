"""Run split: three disjoint parts at rest."""

from prefect import get_run_logger

import paragraf.split
from paragraf.ledger import KnownParts, write_down
from paragraf.snapshots import Snapshot, Splits
from paragraf.split import SplitSettings
from tasks.policies import stage
from tasks.work import Work


@stage
def split(corpus: Snapshot, known: KnownParts, settings: SplitSettings, work: Work) -> Splits:
    """Give every lineage group to one part, and write down which."""
    with work.runner() as runner:
        assignment = paragraf.split.assign(corpus, settings, known.read(), runner)
    get_run_logger().info("%s", assignment.summary())
    splits = Splits(
        train=Snapshot.write("train", assignment.lines(corpus, "train")),
        valid=Snapshot.write("valid", assignment.lines(corpus, "valid")),
        test=Snapshot.write("test", assignment.lines(corpus, "test")),
    )
    write_down(assignment, corpus.digest, settings.seed)
    return splits
