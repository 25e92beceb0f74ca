"""Voices: base models in memory, each once, and the adapters that speak over them in turn, without merged copies."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from paragraf.errors import MissingInput
from paragraf.models import Base, Model, TorchModel, add_adapter, open_base, open_model
from paragraf.server.served import Served

_MOST_ADAPTERS = 16  # kept on a base at once; a few MB each


class Voices:
    """For one thread alone: which adapter is on is a state of the model."""

    def __init__(self, precision: Literal["bf16", "fp32"]) -> None:
        self._precision = precision
        self._bases: dict[str, TorchModel] = {}
        self._adapters: dict[str, OrderedDict[str, str]] = {}

    @contextmanager
    def speaking(self, served: Served) -> Iterator[TorchModel]:
        """The base model with just this adapter on, or with none."""
        if served.model is not None and served.model.backend == "full":
            yield self._whole(served.model)
            return
        opened = self._opened(served.base)
        if served.model is not None:
            name = self._adapter(served.base, served.model)
            opened = self._bases[served.base.digest]
            opened.set_adapter(name, inference_mode=True)
            yield opened
        elif self._adapters.get(served.base.digest):
            with opened.disable_adapter():
                yield opened
        else:
            yield opened

    def _whole(self, model: Model) -> TorchModel:
        if model.digest not in self._bases:
            self._bases[model.digest] = open_model(model)
        return self._bases[model.digest]

    def _opened(self, base: Base) -> TorchModel:
        if base.digest not in self._bases:
            self._bases[base.digest] = open_base(base, precision=self._precision).eval()
        return self._bases[base.digest]

    def _adapter(self, base: Base, model: Model) -> str:
        known = self._adapters.setdefault(base.digest, OrderedDict())
        if model.digest in known:
            known.move_to_end(model.digest)
            return known[model.digest]
        if not model.folder().is_dir():
            raise MissingInput("the model's files were deleted.")
        name = f"adapter-{model.digest[:16]}"
        self._bases[base.digest] = add_adapter(self._bases[base.digest], model, name)
        known[model.digest] = name
        if len(known) > _MOST_ADAPTERS:
            _, oldest = known.popitem(last=False)
            self._bases[base.digest].delete_adapter(oldest)
        return name
