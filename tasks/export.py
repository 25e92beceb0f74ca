"""Run export: the model for other programs, with how like the adapter each of them answers."""

from prefect import get_run_logger

import paragraf.export
from paragraf.chat import Framing
from paragraf.export import Exported, ExportSettings
from paragraf.models import Model
from paragraf.snapshots import Snapshot
from tasks.policies import stage
from tasks.progress import counting_progress


@stage
def export(model: Model, test: Snapshot, framing: Framing, settings: ExportSettings) -> Exported:
    """Merged weights and GGUF, kept where they answer as the adapter does; a kind that does not is a warning."""
    logger = get_run_logger()
    exported = paragraf.export.export(model, test, framing, settings, counting_progress(logger))
    failed = any(check.faults for check in exported.checks)
    (logger.warning if failed else logger.info)("%s", exported.summary())
    return exported
