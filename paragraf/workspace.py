"""Workspace: the one folder that holds everything a run writes; delete it and you are new."""

import os
from functools import lru_cache
from pathlib import Path


def home() -> Path:
    """The absolute workspace folder: `PARAGRAF_HOME` if set, else `.paragraf` in the working folder."""
    name = os.environ.get("PARAGRAF_HOME") or ".paragraf"
    return _absolute(name) if name.startswith("/") else Path(name).absolute()


@lru_cache(maxsize=16)
def _absolute(name: str) -> Path:
    return Path(name).absolute()


def at_rest(relative: str) -> Path:
    """Absolute path of something that a receipt names by its path inside the workspace.

    Raises:
        ValueError: the path leads out of the workspace.
    """
    root = home()
    path = root / relative
    if not path.resolve().is_relative_to(root.resolve()):
        raise ValueError(f"{relative!r} leads out of the workspace {root}.")
    return path


def relative(path: Path) -> str:
    """The path inside the workspace, as receipts hold it, so that a moved workspace still works."""
    return path.absolute().relative_to(home()).as_posix()
