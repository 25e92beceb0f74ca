import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from paragraf.devices import FOLDER
from paragraf.jobs import warm_jobs
from paragraf.models import WHEEL_MODEL, Base, find_base
from tests.running import make_stores, with_base_model
from tests.tiny import tiny_base

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # as the command line does it; read when a library of theirs is imported

# of this process: trainings of tests that run side by side don't wait for each other
os.environ[FOLDER] = tempfile.mkdtemp(prefix="paragraf-devices-")

RunOnTmpfs = Callable[[str, str], str]

CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow files first: at the end, when a worker has nothing left to take, the other one is not long at its last."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_unconfigure() -> None:
    shutil.rmtree(os.environ[FOLDER], ignore_errors=True)


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of its own for every test, with its MLflow store, which is made by who uses it."""
    monkeypatch.setenv("PARAGRAF_HOME", str(tmp_path))
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'mlflow' / 'mlflow.db'}")
    return tmp_path


@pytest.fixture(scope="session")
def tokenizer() -> "PreTrainedTokenizerFast":
    """One token a byte, and four control tokens, of which `<|header|>` has no role of its own (as in Llama 3)."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    inner = Tokenizer(models.BPE(vocab={letter: index for index, letter in enumerate(alphabet)}, merges=[]))
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    inner.decoder = decoders.ByteLevel()
    control = ("<|im_start|>", "<|im_end|>", "<|pad|>", "<|header|>")
    inner.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in control])
    return PreTrainedTokenizerFast(
        tokenizer_object=inner,
        **{"bos_token": control[0], "eos_token": control[1], "pad_token": control[2]},
        chat_template=CHAT_TEMPLATE,
    )


@pytest.fixture(scope="session")
def tiny(tokenizer: "PreTrainedTokenizerFast", tmp_path_factory: pytest.TempPathFactory) -> Base:
    """The tiny base model, made once."""
    return tiny_base(tmp_path_factory.mktemp("tiny") / "model", tokenizer)


@contextmanager
def once_for_all_workers(tmp_path_factory: pytest.TempPathFactory, name: str) -> Iterator[Path]:
    """A folder that all workers of pytest share, and that one of them at a time may fill."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / name
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that holds the built-in base model and nothing else, unpacked once for all workers of pytest."""
    with once_for_all_workers(tmp_path_factory, "unpacked") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARAGRAF_HOME", str(folder))
        find_base(WHEEL_MODEL)
    return folder


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with empty stores of Prefect and MLflow, which take ten seconds to make; see `with_stores`."""
    with once_for_all_workers(tmp_path_factory, "stores") as folder:
        if not (folder / "made").exists():
            make_stores(folder)
            (folder / "made").touch()
    return folder


@pytest.fixture
def real_base(workspace: Path, unpacked: Path) -> Base:
    """The built-in base model in the workspace of this test."""
    with_base_model(workspace, unpacked)
    return find_base(WHEEL_MODEL)


@pytest.fixture(scope="module")
def warm() -> Iterator[None]:
    """Jobs begin as in a run: forked from a process that has imported what they need, which saves seconds of each."""
    with warm_jobs("paragraf.answering", "paragraf.train.child", "paragraf.export.child", "paragraf.advise.child"):
        yield


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    """One Prefect server for all tests of this process that need one."""
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture
def run_on_tmpfs(tmp_path: Path) -> RunOnTmpfs:
    """Run Python code (its folder is sys.argv[1]) on a file system that no other process sees; gives its output."""
    if shutil.which("unshare") is None:
        pytest.skip("there is no unshare here")
    private = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
    place = tmp_path / "mounted"
    place.mkdir()

    def mount(options: str, command: list[str]) -> subprocess.CompletedProcess[str]:
        script = 'mount -t tmpfs -o "$1" paragraf-test "$2" && shift 2 && exec "$@"'
        return subprocess.run(
            [*private, "sh", "-c", script, "sh", options, str(place), *command],
            capture_output=True,
            text=True,
            check=False,
        )

    def run(options: str, code: str) -> str:
        probe = mount(options, ["true"])
        if probe.returncode:
            pytest.skip(f"no private mount here: {probe.stderr.strip()}")
        done = mount(options, [sys.executable, "-c", code, str(place)])
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
