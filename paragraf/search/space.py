"""Space: names of training settings and the values to try, checked and turned into candidates."""

import json
import math
import types
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from itertools import product
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from paragraf.stage import StageSettings
from paragraf.train.settings import LocalTraining

Value = bool | int | float | str
Values = Mapping[str, Value]
"""What a trial sets: name of a training setting -> value."""
Space = dict[str, list[Value]]

MOST_COMBINATIONS = 20_000  # each is checked before any work, in half a second
_PREFIX = "train."


def from_flags(given: object) -> object:
    """The text of flags (`learning_rate=1e-4,1e-3`, joined by commas when repeated) as names with their values."""
    if not isinstance(given, str):
        return given
    if given.lstrip().startswith("{"):
        return json.loads(given)
    found: dict[str, list[str]] = {}
    values: list[str] = []
    for part in given.split(","):
        name, sign, value = part.partition("=")
        if sign:
            values = found.setdefault(name.strip(), [])
        elif not found:
            raise ValueError(f"{part!r} is no name with values; write learning_rate=1e-4,1e-3")
        values.append((value if sign else part).strip())
    return found


def checked(space: Mapping[str, Sequence[Value]]) -> Space:
    """The space with plain names and values of each setting's own type.

    Raises:
        ValueError: an unknown or unsearchable name, no values, a value twice or out of bounds; names it.
    """
    fields = _searchable()
    found: Space = {}
    for given, values in space.items():
        name = given.removeprefix(_PREFIX).replace("-", "_")
        if name not in fields:
            raise ValueError(f"{given}: {_unknown(name, list(fields))}")
        if not values:
            raise ValueError(f"{name}: no values to try")
        found[name] = [_typed(name, value, fields[name]) for value in values]
        if len(set(found[name])) < len(found[name]):
            raise ValueError(f"{name}: a value is named twice")
    if (size := size_of(found)) > MOST_COMBINATIONS:
        raise ValueError(f"{size} combinations, over {MOST_COMBINATIONS}; name fewer values")
    return found


def size_of(space: Mapping[str, Sequence[Value]]) -> int:
    """How many combinations the space holds."""
    return math.prod(len(values) for values in space.values())


def combinations(space: Mapping[str, Sequence[Value]]) -> list[dict[str, Value]]:
    """Every combination, the last name's values changing fastest."""
    return [dict(zip(space, values, strict=True)) for values in product(*space.values())]


def candidate(train: LocalTraining, values: Values) -> LocalTraining:
    """Training settings with a trial's values in them, validated anew.

    Raises:
        ValueError: the values do not go together; says which.
    """
    try:
        return type(train).model_validate({**train.model_dump(), **values})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "train"
        told = ", ".join(f"{name} {value}" for name, value in values.items())
        raise ValueError(f"{where}: {first['msg']} (with {told})") from error


def _searchable() -> dict[str, list[TypeAdapter[Any]]]:
    """Numbers and choices among the settings of training, of all its alternatives, with what reads their values."""
    found: dict[str, list[TypeAdapter[Any]]] = {}
    for kind in _alternatives(LocalTraining):
        for name, field in kind.model_fields.items():
            if _is_number_or_choice(field.annotation):
                annotated: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
                found.setdefault(name, []).append(TypeAdapter(annotated))
    return found


def _alternatives(kind: Any) -> list[type[StageSettings]]:
    if isinstance(kind, type) and issubclass(kind, StageSettings):
        return [kind]
    return [found for part in get_args(kind) for found in _alternatives(part)]


def _is_number_or_choice(kind: Any) -> bool:
    if get_origin(kind) is Literal:
        return len(get_args(kind)) > 1
    if get_origin(kind) in (Union, types.UnionType):
        return all(part is type(None) or _is_number_or_choice(part) for part in get_args(kind))
    return kind in (int, float, bool)


def _typed(name: str, value: Value, adapters: Sequence[TypeAdapter[Any]]) -> Value:
    """The value as the first alternative that allows it reads it."""
    message = ""
    for adapter in adapters:
        try:
            typed: Value = adapter.validate_python(value)
        except ValidationError as error:
            message = message or error.errors()[0]["msg"]
        else:
            if not isinstance(typed, float) or math.isfinite(typed):
                return typed
            message = "Input should be a finite number"
    raise ValueError(f"{name} {value}: {message}")


def _unknown(name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"no such setting to search; did you mean {close[0]}?" if close else f"can be: {', '.join(known)}"
