"""A training that begins with an adapter: the very weights of it, in finer numbers, and only where it fits."""

from pathlib import Path

import pytest

from paragraf.errors import Damaged, MissingInput
from paragraf.format import Chats
from paragraf.models import Base, Model
from paragraf.train import LoraSettings, training_folder
from tests.tiny import chats_of, sample_records
from tests.training import SETTINGS, WATCHED, train_here

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("warm")]

KEPT_LAST = WATCHED.model_copy(update={"keep": "last"})


@pytest.fixture
def chats(workspace: Path) -> Chats:
    return chats_of(sample_records(16))


@pytest.fixture
def learned(chats: Chats, tiny: Base) -> Model:
    model, _ = train_here(chats, tiny, SETTINGS)
    return model


def going_on(model: Model, **changes: object) -> LoraSettings:
    """One step from a model."""
    given = {
        "batch_size": 12,
        "warmup_share": 0.0,
        "start_from": model.path,
        "monitor": KEPT_LAST,
        "epochs": 1.0,
        **changes,
    }
    return LoraSettings.model_validate(given)


def test_a_step_of_no_length_gives_the_answers_of_the_adapter_that_it_began_with(
    chats: Chats, tiny: Base, learned: Model
) -> None:
    import torch

    from paragraf.models import open_base, open_model, open_tokenizer

    again, entries = train_here(chats, tiny, going_on(learned, learning_rate=1e-20))
    assert [entry["step"] for entry in entries if "loss" in entry] == [1]
    tokens = torch.tensor([open_tokenizer(tiny).encode("Kiedy przedawnia się roszczenie?")])  # type: ignore[attr-defined]
    with torch.no_grad():
        told = [model(input_ids=tokens).logits for model in (open_model(learned), open_model(again), open_base(tiny))]
    assert torch.equal(told[0], told[1])
    assert not torch.equal(told[0], told[2])


def test_small_steps_are_not_rounded_away(chats: Chats, tiny: Base, learned: Model) -> None:
    import torch
    from safetensors.torch import load_file

    again, _ = train_here(chats, tiny, going_on(learned, learning_rate=1e-6))
    before, after = (load_file(model.folder() / "adapter_model.safetensors") for model in (learned, again))
    assert before.keys() == after.keys()
    moved = [(after[name] != before[name].float()).float().mean().item() for name in before]
    assert min(moved) > 0.9
    third, _ = train_here(chats, tiny, going_on(again, learning_rate=1e-20))
    kept = load_file(third.folder() / "adapter_model.safetensors")
    assert all(torch.equal(kept[name], after[name]) for name in after)


def test_the_shape_of_the_adapter_is_kept_whatever_the_settings_say(chats: Chats, tiny: Base, learned: Model) -> None:
    import json

    again, _ = train_here(chats, tiny, going_on(learned, rank=4, alpha=8))
    assert json.loads((again.folder() / "adapter_config.json").read_bytes())["r"] == SETTINGS.rank


def test_another_start_is_another_training(chats: Chats, tiny: Base, learned: Model) -> None:
    assert training_folder(chats, tiny, going_on(learned)) != training_folder(
        chats, tiny, going_on(learned, start_from="")
    )
    with pytest.raises(MissingInput, match=r"no such model; name the folder of a fine-tuned one in train\.start_from"):
        training_folder(chats, tiny, going_on(learned, start_from="models/lora-none"))


def test_an_adapter_of_another_base_is_refused(chats: Chats, tiny: Base, learned: Model) -> None:
    with pytest.raises(Damaged, match="was trained on another template"):
        train_here(chats, tiny.model_copy(update={"template": "another"}), going_on(learned))
