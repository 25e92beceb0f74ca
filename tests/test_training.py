"""Training from end to end on a tiny model: what it learns, tells, keeps and refuses."""

import shutil
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from paragraf.chat import Framing
from paragraf.diagnose import diagnose, read_training
from paragraf.errors import BadSettings, Diverged
from paragraf.format import Chats
from paragraf.history import read_entries
from paragraf.jobs import JOURNAL
from paragraf.models import Base, open_model
from paragraf.records import Record
from paragraf.train import FullSettings, LoraSettings, TrainSettings, train, training_folder
from tests.tiny import chats_of, sample_records
from tests.training import SETTINGS, WATCHED, silent, train_here, weights, work_here

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("warm")]

ROOT = Path(__file__).parents[1]


@pytest.fixture
def chats(workspace: Path) -> Chats:
    return chats_of(sample_records(16))


def test_a_run_tells_its_rows_its_steps_and_its_quality(chats: Chats, tiny: Base) -> None:
    entries: list[dict[str, Any]] = []
    model = train(chats, tiny, SETTINGS, lambda entry: entries.append(dict(entry)))
    assert [entry["rows"] for entry in entries if entry.get("what") == "rows"] == [12]
    assert [entry["step"] for entry in entries if "loss" in entry] == list(range(1, 13))
    measured = [entry for entry in entries if "validation_loss" in entry]
    assert [entry["step"] for entry in measured] == [0, 6, 12]
    assert {"perplexity", "diversity", "style", "polish"} <= measured[-1].keys()
    assert measured[-1]["validation_loss"] < measured[0]["validation_loss"]
    assert open_model(model).dtype.is_floating_point


def test_questions_are_framed_alike_where_a_model_learns_is_watched_and_is_asked_later(tiny: Base) -> None:
    letters = [Record(id=f"g{number}", question="Napisz pozew.", answer="Wnoszę o zapłatę.") for number in range(2)]
    watched = WATCHED.model_copy(update={"rows": 4, "retention": True})
    settings = SETTINGS.model_copy(update={"epochs": 1.0, "monitor": watched})
    known = []
    for framing in (Framing(system="S"), Framing(system="S", task_prefixes=True)):
        model, entries = train_here(chats_of([*sample_records(10), *letters], framing=framing), tiny, settings)
        assert model.framing == framing
        assert f"`{framing.model_dump_json()}`" in (model.folder() / "README.md").read_text("utf-8")
        untrained = next(entry for entry in entries if "validation_loss" in entry)
        assert {"validation_loss/generation", "validation_loss/qa"} <= untrained.keys()
        known.append(untrained["retention_loss"])
    assert known[0] != known[1]


def test_a_model_that_was_lost_is_published_again_from_the_last_checkpoint(chats: Chats, tiny: Base) -> None:
    model, _ = train_here(chats, tiny, SETTINGS)
    before = weights(model.folder())
    shutil.rmtree(model.folder())
    again, entries = train_here(chats, tiny, SETTINGS)
    assert weights(again.folder()) == before
    assert [entry for entry in entries if "loss" in entry] == []


@pytest.mark.parametrize(
    "settings",
    [
        FullSettings(epochs=1, batch_size=4, monitor=WATCHED),
        LoraSettings(epochs=1, batch_size=4, variant="dora", monitor=WATCHED),
        LoraSettings(
            epochs=1, batch_size=4, variant="rslora", micro_batch=1, gradient_checkpointing=True, monitor=WATCHED
        ),
        LoraSettings(epochs=1, batch_size=4, precision="4bit", monitor=WATCHED),
        LoraSettings(epochs=1, batch_size=4, precision="8bit", monitor=WATCHED),
    ],
    ids=["full", "dora", "rslora, checkpointing, one row at once", "4 bits", "8 bits"],
)
def test_every_way_of_training_learns_and_opens(settings: TrainSettings, chats: Chats, tiny: Base) -> None:
    if isinstance(settings, LoraSettings) and settings.precision != "bf16":
        pytest.importorskip("bitsandbytes")
    model, entries = train_here(chats, tiny, settings)
    losses = [entry["validation_loss"] for entry in entries if "validation_loss" in entry]
    assert losses[-1] < losses[0]
    assert weights(model.folder())
    assert open_model(model) is not None


def test_adapters_of_the_top_layers_are_on_those_alone(chats: Chats, tiny: Base) -> None:
    from safetensors import safe_open

    settings = SETTINGS.model_copy(update={"top_layers": 1, "epochs": 1.0})
    model, _ = train_here(chats, tiny, settings)
    with safe_open(model.folder() / "adapter_model.safetensors", framework="pt") as file:
        layers = {name.split("layers.")[1].split(".")[0] for name in file.keys()}  # noqa: SIM118
    assert layers == {"1"}


def test_tasks_that_are_not_wanted_are_not_drawn(chats: Chats, tiny: Base) -> None:
    unwanted = SETTINGS.model_copy(update={"task_weights": {"qa": 0.0, "other": 0.0, "generation": 0.0}})
    with pytest.raises(BadSettings, match=r"train\.task_weights: no row has a weight above 0; the tasks here: "):
        work_here(chats, tiny, unwanted)


def test_a_rate_that_is_far_too_large_ends_the_run_and_says_what_to_do(chats: Chats, tiny: Base) -> None:
    settings = FullSettings(learning_rate=1.0, epochs=4, batch_size=2, checkpoint_steps=2, monitor=WATCHED)
    with pytest.raises(
        Diverged, match=r"step \d+: .*try --train\.learning-rate 1e-3, or see: paragraf diagnose"
    ) as caught:
        train(chats, tiny, settings, silent)
    work = training_folder(chats, tiny, settings)
    [stopped] = [entry for entry in read_entries(work / JOURNAL) if entry.get("what") == "stopped"]
    assert stopped["reason"] == "diverged"
    assert stopped["message"] in str(caught.value)
    assert caught.value.exit_code == 76


def test_quality_that_falls_is_told_and_stops_the_run_if_it_is_to(chats: Chats, tiny: Base) -> None:
    """A rate at which this model gets worse but is still better than chance."""
    watched = WATCHED.model_copy(update={"points": 24, "prompts": 0, "max_rise": 0.02, "on_degradation": "stop"})
    settings = SETTINGS.model_copy(update={"learning_rate": 0.2, "epochs": 4.0, "monitor": watched})
    try:
        _, entries = train_here(chats, tiny, settings)
    except Diverged:
        pytest.fail("the rate of this test is too large")
    stopped = [entry for entry in entries if entry.get("what") == "stopped"]
    assert [entry["reason"] for entry in stopped] == ["degraded"]
    assert max(entry["step"] for entry in entries if "loss" in entry) == stopped[0]["step"] < 24


def test_the_best_state_is_kept_and_not_the_last(chats: Chats, tiny: Base) -> None:
    watched = WATCHED.model_copy(update={"points": 12, "prompts": 0, "keep": "best"})
    settings = SETTINGS.model_copy(update={"learning_rate": 0.2, "epochs": 4.0, "monitor": watched})
    model, entries = train_here(chats, tiny, settings)
    losses = {
        entry["step"]: entry["validation_loss"] for entry in entries if "validation_loss" in entry and entry["step"]
    }
    [kept] = [entry for entry in read_entries(model.folder() / "history.jsonl") if entry.get("what") == "kept"]
    assert kept["step"] == min(losses, key=lambda step: losses[step])


def found_in(chats: Chats, base: Base, settings: TrainSettings) -> set[str]:
    """Problems by name that the log of a training shows."""
    with suppress(Diverged):
        work_here(chats, base, settings)
    return {finding.problem for finding in diagnose(read_training(training_folder(chats, base, settings)))}


def test_the_three_planted_faults_are_found_by_name(tiny: Base, workspace: Path) -> None:
    few = chats_of(sample_records(24))
    assert "too_few_rows" in found_in(few, tiny, SETTINGS)
    too_fast = FullSettings(learning_rate=1.0, epochs=4, batch_size=2, checkpoint_steps=2, monitor=WATCHED)
    assert "divergence" in found_in(few, tiny, too_fast)
    broken = [
        replace(row, question=f"### Instrukcja:\n{row.question}", answer=f"### Odpowiedź:\n{row.answer}")
        for row in sample_records(24)
    ]
    assert "broken_formatting" in found_in(chats_of(broken), tiny, SETTINGS)


def test_two_processes_learn_what_one_does(
    chats: Chats, tiny: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same rows a step, dealt out to two replicas (gloo): the same losses but for the rounding of bf16.

    Whatever goes wrong while an interpreter ends comes too late to fail it.
    """
    startup = tmp_path / "startup" / "sitecustomize.py"
    startup.parent.mkdir()
    startup.write_text('import atexit, os\nif "RANK" in os.environ:\n    atexit.register(os.abort)\n', "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(startup.parent))
    one = SETTINGS.model_copy(update={"dropout": 0.0})
    two = one.model_copy(update={"accelerate": str(ROOT / "deployments" / "accelerate" / "cpu-2.yaml")})
    train(chats, tiny, two, silent)
    told = [read_entries(training_folder(chats, tiny, two) / JOURNAL), train_here(chats, tiny, one)[1]]
    curves = [[entry["loss"] for entry in entries if "loss" in entry] for entries in told]
    assert curves[1] == pytest.approx(curves[0], rel=2e-3)
    assert len(curves[0]) == 12
