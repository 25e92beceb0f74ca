import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.node import Aimock, Steady, aimock_at, steady_at

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def node_modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pinned servers that nobody here wrote, installed once for all workers, outside the repository."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        if os.environ.get("PARAGRAF_CI"):
            pytest.fail("the contract tests must run here, and there is no Node")
        pytest.skip("there is no Node here")
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "node"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "node_modules").is_dir():
            for name in ("package.json", "package-lock.json"):
                shutil.copyfile(HERE / name, folder / name)
            subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, check=True)
    return folder / "node_modules"


@pytest.fixture
def aimock(node_modules: Path, tmp_path: Path) -> Iterator[Aimock]:
    with aimock_at(node_modules, tmp_path / "aimock") as running:
        yield running


@pytest.fixture
def steady(node_modules: Path, tmp_path: Path) -> Iterator[Steady]:
    with steady_at(node_modules, tmp_path / "steady.log") as running:
        yield running
