"""Served: the names under which models answer: base models, what jobs made of them, and what the registry points at."""

import shutil
import time
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, ClassVar, Literal, NamedTuple

from starlette.requests import Request

from paragraf.events import read_events
from paragraf.models import Base, Model
from paragraf.server.refusals import Refused, no_model
from paragraf.server.routes import Call
from paragraf.server.state import Shelf, State, Thing
from paragraf.workspace import home

_REMEMBERED_SECONDS = 15.0  # of what the registry said; asking it takes a while
_LONGEST_NAME = 400

Aliases = Callable[[], Mapping[str, Model]]  # names of the registry, and the models that they point at now


class Tuned(Thing):
    """A fine-tuned model as the protocol shows it, and where it is."""

    inside: ClassVar[frozenset[str]] = frozenset({"model", "job"})

    object: Literal["model"] = "model"
    created: int
    owned_by: str
    model: Model
    job: str


class Served(NamedTuple):
    """What answers: a base model, alone or with what was trained."""

    base: Base
    model: Model | None = None


class Catalogue:
    """All names that can be asked."""

    def __init__(self, state: State, bases: Mapping[str, Base], aliases: Aliases, began: int) -> None:
        self._tuned = Shelf(state, "model", Tuned)
        self._bases = bases
        self._aliases = _Remembered(aliases)
        self._began = began

    def calls(self) -> list[Call]:
        return [
            Call("GET", "/v1/models", self.browse, "List the models that answer."),
            Call("GET", "/v1/models/{name:path}", self.retrieve, "Tell of a model."),
            Call("DELETE", "/v1/models/{name:path}", self.delete, "Delete a fine-tuned model and its checkpoints."),
        ]

    def find(self, name: str) -> Served:
        """What a name stands for; raises Refused for one that stands for nothing."""
        if name in self._bases:
            return Served(self._bases[name])
        if tuned := self._tuned.get(name):
            return Served(tuned.model.base, tuned.model)
        if model := self._aliases().get(name):
            return Served(model.base, model)
        raise no_model(name)

    def browse(self, request: Request) -> dict[str, Any]:
        shown = [self._fixed(name) for name in [*self._bases, *self._aliases()]]
        shown += [tuned.shown() for tuned in self._tuned.all()]
        return {"object": "list", "data": shown}

    def retrieve(self, request: Request) -> dict[str, Any]:
        name = _name(request)
        self.find(name)
        tuned = self._tuned.get(name)
        return tuned.shown() if tuned else self._fixed(name)

    def delete(self, request: Request) -> dict[str, Any]:
        """The weights go, too, unless another model or a pipeline's run has the same."""
        name = _name(request)
        tuned = self._tuned.get(name)
        if tuned is None:
            self.find(name)
            message = "Only models that jobs of this server made can be deleted."
            raise Refused(403, message, param="model", code="not_deletable")
        gone = [tuned, *(other for other in self._tuned.all() if other.id.startswith(f"{name}:ckpt-step-"))]
        for one in gone:
            self._tuned.drop(one.id)
        used = {other.model.path for other in self._tuned.all()} | _of_runs()
        if not used & {one.model.path for one in gone} and len(gone) >= 1 and ":ckpt-step-" not in name:
            shutil.rmtree(tuned.model.folder(), ignore_errors=True)
            shutil.rmtree(home() / "training" / tuned.model.folder().name.partition("-")[2], ignore_errors=True)
        return {"id": name, "object": "model", "deleted": True}

    def _fixed(self, name: str) -> dict[str, Any]:
        owner = "paragraf" if name not in self._bases else self._bases[name].name
        return {"id": name, "object": "model", "created": self._began, "owned_by": owner}


class _Remembered:
    """What a slow question was answered a moment ago."""

    def __init__(self, ask: Aliases) -> None:
        self._ask = ask
        self._lock = Lock()
        self._until = 0.0
        self._known: Mapping[str, Model] = {}

    def __call__(self) -> Mapping[str, Model]:
        with self._lock:
            if time.monotonic() >= self._until:
                self._known = self._ask()
                self._until = time.monotonic() + _REMEMBERED_SECONDS
            return self._known


def _name(request: Request) -> str:
    name = str(request.path_params["name"])
    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise no_model(name[:40])
    return name


def _of_runs() -> set[str]:
    """Models that runs of the pipeline made."""
    return {Model.model_validate_json(str(event["model"])).path for event in read_events("model_ready")}
