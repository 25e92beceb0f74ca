"""Orders: what is trained at an endpoint, its name, and what is known here of the job that does it."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from paragraf.format import Chats
from paragraf.models import Base
from paragraf.publish import hash_file, publish_file
from paragraf.remote.profiles import address_of
from paragraf.remote.settings import DpoMethod, OpenAITraining
from paragraf.workspace import at_rest, home


class State(BaseModel):
    """What a run holds on to, on disk before it goes on: the ids that the endpoint gave."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    address: str = ""
    training_file: str = ""
    validation_file: str = ""
    job: str = ""


@dataclass(frozen=True, slots=True)
class RemoteOrder:
    """One training at an endpoint; `key` names it by its rows and all settings that its model depends on."""

    chats: Chats
    base: Base
    settings: OpenAITraining
    key: str

    @classmethod
    def of(cls, chats: Chats, base: Base, settings: OpenAITraining) -> Self:
        files = [hash_file(path) for path in _files(chats, settings) if path]
        facts = json.dumps([address_of(settings), settings.job_facts(), files], sort_keys=True)
        return cls(chats, base, settings, hashlib.sha256(facts.encode()).hexdigest()[:32])

    def training_file(self) -> Path:
        return _files(self.chats, self.settings)[0]

    def validation_file(self) -> Path | None:
        return _files(self.chats, self.settings)[1]

    def short(self) -> str:
        """The name of its folders."""
        return self.key[:16]

    def journal_folder(self) -> Path:
        """Where its measurements are, as those of a training on this machine."""
        return home() / "training" / self.short()

    def lock(self) -> Path:
        return self._folder() / "lock"

    def read_state(self) -> State:
        """What an earlier run was told; nothing, if there was none or its file is damaged."""
        try:
            return State.model_validate_json((self._folder() / "state.json").read_bytes())
        except (OSError, ValidationError):
            return State()

    def write_state(self, state: State) -> None:
        """On disk when this returns."""
        publish_file(self._folder() / "state.json", state.model_dump_json(indent=1).encode())

    def _folder(self) -> Path:
        return home() / "remote" / self.key


def _files(chats: Chats, settings: OpenAITraining) -> tuple[Path, Path | None]:
    """The training and the validation file; pairs of answers are the user's own, and come without a validation."""
    if isinstance(settings.method, DpoMethod):
        return Path(settings.method.preferences), None
    return at_rest(chats.path) / "train.jsonl", at_rest(chats.path) / "valid.jsonl"
