"""The exercises of docs/exercises.md: the commands run in order in one new workspace and do what is promised.

The first exercise is done each time; `PARAGRAF_TEST_EXERCISES=4` does all four, which takes ten runs.
"""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import NamedTuple

import pytest

from flows.flags import parse_settings
from flows.server import free_port
from paragraf.records import PARTS
from paragraf.search.settings import SweepSettings
from paragraf.split import SplitSettings
from tests.running import SMALL, with_base_model

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "exercises.md").read_text("utf-8")
FLOW = re.compile(r"paragraf (prepare|finetune|sweep|compare(?= \S+ \S+ --)) [^|\n]*")
SERVE = ".venv/bin/paragraf compare serve"
LAST = int(os.environ.get("PARAGRAF_TEST_EXERCISES", "1"))
needs_runs = pytest.mark.skipif(LAST < 4, reason="PARAGRAF_TEST_EXERCISES=4 does the exercises that train models")


class Done(NamedTuple):
    """A block of commands as the guide has it, and what it printed."""

    block: str
    said: str


def blocks_of(text: str) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


class Desk:
    """A folder with the program and its sample at the places where the guide has them."""

    def __init__(self, folder: Path, setup: str, server: str) -> None:
        self._folder, self._setup, self._server = folder, setup, server
        self._address = f"http://127.0.0.1:{free_port()}"
        self._flags = re.findall(r"--\S+(?: (?!--)\S+)?", " ".join(SMALL))
        (folder / ".venv").symlink_to(sys.prefix)
        (folder / "paragraf").symlink_to(ROOT / "paragraf")

    def do(self, block: str, before: str) -> Done:
        """A block done; the votes need the links that were printed before."""
        if block.strip() == SERVE:
            return Done(block, self._vote(before))
        small = FLOW.sub(self._smaller, block.replace("\\\n", " "))
        ended = subprocess.run(
            ["bash", "-euc", self._setup + small],
            cwd=self._folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,
            check=False,
        )
        assert ended.returncode == 0, f"{small}\n{ended.stdout[-3000:]}"
        return Done(block, ended.stdout)

    def _smaller(self, found: re.Match[str]) -> str:
        """The command with what makes it small behind what the guide says, which stays as it is."""
        flags = [*self._flags, *([f"--compare.address {self._address}"] if found[1] == "compare" else [])]
        return " ".join([found[0], *(flag for flag in flags if f"{flag.split()[0]} " not in found[0])])

    def _vote(self, before: str) -> str:
        """Open the test, vote on all questions by the links of all raters, and close it with Ctrl-C."""
        [questions] = re.findall(r"(\d+) questions, ", before)
        server = subprocess.Popen(
            ["bash", "-euc", f"{self._setup}exec {SERVE}"], cwd=self._folder, env=self._environment()
        )
        try:
            for rater, link in re.findall(r"^(\w+)  (http\S+/r/\S+)$", before, re.MULTILINE):
                assert rater in read(link, server)
                for number in range(1, int(questions) + 1):
                    send(f"{link}/{number}", self._address, {"choice": "left", "seen": "0"})
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)
        return before

    def _environment(self) -> dict[str, str]:
        """That of a user who keeps one Prefect server running: starting one for every command takes long."""
        strange = ("PREFECT_", "MLFLOW_", "PARAGRAF_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
        return kept | {"PREFECT_API_URL": self._server}


def read(address: str, server: subprocess.Popen[bytes], seconds: float = 60) -> str:
    """A page of a server that may still be starting."""
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=30) as reply:
                return str(reply.read().decode())
        except (ConnectionError, urllib.error.URLError):
            assert server.poll() is None and time.monotonic() < end, "the server did not start"
            time.sleep(0.1)


def send(address: str, origin: str, fields: dict[str, str]) -> None:
    """A form as a browser sends it."""
    body = urllib.parse.urlencode(fields).encode()
    with urllib.request.urlopen(urllib.request.Request(address, body, {"Origin": origin}), timeout=30) as reply:
        assert reply.status == 200


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, unpacked: Path, prefect_server: None) -> dict[int, list[Done]]:
    """What every block of each exercise printed."""
    from prefect.settings import get_current_settings

    start, *exercises = re.split(r"^## Ćwiczenie \d.*\n", GUIDE, flags=re.MULTILINE)
    server = str(get_current_settings().api.url)
    folder = tmp_path_factory.mktemp("exercises")
    with_base_model(folder / ".cwiczenia", unpacked)
    desk = Desk(folder, "".join(blocks_of(start)), server)
    found: dict[int, list[Done]] = {}
    for number, text in enumerate(exercises[:LAST], start=1):
        found[number] = []
        for block in blocks_of(text):
            found[number].append(desk.do(block, found[number][-1].said if found[number] else ""))
    return found


@pytest.mark.parametrize("command", re.findall(r"^\.venv/bin/paragraf (.*)$", GUIDE.replace("\\\n", " "), re.MULTILINE))
def test_every_command_of_the_guide_is_understood(command: str) -> None:
    name, *words = shlex.split(re.split(r" \|\|? ", command)[0])
    flags = [word for word in words if word not in ("--config", "male.yaml")]
    if name in ("prepare", "finetune"):
        assert parse_settings(name, flags).load.source in ("sto.jsonl", "dwadziescia.jsonl", "znaczniki.jsonl")
    elif name == "sweep":
        assert parse_settings(name, flags, SweepSettings).load.source == "sto.jsonl"
    else:
        assert name in ("report", "ask", "compare", "diagnose")


@pytest.mark.slow
def test_the_training_rows_grow_to_what_is_asked_and_the_other_parts_keep_their_shares(
    done: dict[int, list[Done]],
) -> None:
    taken, prepared = done[1]
    [wanted] = re.findall(r"--augment\.balance\.target-rows (\d+)", prepared.block)
    chats = Path(prepared.said.splitlines()[-1])
    rows = {part: len((chats / f"{part}.jsonl").read_text("utf-8").splitlines()) for part in PARTS}
    shares = SplitSettings().shares()
    taken_rows = int(re.findall(r"^(\d+) sto\.jsonl", taken.said, re.MULTILINE)[0])
    assert rows == {part: round(shares[part] * taken_rows) for part in PARTS} | {"train": int(wanted)}


@pytest.mark.slow
@needs_runs
def test_a_small_model_is_trained_reported_and_its_settings_are_searched(done: dict[int, list[Done]]) -> None:
    trained, searched = done[2]
    assert (report := Path(trained.said.splitlines()[-1])).is_file()
    assert "perpleks" in report.read_text("utf-8").lower()
    best = (Path(searched.said.splitlines()[-1]).parent / "best.yaml").read_text("utf-8")
    [values] = re.findall(r"learning_rate=(\S+)", searched.block)
    [found] = re.findall(r"learning_rate: (\S+)", best)
    assert float(found) in [float(value) for value in values.split(",")]


@pytest.mark.slow
@needs_runs
def test_a_blind_test_keeps_its_seal_until_all_have_voted(done: dict[int, list[Done]]) -> None:
    _, sealed, _, ended = done[3]
    [(questions, raters, seal)] = re.findall(r"(\d+) questions, (\d+) raters\. Its seal .* is (\w+)\.", sealed.said)
    assert f"seal {seal}: {questions} questions, {questions} judged by all." in ended.said
    assert len(re.findall(rf"^\w+  {questions} of {questions}$", ended.said, re.MULTILINE)) == int(raters)
    page = Path(ended.said.splitlines()[-1]).read_text("utf-8")
    assert len(set(re.findall(r"lora-\w+", page))) == 2


@pytest.mark.slow
@needs_runs
def test_each_planted_fault_is_found_by_name_and_is_gone_after_the_change(done: dict[int, list[Done]]) -> None:
    faults = ["too_few_rows", "divergence", "broken_formatting"]
    found = [[fault for fault in faults if f"\n{fault}\n" in part.said] for part in done[4]]
    assert found == [["too_few_rows"], ["divergence"], [], ["broken_formatting"], []]
