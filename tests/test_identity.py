import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace

import psutil
import pytest

from paragraf.identity import ProcessIdentity


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen(["sleep", "60"])
    yield child
    child.kill()
    child.wait()


def test_this_process_is_alive_under_its_label() -> None:
    mine = ProcessIdentity.mine()
    assert mine.pid == os.getpid()
    assert ProcessIdentity.from_label(f".stage-rows-{mine.label()}") == mine
    assert mine.is_alive()


def test_a_process_is_alive_until_it_ends_even_before_it_is_waited_for(sleeper: subprocess.Popen[bytes]) -> None:
    identity = ProcessIdentity.of(sleeper.pid)
    assert identity.is_alive()
    sleeper.kill()
    while psutil.Process(sleeper.pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    assert not identity.is_alive()
    sleeper.wait()
    assert not identity.is_alive()


@pytest.mark.parametrize("seconds", [-3600, -2, 2, 3600])
def test_a_process_number_that_is_used_again_is_another_process(seconds: int) -> None:
    mine = ProcessIdentity.mine()
    assert not replace(mine, started=mine.started + seconds * 100).is_alive()


@pytest.mark.parametrize("text", ["", "run", "p12", "t34", "p1t2-tail", "px1t2x"])
def test_a_name_without_an_identity_belongs_to_nobody_alive(text: str) -> None:
    assert not ProcessIdentity.from_label(text).is_alive()


@pytest.mark.parametrize("label", ["p0t0", "p999999999t1", f"p{10**30}t{10**30}"])
def test_a_number_that_no_process_has_is_dead(label: str) -> None:
    assert not ProcessIdentity.from_label(label).is_alive()
