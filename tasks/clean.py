"""Run clean: whole rows at rest, the others in quarantine."""

from prefect import get_run_logger

import paragraf.clean
from paragraf.clean import CleanSettings
from paragraf.snapshots import Snapshot
from tasks.policies import stage


@stage
def clean(raw: Snapshot, settings: CleanSettings) -> Snapshot:
    """Keep whole rows; the log counts what was dropped and why."""
    kept = paragraf.clean.clean(raw.read(), settings)
    get_run_logger().info("%s", kept.summary())
    return Snapshot.write("clean", kept.outcomes())
