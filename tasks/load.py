"""Run load: rows of the source at rest."""

from prefect import get_run_logger

import paragraf.load
from paragraf.load import LoadSettings
from paragraf.snapshots import Snapshot
from tasks.policies import stage


@stage
def load(settings: LoadSettings, source_digest: str) -> Snapshot:
    """Read the source; its digest stands for its content, so an edited file is read again."""
    rows = Snapshot.write("load", paragraf.load.load(settings))
    get_run_logger().info("Read from %s. %s", settings.source, rows.summary())
    return rows
