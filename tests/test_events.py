import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from paragraf.events import log_path, read_events, record_event


def test_events_come_back_in_the_order_written_with_time_and_kind() -> None:
    record_event("run_began", {"run": "zażółć", "rows": 3})
    record_event("model_registered", {"version": 1, "tags": ["a", "b"], "score": 0.5, "ok": True, "note": None})
    first, second = read_events()
    at = datetime.fromisoformat(str(first.pop("at")))
    assert abs((datetime.now(UTC) - at).total_seconds()) < 60
    assert first == {"kind": "run_began", "run": "zażółć", "rows": 3}
    assert second["tags"] == ["a", "b"]


def test_events_can_be_asked_for_by_kind() -> None:
    for kind in ("a", "b", "a"):
        record_event(kind, {})
    assert [event["kind"] for event in read_events("a")] == ["a", "a"]
    assert read_events("c") == []


def test_there_are_no_events_in_a_new_workspace() -> None:
    assert read_events() == []
    assert not log_path().exists()


@pytest.mark.parametrize("torn", [b'{"at": "2025', b"{", b'{"kind": "a"', '{"kind": "ż'.encode()[:-1], b"\x00\x00"])
def test_a_torn_last_line_costs_that_line_alone(torn: bytes) -> None:
    record_event("before", {})
    with log_path().open("ab") as file:
        file.write(torn)
    assert [event["kind"] for event in read_events()] == ["before"]
    record_event("after", {})
    assert [event["kind"] for event in read_events()] == ["before", "after"]


def test_a_fact_with_line_breaks_stays_one_event() -> None:
    record_event("a", {"note": "x\ny\r\u2028\u0085z"})
    assert [event["note"] for event in read_events()] == ["x\ny\r\u2028\u0085z"]
    assert log_path().read_bytes().count(b"\n") == 1


def test_four_processes_that_write_at_once_lose_and_mix_nothing(tmp_path: Path) -> None:
    code = """
import sys
from paragraf.events import record_event
sys.stdin.read(1)
for number in range(50):
    record_event("raced", {"writer": sys.argv[1], "number": number, "fill": "x" * 5000})
"""
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(name)], stdin=subprocess.PIPE, env=None) for name in range(4)
    ]
    for writer in writers:
        assert writer.stdin
        writer.stdin.write(b"!")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate()
    events = [json.loads(line) for line in log_path().read_bytes().splitlines()]
    assert len(events) == 200
    for name in range(4):
        assert [event["number"] for event in events if event["writer"] == str(name)] == list(range(50))
