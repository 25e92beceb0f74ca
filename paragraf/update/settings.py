"""What can be set about an update: when there is enough that is new, and how much that is old is trained on again."""

from typing import Annotated

from pydantic import Field

from paragraf.clean import CleanSettings
from paragraf.settings import Settings
from paragraf.stage import StageSettings
from paragraf.train.settings import LoraSettings
from paragraf.validate import ValidateSettings


class UpdateRules(StageSettings):
    """How new rows and rows of earlier versions are mixed."""

    min_rows: Annotated[
        int, Field(ge=3, le=1_000_000, description="New rows from which on a model is updated; fewer wait for more.")
    ] = 20
    replay_share: Annotated[
        float,
        Field(ge=0, lt=1, description="Share (0 to 1) of the training rows that earlier versions were trained on."),
    ] = 0.2
    replay_versions: Annotated[
        int, Field(ge=1, le=1000, description="Newest versions whose training rows are drawn from.")
    ] = 3
    seed: Annotated[int, Field(ge=0, le=2**32 - 1, description="Same seed, same rows drawn.")] = 7


class UpdateCleaning(CleanSettings):
    """What a row must be to stay; how many rows are enough is for the update to say."""

    min_rows: Annotated[int, Field(ge=1, description="Fewer rows than this left after cleaning stop the run.")] = 1


class UpdateValidation(ValidateSettings):
    """What the rows of an update must satisfy."""

    min_raw_rows: Annotated[int, Field(ge=1, description="Fewest rows that a source may hold.")] = 1
    min_train_rows: Annotated[int, Field(ge=1, description="Fewest training rows.")] = 10


class UpdateTraining(LoraSettings):
    """A short training in small steps, on adapters that have learned before: less is forgotten."""

    learning_rate: Annotated[float, Field(gt=0, le=1, description="Peak of the cosine schedule.")] = 1e-5
    weight_decay: Annotated[float, Field(ge=0, le=1, description="Decay of the trained weights.")] = 0.01
    epochs: Annotated[float, Field(gt=0, le=100, description="Passes over the training rows.")] = 1.0
    warmup_share: Annotated[float, Field(ge=0, lt=1, description="Share of the steps in which the rate rises.")] = 0.1


class UpdateSettings(Settings):
    """All settings of an update: those of a pipeline run with smaller steps, and how old rows are mixed in."""

    clean: Annotated[UpdateCleaning, Field(title="Clean")] = UpdateCleaning()
    validation: Annotated[UpdateValidation, Field(title="Validate")] = UpdateValidation()
    train: Annotated[UpdateTraining, Field(title="Train")] = UpdateTraining()
    update: Annotated[UpdateRules, Field(title="Update")] = UpdateRules()

    def trained_from(self, folder: str) -> "UpdateSettings":
        """The same settings, with a training that begins with the model of a folder, unless they name another."""
        start = self.train.start_from or folder
        return self.model_copy(update={"train": self.train.model_copy(update={"start_from": start})})
