"""Environment: defaults for what is around us, set before any library is imported; what the user set stays."""

import gc
import os
from pathlib import Path

from paragraf.workspace import home

# New objects before a collection. Imports make a million that stay, and by Python's default of 700 a tenth to a third
# of the CPU time of a short run goes into looking at them again and again.
_COLLECTED_AFTER = 10_000


def set_defaults() -> None:
    """Keep everything in the workspace, quiet, offline and without telemetry; collect garbage less often."""
    collect_less_often()
    root = home()
    for name, value in {
        "DO_NOT_TRACK": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_OFFLINE": "1",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
        "MLFLOW_LOGGING_LEVEL": "WARNING",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "MLFLOW_TRACKING_URI": f"sqlite:///{root / 'mlflow' / 'mlflow.db'}",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        "PREFECT_HOME": str(root / "prefect"),
        "PREFECT_LOCAL_STORAGE_PATH": str(root / "results"),
        "PREFECT_LOGGING_EXTRA_LOGGERS": "paragraf",
        "PREFECT_LOGGING_SETTINGS_PATH": str(Path(__file__).parent / "data" / "logging.yml"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "TOKENIZERS_PARALLELISM": "false",
        "TQDM_DISABLE": "1",
        "TRANSFORMERS_VERBOSITY": "error",
    }.items():
        os.environ.setdefault(name, value)


def collect_less_often() -> None:
    """Look for garbage after so many new objects that imports go fast."""
    gc.set_threshold(_COLLECTED_AFTER)
