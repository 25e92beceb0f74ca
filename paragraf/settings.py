"""Settings: one field a stage; the only parameter of every flow, its command line, YAML file and form."""

import reprlib
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from paragraf.answer import AnswerSettings
from paragraf.augment import AugmentSettings
from paragraf.baselines.settings import BaselineSettings
from paragraf.clean import CleanSettings
from paragraf.errors import BadSettings, MissingInput
from paragraf.export.settings import ExportSettings
from paragraf.format import FormatSettings
from paragraf.gate import GateSettings
from paragraf.generator import OpenAISettings
from paragraf.judge.settings import JudgeSettings
from paragraf.load import LoadSettings
from paragraf.preflight import PreflightSettings
from paragraf.promote import PromotionSettings
from paragraf.remote.settings import OpenAITraining
from paragraf.runner import RunnerName
from paragraf.safety import SafetySettings
from paragraf.split import SplitSettings
from paragraf.stage import StageSettings
from paragraf.train.settings import LoraSettings, TrainSettings
from paragraf.validate import ValidateSettings

_LARGEST_FILE = 262_144  # bytes; no settings file comes near, an alias bomb does


class Settings(StageSettings):
    """All settings of a pipeline run."""

    preflight: Annotated[PreflightSettings, Field(title="Preflight")] = PreflightSettings()
    load: Annotated[LoadSettings, Field(title="Load")] = LoadSettings()
    clean: Annotated[CleanSettings, Field(title="Clean")] = CleanSettings()
    split: Annotated[SplitSettings, Field(title="Split")] = SplitSettings()
    augment: Annotated[AugmentSettings, Field(title="Augment")] = AugmentSettings()
    validation: Annotated[ValidateSettings, Field(title="Validate")] = ValidateSettings()
    format: Annotated[FormatSettings, Field(title="Format")] = FormatSettings()
    train: Annotated[TrainSettings, Field(title="Train")] = LoraSettings()
    export: Annotated[ExportSettings, Field(title="Export")] = ExportSettings()
    answer: Annotated[AnswerSettings, Field(title="Answer")] = AnswerSettings()
    baselines: Annotated[BaselineSettings, Field(title="Baselines")] = BaselineSettings()
    safety: Annotated[SafetySettings, Field(title="Safety")] = SafetySettings()
    judge: Annotated[JudgeSettings, Field(title="Judge")] = JudgeSettings()
    gate: Annotated[GateSettings, Field(title="Gate")] = GateSettings()
    promotion: Annotated[PromotionSettings, Field(title="Promotion")] = PromotionSettings()
    runner: Annotated[
        RunnerName,
        Field(
            title="Runner",
            description="Where rows are worked on: processes of this machine, or Ray (the cluster of RAY_ADDRESS, else "
            "a local one); the rows that come out are the same.",
        ),
    ] = "processes"

    def named_files(self) -> list[tuple[str, str]]:
        """Files beside the source that stages read: (setting, path)."""
        given = [("split.given", self.split.given)]
        if not isinstance(self.train, OpenAITraining):
            given += [("train.accelerate", self.train.accelerate)]
        named = [(setting, path) for setting, path in given if path]
        return [*named, *(("validation.benchmarks", path) for path in self.validation.benchmarks)]

    def endpoints(self) -> list[OpenAISettings]:
        """The endpoints of the OpenAI protocol that a run asks."""
        return [one for one in (self.augment.generator, self.judge.generator) if isinstance(one, OpenAISettings)]

    def measured_by(self) -> str:
        """The model on this machine whose tokenizer measures the rows: the base model, unless that is elsewhere."""
        return self.train.tokenizer if isinstance(self.train, OpenAITraining) else self.train.base_model

    def flat(self) -> dict[str, str]:
        """Dotted name -> value as text, as the report and the tracking show them."""
        return dict(_flat("", self.model_dump()))


def read_yaml(path: Path, kind: type[Settings] = Settings) -> dict[str, Any]:
    """A settings file as nested values; YAML 1.2, so `1e-4` is a number and `no` is a word.

    Raises:
        MissingInput: there is no such file.
        BadSettings: it is not a YAML mapping of stages, is too large, holds an alias, or names a key twice.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError
    from ruamel.yaml.events import AliasEvent

    if not path.is_file():
        raise MissingInput(f"{path}: no such settings file.")
    if path.stat().st_size > _LARGEST_FILE:
        raise BadSettings(f"{path}: over {_LARGEST_FILE} bytes; this is no settings file.")
    try:
        text = path.read_text("utf-8")
        reader = YAML(typ="safe", pure=True)
        if any(isinstance(event, AliasEvent) for event in reader.parse(text)):  # a few lines of them fill any memory
            raise BadSettings(f"{path}: aliases (*name) are not read here; write the value out.")
        found = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise BadSettings(f"{path}: not readable as YAML: {' '.join(str(error).split())[:300]}") from error
    if not isinstance(found, dict):
        raise BadSettings(f"{path}: expected stage names with their settings, found {type(found).__name__}.")
    if strange := [str(name) for name in found if name not in kind.model_fields]:
        raise BadSettings(one_line(f"{path}: {strange[0]}: no such setting{did_you_mean(strange[0], kind)}"))
    return found


def explain(error: ValidationError, kind: type[Settings] = Settings) -> str:
    """One line for the first bad setting: its name, what was found, what is allowed."""
    first = _telling(error.errors())
    where = ".".join(str(part) for part in first["loc"] if not _is_branch(part))
    if first["type"] == "extra_forbidden":
        return one_line(f"{where}: no such setting{did_you_mean(where, kind)}")
    message = first["msg"].removeprefix("Value error, ")
    found = "" if isinstance(first["input"], (dict, StageSettings)) else f", found {reprlib.repr(first['input'])}"
    return one_line(f"{where}: {message}{found}.")


def _telling(errors: Sequence[ErrorDetails]) -> ErrorDetails:
    """The error to tell of: of alternatives the one whose literal fits, or else what all their literals allow."""
    first = errors[0]
    place = next((at for at, part in enumerate(first["loc"]) if _is_branch(part)), None)
    if place is None:
        return first
    branches = [error for error in errors if error["loc"][:place] == first["loc"][:place]]
    wrong = {error["loc"][place]: error for error in branches if error["type"] == "literal_error"}
    fitting = [error for error in branches if error["loc"][place] not in wrong]
    if fitting:
        return fitting[0]
    allowed = " or ".join(str(error.get("ctx", {}).get("expected")) for error in wrong.values())
    return {**first, "msg": f"Input should be {allowed}"}


def _is_branch(part: int | str) -> bool:
    """Whether a step of an error's place is the class of an alternative, which is no name that a user knows."""
    return isinstance(part, str) and part[:1].isupper()


def did_you_mean(name: str, kind: type[Settings] = Settings) -> str:
    """The tail of an error about an unknown name: the closest known one, or the stages."""
    close = get_close_matches(name, _known_names(kind), n=1)
    return f"; did you mean {close[0]}?" if close else f"; the stages are {', '.join(_stages(kind))}"


def one_line(text: str, longest: int = 600) -> str:
    """Text without line breaks, cut where nobody would read on."""
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[:longest]}…"


def _flat(prefix: str, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(f"{prefix}{name}.", value)
        else:
            yield f"{prefix}{name}", str(value)


def _stages(kind: type[Settings]) -> list[str]:
    return [name for name, field in kind.model_fields.items() if _fields_of(field.annotation)]


def _known_names(kind: type[Settings]) -> list[str]:
    return [
        name
        for stage, field in kind.model_fields.items()
        for name in (stage, *(f"{stage}.{setting}" for setting in _fields_of(field.annotation)))
    ]


def _fields_of(kind: Any) -> list[str]:
    """Names of a stage's settings; of alternatives, those of all."""
    kinds = [kind] if hasattr(kind, "model_fields") else get_args(kind)
    return list(dict.fromkeys(name for one in kinds for name in getattr(one, "model_fields", ())))
