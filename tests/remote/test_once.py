"""One file, one upload; one order, one job: whatever is lost, late, killed or started twice."""

import threading
from pathlib import Path

import pytest

from paragraf.errors import JobFailed, Refused, Unanswered, Unavailable
from paragraf.models import Base
from paragraf.remote import RemoteOrder
from paragraf.remote.endpoint import open_endpoint
from paragraf.remote.files import ensure_file
from paragraf.remote.jobs import ensure_job
from paragraf.remote.profiles import Profile
from tests.remote.running import QUICK, carried_out, order_for, settings_for
from tests.servers.fine_tuning_server import Call, Fault, FineTuningServer, fine_tuning, refusal

JOBS = "/fine_tuning/jobs"


def file_id(server: FineTuningServer, path: Path, profile: Profile = Profile()) -> str:  # noqa: B008  # frozen
    with open_endpoint(settings_for(server.base_url)) as endpoint:
        return ensure_file(endpoint, path, profile, QUICK)


def written(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder / name


def test_the_same_content_goes_up_once_and_other_content_of_the_same_name_again(
    server: FineTuningServer, tmp_path: Path
) -> None:
    first = file_id(server, written(tmp_path / "a", "train.jsonl", "Zażółć\n"))
    assert file_id(server, written(tmp_path / "b", "train.jsonl", "Zażółć\n")) == first
    assert file_id(server, written(tmp_path / "c", "train.jsonl", "gęślą\n")) != first
    assert server.count("POST", "/files") == 2


def test_a_large_file_goes_up_in_parts_that_together_are_the_file(
    server: FineTuningServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("paragraf.remote.files._PART_BYTES", 7)  # some part ends inside a letter
    path = written(tmp_path, "train.jsonl", "zażółć gęślą jaźń")
    made = file_id(server, path, Profile(parts_from_bytes=10))
    assert server.files[made][1] == path.read_bytes()
    assert server.count("POST", "/uploads/.*/parts") == 4
    assert file_id(server, path, Profile(parts_from_bytes=10)) == made


def test_a_rerun_takes_up_the_same_job_and_files(order: RemoteOrder, server: FineTuningServer) -> None:
    first = carried_out(order)
    again = carried_out(order)
    assert (first.job, len(server.jobs), len(server.files)) == (again.job, 1, 2)


@pytest.mark.parametrize("path", ["/files", JOBS])
@pytest.mark.parametrize(
    "fault",
    [
        Fault(after_seconds=1.0, done=True),
        Fault(drops=True, done=True),
        Fault(status=200, body=b"<html>proxy</html>", done=True),
        Fault(status=200, body=b'{"id": ', done=True),
        Fault(status=502, done=True),
    ],
    ids=["late", "dropped", "html", "half", "bad gateway"],
)
def test_an_answer_that_was_lost_makes_nothing_twice(path: str, fault: Fault, here: Base) -> None:
    def lose(call: Call) -> Fault | None:
        return fault if (call.method, call.path, call.number) == ("POST", path, 1) else None

    with fine_tuning(FineTuningServer(fault=lose)) as server:
        carried_out(order_for(server.base_url, here, timeout_seconds=0.5))
        assert len(server.jobs) == 1
        assert len(server.files) == 2


def test_a_job_that_never_shows_up_is_left_to_the_next_run(here: Base) -> None:
    def swallow(call: Call) -> Fault | None:
        return Fault(drops=True) if (call.method, call.path, call.number) == ("POST", JOBS, 1) else None

    with fine_tuning(FineTuningServer(fault=swallow)) as server:
        order = order_for(server.base_url, here)
        with pytest.raises(Unanswered, match="Nothing was sent twice; the next run looks for it first"):
            carried_out(order)
        assert server.count("POST", JOBS) == 1
        carried_out(order)
        assert len(server.jobs) == 1


def test_what_is_refused_for_the_moment_is_tried_again(here: Base) -> None:
    def twice(call: Call) -> Fault | None:
        return Fault() if call.path in ("/files", JOBS) and call.method == "POST" and call.number <= 2 else None

    with fine_tuning(FineTuningServer(fault=twice)) as server:
        carried_out(order_for(server.base_url, here))
        assert (len(server.jobs), len(server.files)) == (1, 2)


def test_an_endpoint_that_is_broken_for_good_is_told(here: Base) -> None:
    with fine_tuning(FineTuningServer(fault=lambda call: Fault())) as server:
        with pytest.raises(Unavailable, match="looking for the file: 500: broken; run again to go on"):
            carried_out(order_for(server.base_url, here))
        assert server.count("POST", ".*") == 0


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (refusal(429, "insufficient_quota"), "429 insufficient_quota: no; there is no credit left"),
        (
            refusal(403, "", "Your organization may not fine-tune."),
            "new users; train on this machine instead",
        ),
        (refusal(401, "invalid_api_key"), "401 invalid_api_key: no; check OPENAI_API_KEY"),
        (refusal(400, "model_not_available"), "400 model_not_available: no"),
    ],
)
def test_a_refusal_is_told_at_once_and_not_tried_again(fault: Fault, message: str, here: Base) -> None:
    def refuse(call: Call) -> Fault | None:
        return fault if (call.method, call.path) == ("POST", JOBS) else None

    with fine_tuning(FineTuningServer(fault=refuse)) as server:
        with pytest.raises(Refused, match=message):
            carried_out(order_for(server.base_url, here))
        assert server.count("POST", JOBS) == 1


def test_who_is_asked_to_wait_for_long_comes_back_another_time(here: Base) -> None:
    def limit(call: Call) -> Fault | None:
        return refusal(429, "rate_limit_exceeded", **{"retry-after": "300", "retry-after-ms": ""})

    with fine_tuning(FineTuningServer(fault=limit)) as server:
        with pytest.raises(Unavailable, match="run again to go on"):
            carried_out(order_for(server.base_url, here))
        assert len(server.calls) == 1


def test_runs_at_once_make_one_job(order: RemoteOrder, server: FineTuningServer) -> None:
    server.fault = lambda call: Fault(after_seconds=0.05, done=True, status=500) if call.method == "POST" else None
    made: list[str] = []

    def begin() -> None:
        with open_endpoint(order.settings) as endpoint:
            made.append(ensure_job(endpoint, order, QUICK))

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == ["ftjob-1"] * 4
    assert (len(server.jobs), len(server.files)) == (1, 2)


def test_the_job_is_on_disk_before_anybody_looks_at_it(order: RemoteOrder, server: FineTuningServer) -> None:
    known: list[str] = []

    def remember(call: Call) -> Fault | None:
        if call.path == f"{JOBS}/ftjob-1":
            known.append(order.read_state().job)
        return None

    server.fault = remember
    carried_out(order)
    assert set(known) == {"ftjob-1"}


@pytest.mark.parametrize("status", ["failed", "cancelled", "canceled"])
def test_after_a_job_that_failed_the_next_run_asks_for_a_new_one(
    status: str, order: RemoteOrder, server: FineTuningServer
) -> None:
    server.statuses_of = {"ftjob-1": [status]}
    with pytest.raises(JobFailed, match="does not say why"):
        carried_out(order)
    assert carried_out(order).job == "ftjob-2"


@pytest.mark.parametrize(
    "given",
    [{"n_epochs": 2}, {"suffix": "inny"}, {"seed": 8}, {"model": "other"}, {"learning_rate_multiplier": 0.5}],
)
def test_other_settings_of_the_model_are_another_order(given: dict[str, object], here: Base) -> None:
    first = order_for("http://127.0.0.1:1/v1", here)
    assert order_for("http://127.0.0.1:1/v1", here, **given).key != first.key
    assert order_for("http://127.0.0.1:1/v1", here, poll_seconds=5, keep="last").key == first.key
    assert order_for("http://127.0.0.1:1/v1", here, rows=17).key != first.key
