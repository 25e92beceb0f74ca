"""A whole search on a trainer that computes: survivors resume, kills lose nothing, arrival decides nothing."""

import multiprocessing
import os
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from paragraf.errors import Busy, Damaged, Diverged
from paragraf.search import SearchResult, SearchSettings, SweepSettings, key_of, search
from paragraf.search.page import publish_search
from paragraf.search.sampling import Made, propose
from paragraf.search.study import JOURNAL, open_study
from paragraf.search.trials import Trial
from paragraf.workspace import home
from tests.searching import BASE, CountingTrainer, ShufflingPool, chats, stretches

SETTINGS = SweepSettings(
    search=SearchSettings(
        space={"learning_rate": [1e-5, 5e-5, 1e-4, 5e-4, 0.05], "weight_decay": [0.0, 0.01, 0.1], "epochs": [1.0, 3.0]},
        trials=9,
    )
)
SPAWN = multiprocessing.get_context("spawn")  # a fork of a process with threads can hang


def with_search(**changed: object) -> SweepSettings:
    return SETTINGS.model_copy(update={"search": SETTINGS.search.model_copy(update=changed)})


def ignore(trial: Trial) -> None:
    """What changes of trials are told to."""


def run(settings: SweepSettings = SETTINGS, order: int = 0, trainer: CountingTrainer | None = None) -> SearchResult:
    return search(chats(), BASE, settings, ShufflingPool(chats(), trainer or CountingTrainer(), Random(order)), ignore)


def facts(result: SearchResult) -> list[tuple[object, ...]]:
    """All that was found, but for what it took."""
    return [
        (trial.number, tuple(trial.values.items()), trial.state, tuple((rung.share, rung.loss) for rung in trial.rungs))
        for trial in result.trials
    ]


def test_survivors_go_on_where_they_paused() -> None:
    result = run()

    ends: dict[str, float] = {}
    for name, start, end in stretches():
        assert start == ends.get(name, 0.0)
        ends[name] = end
    assert len(ends) == len(result.trials) == 9
    assert sorted(round(end, 2) for end in ends.values()) == [0.11] * 6 + [0.33] * 2 + [1.0]


def test_the_best_is_the_trial_with_the_least_validation_loss_at_its_end() -> None:
    result = run(with_search(sampler="grid", pruning="none"))

    assert len(result.trials) == 30
    assert result.best.values == {"learning_rate": 1e-4, "weight_decay": 0.01, "epochs": 3.0}
    assert result.settings.learning_rate == 1e-4
    assert result.spent.rows == 12 * 100 + 12 * 300  # those with a rate of 0.05 diverge before their first rung
    assert result.full_grid.rows == 15 * 100 + 15 * 300


def test_neighbours_differ_from_the_best_in_one_setting_and_are_compared_at_equal_shares() -> None:
    result = run(with_search(sampler="grid"))

    assert {(one.name, one.value) for one in result.neighbours if one.name == "epochs"} == {("epochs", 1.0)}
    for one in result.neighbours:
        other = next(trial for trial in result.trials if trial.number == one.number)
        assert [rung.loss for rung in other.rungs if rung.share == one.share] == [one.loss]
        assert [rung.loss for rung in result.best.rungs if rung.share == one.share] == [one.best_loss]


def test_a_trial_that_diverges_has_failed_and_the_search_goes_on() -> None:
    result = run(with_search(sampler="grid", pruning="none"))

    failed = [trial for trial in result.trials if trial.state == "failed"]
    assert {trial.values["learning_rate"] for trial in failed} == {0.05}
    assert failed[0].failure == "step 7: loss is nan; lower --train.learning-rate."
    assert result.trials[-1].state == "failed"


def test_a_search_whose_trials_all_fail_says_so() -> None:
    with pytest.raises(Diverged, match="all 3 trials failed; the first: step 7: loss is nan"):
        run(with_search(sampler="grid", pruning="none", space={"learning_rate": [0.05, 0.1, 0.5]}))


@pytest.mark.parametrize("changed", [{"sampler": "tpe"}, {"sampler": "random"}, {"pruning": "hyperband"}])
def test_the_same_search_finds_the_same_in_whatever_order_trials_end(
    changed: dict[str, object], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = []
    for order in range(4):
        monkeypatch.setenv("PARAGRAF_HOME", str(tmp_path / str(order)))
        found.append(facts(run(with_search(parallel=3, **changed), order)))

    assert found[1:] == found[:-1]


def test_workers_have_work_while_there_is_any() -> None:
    pool = ShufflingPool(chats(), CountingTrainer())

    search(chats(), BASE, with_search(parallel=4, sampler="random"), pool, ignore)

    assert pool.most == 4


@pytest.mark.parametrize("sampler", ["grid", "random", "tpe"])
def test_no_two_trials_have_the_same_values(sampler: str) -> None:
    result = run(with_search(sampler=sampler, trials=30, pruning="none"))

    assert len({tuple(trial.values.items()) for trial in result.trials}) == len(result.trials) == 30


def test_tpe_learns_from_losses_also_from_infinite_ones() -> None:
    space = {"learning_rate": [1e-5, 1e-4, 1e-3, 1e-2], "rank": list(range(1, 17))}
    settings = SearchSettings(space=space, trials=60)
    made = [
        Made({"learning_rate": rate, "rank": rank}, 1.0 if rate == 1e-4 else float("inf"))
        for rank in (1, 4, 8, 12, 16)
        for rate in space["learning_rate"]
    ]

    rates = []
    for _ in range(10):
        values = propose(settings, [one.values for one in made], made)
        made.append(Made(values, 1.0 if values["learning_rate"] == 1e-4 else float("inf")))
        rates.append(values["learning_rate"])

    assert rates.count(1e-4) >= 6


def die(home_of_search: str, where: str, at: int) -> None:
    """Search in a process of its own, until it is killed: before or after a stretch, or when a change is told."""
    os.environ["PARAGRAF_HOME"] = home_of_search
    trainer = CountingTrainer(dies_at=0 if where == "told" else at, before=where == "before")
    told: list[Trial] = []

    def on_trial(trial: Trial) -> None:
        told.append(trial)
        if where == "told" and len(told) == at:
            os.kill(os.getpid(), 9)

    search(chats(), BASE, SETTINGS, ShufflingPool(chats(), trainer), on_trial)


@pytest.mark.parametrize(
    ("where", "at"), [("before", 1), ("before", 6), ("after", 1), ("after", 10), ("told", 1), ("told", 8), ("told", 19)]
)
def test_a_killed_search_goes_on_and_finds_what_it_would_have_found(
    where: str, at: int, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARAGRAF_HOME", str(workspace / "whole"))
    whole = run()
    trained = stretches()
    monkeypatch.setenv("PARAGRAF_HOME", str(workspace / "killed"))
    victim = SPAWN.Process(target=die, args=(str(workspace / "killed"), where, at))
    victim.start()
    victim.join(120)
    assert victim.exitcode == -9

    again = run()

    assert facts(again) == facts(whole)
    progress = [stretch for stretch in stretches() if stretch[1] < stretch[2]]
    assert sorted(progress) == sorted(trained)  # nothing twice, nothing left out


def test_a_finished_search_trains_nothing_again() -> None:
    first = run()
    trainer = CountingTrainer()

    again = run(trainer=trainer)

    assert again == first
    assert trainer.calls == 0


def test_where_trials_run_does_not_change_which_search_it_is() -> None:
    keys = [
        key_of(chats(), BASE, SETTINGS.train, with_search(**changed).search)
        for changed in ({}, {"parallel": 4}, {"runner": "dask"}, {"trials": 10})
    ]

    assert keys[0] == keys[1] == keys[2] != keys[3]


def test_a_line_that_a_kill_cut_in_two_is_taken_off() -> None:
    first = run()
    journal = home() / "search" / first.key / JOURNAL
    with journal.open("ab") as file:
        file.write(b'{"op_code":8,"worker_id":"half')

    assert facts(run()) == facts(first)


def test_a_journal_that_cannot_be_read_is_named() -> None:
    first = run()
    journal = home() / "search" / first.key / JOURNAL
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join([*lines[:3], b"nonsense\n", *lines[3:]]))

    with pytest.raises(Damaged, match=r"study\.log: not readable"):
        run()


def test_two_processes_do_not_work_on_one_search() -> None:
    key = key_of(chats(), BASE, SETTINGS.train, SETTINGS.search)

    with open_study(home() / "search" / key, key, SETTINGS.search.space), pytest.raises(Busy, match="another process"):
        run()


def test_optuna_reads_the_study_with_states_and_losses_by_rung() -> None:
    import optuna
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    result = run()

    storage = JournalStorage(JournalFileBackend(str(home() / "search" / result.key / JOURNAL)))
    study = optuna.load_study(study_name=result.key, storage=storage)
    states = {"complete": "COMPLETE", "pruned": "PRUNED", "failed": "FAIL"}
    assert study.best_params == result.best.values
    assert {trial.number: trial.state.name for trial in study.trials} == {
        trial.number: states[trial.state] for trial in result.trials
    }
    assert {trial.number: list(trial.intermediate_values.values()) for trial in study.trials} == {
        trial.number: [rung.loss for rung in trial.rungs] for trial in result.trials
    }


_opened: list[str] | None = None


def _note_opened(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and _opened is not None:
        _opened.append(str(arguments[0]))


def test_no_test_row_is_read_and_no_score_on_one_decides(watch_files: Callable[[], list[str]]) -> None:
    publish_search("a run", run(), SETTINGS)

    opened = watch_files()
    assert any(path.endswith("valid.jsonl") for path in opened)
    assert [path for path in opened if "test.jsonl" in path] == []


@pytest.fixture
def watch_files() -> Callable[[], list[str]]:
    """Begin to note every file that is opened to be read or written in this process; gives what was."""
    global _opened  # noqa: PLW0603  # an audit hook can never be taken off, only be told to rest
    chats()
    sys.addaudithook(_note_opened)
    _opened = []

    def stop() -> list[str]:
        global _opened
        found, _opened = _opened or [], None
        return found

    return stop
