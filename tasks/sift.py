"""Run sift: the rows that no version has met, at rest."""

from prefect import get_run_logger

import paragraf.update.sift
from paragraf.snapshots import Snapshot
from paragraf.update.past import Past
from tasks.policies import stage
from tasks.work import Work


@stage
def sift(corpus: Snapshot, past: Past, near: float, work: Work) -> Snapshot:
    """Set aside what an earlier version learned or was tested with; the receipt counts what cleaning dropped, too."""
    learned, tested = past.rows("train"), past.rows("valid", "test")
    with work.runner() as runner:
        new = Snapshot.write("sift", paragraf.update.sift.sift(corpus.read(), learned, tested, near, runner))
    get_run_logger().info("New rows: %s", new.summary())
    return new.model_copy(update={"dropped": {**corpus.dropped, **new.dropped}, "changed": corpus.changed})
