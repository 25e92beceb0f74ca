"""Run split: three disjoint parts at rest."""

from prefect import get_run_logger

import paragraf.split
from paragraf.snapshots import Snapshot, Splits
from paragraf.split import SplitSettings
from tasks.policies import stage


@stage
def split(corpus: Snapshot, settings: SplitSettings) -> Splits:
    """Give every lineage group to one part."""
    parts = paragraf.split.split(corpus.read(), settings)
    get_run_logger().info("%s", ", ".join(f"{len(rows)} {part}" for part, rows in parts.items()) + " rows.")
    return Splits(**{part: Snapshot.write(part, rows) for part, rows in parts.items()})
