"""Run clean: whole rows at rest, the others in quarantine."""

from prefect import get_run_logger

import paragraf.clean
from paragraf.clean import CleanSettings
from paragraf.snapshots import Snapshot
from tasks.policies import stage
from tasks.work import Work


@stage
def clean(raw: Snapshot, settings: CleanSettings, work: Work) -> Snapshot:
    """Keep whole rows; the log counts what was dropped and changed, and why."""
    with work.runner() as runner:
        rows = Snapshot.write("clean", paragraf.clean.clean(raw, settings, runner))
    get_run_logger().info("%s", rows.summary())
    return rows
