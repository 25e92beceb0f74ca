"""What can be set about the search for hyperparameters, and the settings of a whole sweep."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator, model_validator
from pydantic_settings import NoDecode

from paragraf.search.space import Space, candidate, checked, combinations, from_flags, size_of
from paragraf.settings import Settings
from paragraf.stage import StageSettings
from paragraf.train.settings import LocalTraining, LoraSettings

Sampler = Literal["grid", "random", "tpe"]
Pruning = Literal["halving", "hyperband", "none"]
PoolName = Literal["threads", "dask", "ray"]


USUAL: Space = {
    "learning_rate": [1e-5, 5e-5, 1e-4, 5e-4],
    "batch_size": [2, 4, 8, 16],
    "epochs": [1.0, 3.0, 5.0],
    "warmup_share": [0.0, 0.1, 0.2],
    "weight_decay": [0.0, 0.01, 0.1],
}


def _told(space: Space) -> str:
    return "; ".join(f"{name} {', '.join(f'{value:g}' for value in values)}" for name, values in space.items())


class SearchSettings(StageSettings):
    """Which training settings are tried, which trials are trained to the end, and where they run.

    The whole grid of the default space would be 432 trainings; 12 trials by halving cost about 3.
    """

    space: Annotated[
        Space,
        NoDecode,
        BeforeValidator(from_flags),
        AfterValidator(checked),
        Field(
            description="Settings of train to search, each with its values, as learning_rate=1e-4,1e-3 (a flag for "
            f"each); what is not named stays as train says. Named none: {_told(USUAL)}.",
        ),
    ] = {}  # noqa: RUF012  # pydantic copies it; a full one would be merged with what a settings file names
    sampler: Annotated[
        Sampler,
        Field(description="Which trials: all (grid), drawn by chance, or by what earlier trials taught (tpe)."),
    ] = "tpe"
    trials: Annotated[
        int, Field(ge=1, le=1000, description="Trials of the samplers random and tpe; the grid tries all.")
    ] = 12
    pruning: Annotated[
        Pruning,
        Field(
            description="Who goes on: the best of each rung (halving), the same with several first rungs (hyperband), "
            "or every trial to its end (none)."
        ),
    ] = "halving"
    reduction: Annotated[
        int, Field(ge=2, le=10, description="Of how many trials one goes on to the next rung, which is as much longer.")
    ] = 3
    first_share: Annotated[
        float,
        Field(
            gt=0,
            le=1,
            description="Smallest share of its steps that a trial is trained before it is judged; more with a warm-up.",
        ),
    ] = 0.1
    parallel: Annotated[int, Field(ge=1, le=256, description="Trials that are trained at the same time.")] = 1
    runner: Annotated[
        PoolName,
        Field(
            description="Where trials run: threads of this process, which start a child each, or a Dask or Ray "
            "cluster (the extras dask and ray) whose machines share the workspace."
        ),
    ] = "threads"
    seed: Annotated[int, Field(ge=0, le=2**32 - 1, description="Same seed, same trials.")] = 7

    @model_validator(mode="after")
    def _has_few_enough_trials(self) -> Self:
        if self.sampler == "grid" and self.planned() > 1000:
            raise ValueError(f"a grid of {self.planned()} trials, over 1000; name fewer values or use tpe")
        return self

    @property
    def tried(self) -> Space:
        """The settings that are searched with the values of each."""
        return self.space or USUAL

    def planned(self) -> int:
        """How many trials there will be."""
        size = size_of(self.tried)
        return size if self.sampler == "grid" else min(self.trials, size)


class SweepSettings(Settings):
    """All settings of a sweep: those of a pipeline run, and the search."""

    train: Annotated[LocalTraining, Field(title="Train")] = LoraSettings()
    search: Annotated[SearchSettings, Field(title="Search", validate_default=True)] = SearchSettings()

    @field_validator("search", mode="after")
    @classmethod
    def _every_candidate_can_be_trained(cls, search: SearchSettings, info: ValidationInfo) -> SearchSettings:
        if "train" in info.data:  # else train itself is what is wrong
            for values in combinations(search.tried):
                candidate(info.data["train"], values)
        return search
