"""The space of a search: what may be named, how flags are read, and which candidates are refused."""

import pytest
from pydantic import ValidationError

from paragraf.search.settings import SearchSettings, SweepSettings
from paragraf.search.space import candidate, combinations, from_flags
from paragraf.settings import explain
from paragraf.train.settings import LoraSettings


def refusal(**search: object) -> str:
    """The one line that a user sees."""
    with pytest.raises(ValidationError) as refused:
        SweepSettings.model_validate({"search": search})
    return explain(refused.value)


def test_the_default_space_is_a_grid_of_432_and_the_default_search_tries_12_of_it() -> None:
    settings = SearchSettings()

    assert len(combinations(settings.tried)) == 432
    assert settings.planned() == 12


@pytest.mark.parametrize(
    ("flags", "space"),
    [
        ("learning_rate=1e-4,1e-3", {"learning_rate": [1e-4, 1e-3]}),
        ("train.learning-rate=1e-4, 1e-3,batch_size=2", {"learning_rate": [1e-4, 1e-3], "batch_size": [2]}),
        ('{"rank": [4, 8]}', {"rank": [4, 8]}),
    ],
)
def test_flags_name_settings_with_their_values(flags: str, space: dict[str, list[float]]) -> None:
    assert SearchSettings.model_validate({"space": flags}).space == space


def test_values_are_of_the_type_of_their_setting() -> None:
    space = SearchSettings.model_validate({"space": {"epochs": [1], "batch_size": ["4"]}}).space

    assert [type(values[0]) for values in space.values()] == [float, int]


@pytest.mark.parametrize(
    ("space", "message"),
    [
        ({"num_epochs": [1]}, "num_epochs: no such setting to search; did you mean epochs?"),
        ({"warmup_ratio": [0.1]}, "warmup_ratio: no such setting to search; did you mean warmup_share?"),
        ({"base_model": ["a"]}, "base_model: can be: "),
        ({"learning_rate": [1e-4, 2.0]}, "learning_rate 2.0: Input should be less than or equal to 1"),
        ({"batch_size": [2.5]}, "batch_size 2.5: Input should be a valid integer"),
        ({"dropout": [float("nan")]}, "found nan"),
        ({"epochs": []}, "epochs: no values to try"),
        ({"epochs": [1, 1.0]}, "epochs: a value is named twice"),
        ("1e-4", "'1e-4' is no name with values"),
        ({"seed": list(range(200)), "rank": list(range(1, 200))}, "39800 combinations, over 20000"),
    ],
)
def test_what_cannot_be_searched_is_refused_at_once(space: object, message: str) -> None:
    assert message in refusal(space=space)


def test_a_grid_of_thousands_of_trials_is_refused() -> None:
    assert "a grid of 2000 trials, over 1000" in refusal(sampler="grid", space={"seed": list(range(2000))})


def test_a_candidate_is_validated_as_training_settings() -> None:
    train = LoraSettings(rank=8)

    assert candidate(train, {"epochs": 2.0}) == LoraSettings(rank=8, epochs=2.0)
    with pytest.raises(ValueError, match=r"epochs: .* \(with epochs 0\)"):
        candidate(train, {"epochs": 0})


def test_what_is_no_text_of_flags_is_left_alone() -> None:
    assert from_flags({"rank": [1]}) == {"rank": [1]}
