"""What tests of whole runs share: a small corpus, a workspace with the base model in it, and runs as processes."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from paragraf.publish import is_whole
from tests.training import weights

SAMPLE = Path(__file__).parents[1] / "paragraf" / "data" / "sample.jsonl"
SMALL = [
    *("--clean.min-rows", "20", "--validation.min-raw-rows", "20", "--validation.min-train-rows", "10"),
    *("--train.checkpoint-steps", "2", "--train.monitor.points", "1", "--train.monitor.rows", "2"),
    *("--train.monitor.prompts", "1", "--train.monitor.max-new-tokens", "8", "--no-train.monitor.retention"),
    *("--no-export.gguf", "--export.rows", "1", "--export.answer-tokens", "4"),
    *("--answer.rows", "2", "--answer.max-new-tokens", "8", "--baselines.rows", "0"),
]


def lines_of_the_sample() -> list[str]:
    """Its rows, those with the shortest answers first."""
    return sorted(SAMPLE.read_text("utf-8").splitlines(), key=lambda line: len(json.loads(line)["answer"]))


def write_lines(path: Path, lines: Sequence[str]) -> Path:
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def small_corpus(folder: Path, rows: int = 32) -> Path:
    """The shortest rows of the sample, one file."""
    return write_lines(folder / "small.jsonl", lines_of_the_sample()[:rows])


def with_base_model(workspace: Path, unpacked: Path) -> Path:
    """A fresh workspace that holds the unpacked base model by links, since unpacking takes half a minute."""
    shutil.copytree(unpacked / "models", workspace / "models", copy_function=os.link)
    return workspace


def make_stores(workspace: Path) -> None:
    """Make the stores of Prefect and MLflow, as a first run does."""
    code = """
from paragraf.environment import set_defaults
set_defaults()
from flows.server import prefect_api
from tasks.tracking import client
with prefect_api() as wait_for_it:
    client()
    wait_for_it()
"""
    subprocess.run([sys.executable, "-c", code], env=_without_servers(workspace), check=True, capture_output=True)


def with_stores(workspace: Path, stores: Path) -> Path:
    """A fresh workspace with stores that were made before, where making them is not what is tested."""
    for name in ("prefect", "mlflow"):
        shutil.copytree(stores / name, workspace / name)
    return workspace


def weights_in(workspace: Path) -> dict[str, str]:
    """Hashes of the weights of the one model that was trained in a workspace."""
    [model] = (workspace / "models").glob("lora-*")
    assert is_whole(model)
    return weights(model)


def start(command: str, workspace: Path, *arguments: str) -> tuple[subprocess.Popen[bytes], Path]:
    """Start `paragraf` as a user would; gives the process and the file that holds what it prints."""
    log = workspace.parent / f"{command}-{time.monotonic_ns()}.log"
    with log.open("wb") as output:
        script = Path(sys.executable).with_name("paragraf")
        process = subprocess.Popen(
            [str(script), command, *arguments],
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            env=_without_servers(workspace),
        )
    return process, log


def _without_servers(workspace: Path) -> dict[str, str]:
    """The environment of a user of this workspace."""
    strange = ("PREFECT_", "MLFLOW_")  # of the test that asks
    kept = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
    return kept | {"PARAGRAF_HOME": str(workspace)}


def run(command: str, workspace: Path, *arguments: str) -> str:
    """Run `paragraf` to its end; gives what it printed, and fails when it failed."""
    process, log = start(command, workspace, *arguments)
    code = process.wait(600)
    said = log.read_text("utf-8")
    assert code == 0, said[-3000:]
    return said


def kill_when(
    process: subprocess.Popen[bytes], reached: Callable[[], bool], seconds: float = 300
) -> list[psutil.Process]:
    """Kill with SIGKILL as soon as something is reached; gives the children that the process had then."""
    end = time.monotonic() + seconds
    while not reached():
        assert process.poll() is None, "the run ended before it could be killed"
        assert time.monotonic() < end, "the moment to kill never came"
        time.sleep(0.02)
    children = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    return children


def all_gone(children: list[psutil.Process], seconds: float = 15) -> bool:
    """Whether all of these processes end within some seconds."""
    _, alive = psutil.wait_procs(children, timeout=seconds)
    return not [child for child in alive if child.status() != psutil.STATUS_ZOMBIE]


def first_step_after_restart(training: Path) -> int:
    """The first step that the journal of a training holds after the facts of the rows were told again."""
    entries = [json.loads(line) for line in (training / "journal.jsonl").read_text("utf-8").splitlines()]
    starts = [at for at, entry in enumerate(entries) if entry.get("what") == "rows"]
    assert len(starts) == 2
    return min(int(entry["step"]) for entry in entries[starts[1] :] if "loss" in entry)
