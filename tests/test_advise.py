import json
import os
import resource
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from paragraf.advise import advise, probed
from paragraf.advise.candidates import GIB, Candidate, first_candidates, last_resorts, least_gib, parameters_of
from paragraf.advise.findings import Findings, duration, interval, sentence_of
from paragraf.advise.probe import Kind, Machine, Probe, Span, choose
from paragraf.advise.rows import longest_then_median, tokens_of_epoch
from paragraf.advise.text import render
from paragraf.chat import conversation
from paragraf.errors import BadSettings, ChildFailed
from paragraf.format import Chats
from paragraf.jobs import Entry
from paragraf.models import Base, find_base
from paragraf.publish import digest_of, publish, read_manifest, verify
from paragraf.records import Record
from paragraf.train.settings import FullSettings, LoraSettings, TrainSettings
from paragraf.workspace import at_rest, home, relative

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

MACHINE = Machine(kind="cpu", device="CPU, 2 threads", free_gib=10.0, rows=300, epoch_tokens=100_000.0, longest=600)
BILLION = 10**9


def measured(name: str, peak: float, *rates: float, flags: str = "") -> Probe:
    return Probe(
        name=name,
        flags=flags,
        outcome="measured",
        kind="cpu",
        free_gib=10.0,
        peak_gib=peak,
        rows_at_once=4,
        token_seconds=rates,
    )


def killed(name: str, flags: str = "") -> Probe:
    return Probe(name=name, flags=flags, outcome="no_memory", kind="cpu", free_gib=10.0, message="killed by the system")


def findings(*probes: Probe, settings: TrainSettings | None = None) -> Findings:
    return Findings(
        base="small", parameters=BILLION, machine=MACHINE, settings=settings or LoraSettings(epochs=2), probes=probes
    )


def names_and_flags(candidates: list[Candidate]) -> list[tuple[str, str]]:
    return [(candidate.name, candidate.flags) for candidate in candidates]


def test_what_computes_the_same_with_less_memory_is_tried_beside_the_given_settings() -> None:
    assert names_and_flags(first_candidates(LoraSettings())) == [
        ("as given", ""),
        ("checkpointing", "--train.gradient-checkpointing"),
        ("one row at once", "--train.micro-batch 1"),
    ]


def test_settings_that_save_memory_already_are_tried_once() -> None:
    given = LoraSettings(gradient_checkpointing=True, micro_batch=1)
    assert names_and_flags(first_candidates(given)) == [("as given", "")]


def test_the_last_resort_of_full_training_is_adapters_with_their_own_rate() -> None:
    given = FullSettings(learning_rate=3e-5, epochs=2, seed=5)
    both, adapters = list(last_resorts(given, layers=30))[:2]
    assert (both.name, both.settings.backend) == ("both", "full")
    assert both.flags == "--train.gradient-checkpointing --train.micro-batch 1"
    assert adapters.flags == "--train.gradient-checkpointing --train.micro-batch 1 --train.backend lora"
    assert adapters.settings == LoraSettings(epochs=2, seed=5, gradient_checkpointing=True, micro_batch=1)


def test_adapters_on_the_upper_half_of_the_layers_come_last() -> None:
    last = list(last_resorts(LoraSettings(), layers=30))[-1]
    assert last.flags == "--train.gradient-checkpointing --train.micro-batch 1 --train.top-layers 15"
    assert isinstance(last.settings, LoraSettings)
    assert last.settings.top_layers == 15


def test_adapters_on_fewer_layers_than_half_are_not_put_on_more() -> None:
    assert all("top-layers" not in candidate.flags for candidate in last_resorts(LoraSettings(top_layers=8), layers=30))


@pytest.mark.parametrize(
    ("settings", "gib"),
    [
        (FullSettings(), 14.901),
        (LoraSettings(), 1.863),
        (LoraSettings(precision="8bit"), 0.931),
        (LoraSettings(precision="4bit"), 0.466),
    ],
)
def test_weights_and_optimiser_of_a_billion_parameters_take_at_least(settings: TrainSettings, gib: float) -> None:
    assert least_gib(settings, BILLION) == pytest.approx(gib, abs=0.001)


def test_the_longest_rows_come_first_and_again_then_those_around_the_median() -> None:
    lengths = [10, 90, 20, 80, 30, 70, 40, 60, 50]
    rows = longest_then_median(lengths, together=2, longest=2, median=2)
    assert [lengths[at] for at in rows] == [90, 80, 90, 80, 70, 60, 50, 40]


def test_few_rows_are_taken_again_to_fill_the_steps() -> None:
    assert longest_then_median([5, 9], together=3, longest=1, median=1) == [1, 0, 1, 1, 0, 1]


def test_an_epoch_has_the_tokens_that_the_weights_of_tasks_draw() -> None:
    assert tokens_of_epoch([10, 20, 30], ["qa", "qa", "exam"], {}) == 60
    assert tokens_of_epoch([10, 20, 30], ["qa", "qa", "exam"], {"qa": 0.0}) == 90


@pytest.mark.parametrize(
    ("kind", "peak", "fits"), [("cpu", 5.4, True), ("cpu", 5.5, False), ("cuda", 8.2, True), ("cuda", 8.3, False)]
)
def test_a_candidate_fits_when_its_peak_leaves_some_of_the_memory_free(kind: Kind, peak: float, fits: bool) -> None:
    probe = measured("as given", peak, 0.01).model_copy(update={"kind": kind})
    assert probe.fits() is fits  # of 10 GiB: half a GiB and 75 % (a GPU: 15 %) of the peak


def test_a_time_runs_from_the_fastest_to_the_slowest_step_around_the_median_one() -> None:
    assert measured("as given", 1.0, 0.25, 0.5, 0.125).time(1000) == Span(250, 125, 500)
    assert killed("as given").time(1000) is None


def test_the_given_settings_win_unless_others_are_faster_beyond_the_spread_of_steps() -> None:
    given, overlapping, faster = (
        measured("as given", 3.0, 0.010, 0.012),
        measured("a", 2.0, 0.009, 0.011),
        measured("b", 2.0, 0.007, 0.009),
    )
    assert choose([given, overlapping]) == given
    assert choose([given, overlapping, faster]) == faster
    assert choose([killed("as given"), overlapping]) == overlapping
    assert choose([killed("as given"), measured("a", 9.0, 0.01)]) is None


@pytest.mark.parametrize(
    ("probes", "sentence"),
    [
        (
            [measured("as given", 3.0, 0.002, 0.0015, 0.003)],
            "Train with the settings as given: they take 3.0 of 10.0 GiB and the training steps about "
            "6.7 min (5.0 to 10).",
        ),
        (
            [killed("as given"), measured("checkpointing", 2.0, 0.1, 0.1, flags="--train.gradient-checkpointing")],
            "Add --train.gradient-checkpointing (the settings as given do not fit): that takes 2.0 of 10.0 GiB and the "
            "training steps about 5.6 h (5.6 to 5.6).",
        ),
        (
            [killed("as given")],
            "Nothing that was tried fits into 10.0 GiB: end other programs, shorten rows (--format.max-tokens N "
            "--format.too-long drop), or take a smaller --train.base-model.",
        ),
    ],
)
def test_the_advice_is_one_sentence(probes: list[Probe], sentence: str) -> None:
    assert sentence_of(findings(*probes)) == sentence


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(40, "40 s"), (89, "89 s"), (270, "4.5 min"), (1500, "25 min"), (9000, "2.5 h"), (259200, "3.0 days")],
)
def test_times_are_said_as_people_say_them(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_an_interval_over_two_units_names_both() -> None:
    assert interval(Span(100, 80, 120)) == "1.7 min (80 s to 2.0 min)"


def test_the_page_shows_the_advice_the_table_and_what_does_not_fit() -> None:
    page = render(
        findings(
            killed("as given"),
            measured("checkpointing", 9.0, 0.001, 0.001, flags="--x"),
            settings=FullSettings(epochs=0.8),
        )
    )
    lines = page.splitlines()
    assert lines[0].startswith("Nothing that was tried fits into 10.0 GiB")
    assert lines[4:7] == [
        "settings       rows at once  peak GiB  free GiB  fits  one epoch             all steps        "
        "add to the command",
        "as given       -             -         10.0      no    -                     -                (nothing)",
        "checkpointing  4             9.0       10.0      no    1.7 min (1.7 to 1.7)  80 s (80 to 80)  --x",
    ]
    assert "as given: killed by the system." in lines
    assert "checkpointing: needs 16.2 GiB with memory to spare." in lines


@pytest.mark.parametrize(("parameters", "said"), [(10**8, "measure it with"), (10**10, "it cannot fit here")])
def test_training_all_weights_is_named_with_what_it_takes_at_least(parameters: int, said: str) -> None:
    shown = findings(measured("as given", 3.0, 0.001)).model_copy(update={"parameters": parameters})
    line = next(line for line in render(shown).splitlines() if "training all weights" in line)
    assert said in line


def chats(answer: str = "Tak, na podstawie art. 415 k.c. ") -> Chats:
    """Eight training rows; the later, the longer."""
    folder = home() / "chats" / "some"
    rows = [conversation(Record(id=str(n), question="Czy to prawda?", answer=answer * (n + 1))) for n in range(8)]
    with publish(folder) as stage:
        for part in ("train", "valid", "test"):
            (stage / f"{part}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return Chats(
        path=relative(folder),
        digest=digest_of(read_manifest(folder)),
        tokens={"train": 1, "valid": 1, "test": 1},
        rows={"train": 8, "valid": 8, "test": 8},
        learned_share=0.5,
        longest=100,
        dropped=0,
    )


def model_in(folder: Path, tokenizer: "PreTrainedTokenizerFast", width: int) -> Base:
    """A model of two layers that knows nothing; it takes memory by the width of its layers."""
    from transformers import LlamaConfig, LlamaForCausalLM

    shape = {"hidden_size": 64, "intermediate_size": width, "num_hidden_layers": 2, "num_attention_heads": 2}
    LlamaForCausalLM(LlamaConfig(vocab_size=len(tokenizer), num_key_value_heads=2, **shape)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return find_base(str(folder))


def probing() -> list[psutil.Process]:
    """The processes that measure: forked ones, so not children of this process but of one of its children."""
    return [one for one in psutil.Process().children(recursive=True) if one.ppid() != os.getpid()]


class Killer:
    """Kills the children that probe these candidates when they have done their first step."""

    def __init__(self, *candidates: str) -> None:
        self._candidates = candidates

    def __call__(self, entry: Entry) -> None:
        if entry["candidate"] in self._candidates and entry.get("step") == 1:
            for child in probing():
                child.kill()


@pytest.mark.slow
@pytest.mark.usefixtures("warm")
def test_a_candidate_that_is_killed_does_not_fit_and_the_next_one_is_advised(tiny: Base) -> None:
    advice = advise(chats(), tiny, LoraSettings(batch_size=64), Killer("as given"))
    assert advice.sentence.startswith("Add --train.gradient-checkpointing (the settings as given do not fit): ") or (
        advice.sentence.startswith("Add --train.micro-batch 1 (the settings as given do not fit): ")
    )
    stored = Findings.model_validate_json((at_rest(advice.path) / "advice.json").read_bytes())
    assert [(probe.name, probe.outcome, probe.fits()) for probe in stored.probes] == [
        ("as given", "no_memory", False),
        ("checkpointing", "measured", True),
        ("one row at once", "measured", True),
    ]
    assert "as given: killed by the system while it was measured." in (at_rest(advice.path) / "advice.txt").read_text()


@pytest.mark.slow
@pytest.mark.usefixtures("warm")
def test_where_full_training_does_not_fit_adapters_are_advised_and_nothing_behind_them_is_tried(tiny: Base) -> None:
    given = FullSettings(gradient_checkpointing=True, micro_batch=1)
    advice = advise(chats(), tiny, given, Killer("as given"))
    stored = Findings.model_validate_json((at_rest(advice.path) / "advice.json").read_bytes())
    assert [(probe.name, probe.fits()) for probe in stored.probes] == [("as given", False), ("adapters", True)]
    assert advice.sentence.startswith("Add --train.backend lora (the settings as given do not fit): ")


@pytest.mark.slow
@pytest.mark.usefixtures("warm")
def test_an_allocation_that_is_refused_is_an_answer_too(tmp_path: Path, tokenizer: "PreTrainedTokenizerFast") -> None:
    def allow_a_gib_more(entry: Entry) -> None:
        if entry["what"] == "machine":
            for child in probing():
                most = child.memory_info().vms + GIB
                resource.prlimit(child.pid, resource.RLIMIT_AS, (most, most))

    wide = model_in(tmp_path / "wide", tokenizer, width=16384)
    candidate = Candidate("as given", LoraSettings(batch_size=64, micro_batch=64))  # 4 GiB of activations
    rows = at_rest(chats().path) / "train.jsonl"
    _, probe = probed(rows, wide, candidate, home() / "work", allow_a_gib_more)
    assert (probe.outcome, probe.message) == ("no_memory", "memory ran out while it was measured")
    assert not probe.fits()


@pytest.mark.slow
@pytest.mark.usefixtures("warm")
def test_a_model_whose_optimiser_alone_is_too_large_is_not_even_opened(
    tmp_path: Path, tokenizer: "PreTrainedTokenizerFast"
) -> None:
    huge = model_in(tmp_path / "huge", tokenizer, width=128)
    weights = huge.folder() / "model.safetensors"
    header = json.dumps({"all": {"dtype": "BF16", "shape": [10**6, 10**8], "data_offsets": [0, 0]}}).encode()
    weights.write_bytes(len(header).to_bytes(8, "little") + header)
    assert parameters_of(huge) == 10**14
    rows = at_rest(chats().path) / "train.jsonl"
    _, probe = probed(rows, huge, Candidate("as given", FullSettings()), home() / "work", lambda _: None)
    assert (probe.outcome, probe.fits()) == ("no_memory", False)
    assert probe.message == "not tried: weights and optimiser alone take 1490116.1 GiB"


@pytest.mark.slow
@pytest.mark.usefixtures("warm")
def test_settings_that_cannot_be_run_at_all_are_an_error_and_no_lack_of_memory(tiny: Base) -> None:
    with pytest.raises(BadSettings, match="no row has a weight above 0"):
        advise(chats(), tiny, LoraSettings(task_weights={"qa": 0.0}), lambda _: None)


@pytest.mark.slow
@pytest.mark.usefixtures("warm")
def test_the_log_of_a_candidate_that_crashed_stays(tmp_path: Path, tokenizer: "PreTrainedTokenizerFast") -> None:
    weights = model_in(tmp_path / "damaged", tokenizer, width=128).folder() / "model.safetensors"
    header = json.dumps({"all": {"dtype": "BF16", "shape": [10, 10], "data_offsets": [0, 0]}}).encode()
    weights.write_bytes(len(header).to_bytes(8, "little") + header)
    damaged = find_base(str(weights.parent))
    log = home() / "advice" / "child.log"
    with pytest.raises(ChildFailed, match=f"^{log}: the child ended with code 1"):
        advise(chats(), damaged, LoraSettings(), lambda _: None)
    assert "Traceback" in log.read_text()


@pytest.mark.slow
@pytest.mark.usefixtures("warm")
def test_the_built_in_model_is_measured_on_its_longest_rows_and_nothing_is_left_but_the_advice(
    real_base: Base,
) -> None:
    entries: list[dict[str, Any]] = []
    settings = LoraSettings(batch_size=2, micro_batch=1, gradient_checkpointing=True)  # nothing else to try beside it
    advice = advise(chats(), real_base, settings, lambda entry: entries.append(dict(entry)))
    folder = at_rest(advice.path)
    stored = Findings.model_validate_json((folder / "advice.json").read_bytes())
    assert verify(folder) == advice.digest
    assert (folder / "advice.txt").read_text("utf-8") == render(stored)
    [probe] = stored.probes
    assert (probe.name, probe.outcome) == ("as given", "measured")
    assert (probe.peak_gib or 0) > least_gib(settings, stored.parameters)
    tokens = [entry["tokens"] for entry in entries if entry["what"] == "step"]
    assert tokens[0] == tokens[1] > tokens[2]
    assert {path.name for path in home().iterdir()} == {"advice", "chats", "models", "tokens"}
    assert [path.name for path in (home() / "advice").iterdir()] == [folder.name]
