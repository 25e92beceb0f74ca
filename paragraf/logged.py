"""Logged: the log of models in; those that are versions of the registry which is asked now, out."""

from collections.abc import Mapping
from typing import NamedTuple

from paragraf.events import read_events
from paragraf.models import Model


class Logged(NamedTuple):
    """A model that the log knows as a version; `making` as JSON, "" where it does not tell."""

    number: str
    model: Model
    making: str


def logged(digests: Mapping[str, str]) -> list[Logged]:
    """The versions in the log, in the order of their events, without those of other registries.

    Two registries number their versions alike: a model counts unless `digests`, which says of a number which model
    (its digest) the registry has under it, names another one. Old versions bear no digest and are taken as they are.
    """
    found = []
    for event in read_events("model_ready"):
        if number := str(event.get("version") or ""):
            model = Model.model_validate_json(str(event["model"]))
            if digests.get(number, model.digest) == model.digest:
                found.append(Logged(number, model, str(event.get("making") or "")))
    return found
