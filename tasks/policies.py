"""Policies: when a stored result may be taken, which failures heal, and how a stage becomes a Prefect task."""

import hashlib
import json
import logging
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from prefect import Task
from prefect.cache_policies import CachePolicy
from prefect.serializers import JSONSerializer
from prefect.settings import get_current_settings
from prefect.tasks import exponential_backoff
from prefect.transactions import IsolationLevel
from pydantic import BaseModel

from paragraf.workspace import home
from tasks.locks import KernelFileLocks
from tasks.sources import outside_digest, source_digest

# by name, for those of httpx, httpx2 and requests are classes of their own
_HEALING = {"ConnectionError", "TimeoutError", "ConnectError", "TimeoutException", "ReadError", "RemoteProtocolError"}

P = ParamSpec("P")
R = TypeVar("R", bound=BaseModel)

logger = logging.getLogger(__name__)


def stage(function: Callable[P, R]) -> Task[P, R]:
    """A stage whose result is a function of its inputs: stored once, found again by every later run.

    Network and database faults are tried again; a bad row or setting fails at once.
    """
    return Task(
        function,
        name=function.__name__,
        persist_result=True,
        result_serializer="json",
        cache_policy=SAME_WORK.configure(
            isolation_level=IsolationLevel.SERIALIZABLE, lock_manager=KernelFileLocks(home() / "locks")
        ),
        retries=2,
        retry_delay_seconds=exponential_backoff(backoff_factor=2),
        retry_condition_fn=can_heal,
    )


def can_heal(task: Any, task_run: Any, state: Any) -> bool:
    """Whether trying again may help; a plain function, since Prefect never retries on any other callable."""
    error = state.data
    names = {kind.__name__ for kind in type(error).__mro__}
    return bool(names & _HEALING) or "database is locked" in str(error)


@dataclass
class SameWork(CachePolicy):
    """Same task, same inputs, same source with all that it imports and reads, same type of result.

    Inputs that have a `content()` count by it alone. Before a stored result is trusted, its record must be in our
    plain JSON form (Prefect would run whatever serializer a doctored record names) and its content still there.
    """

    def compute_key(
        self, task_ctx: Any, inputs: dict[str, Any], flow_parameters: dict[str, Any], **kwargs: Any
    ) -> str | None:
        if any(getattr(value, "asks_the_world", False) for value in inputs.values()):
            return None  # never stored
        function = task_ctx.task.fn
        kind = typing.get_type_hints(function)["return"]
        facts = [
            task_ctx.task.name,
            source_digest(function.__module__),
            outside_digest(function.__module__),
            f"{kind.__module__}.{kind.__qualname__}",
            json.dumps(kind.model_json_schema(), sort_keys=True),
            json.dumps({name: _content(value) for name, value in inputs.items()}, sort_keys=True),
        ]
        key = f"{task_ctx.task.name}-{hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:32]}"
        _forget_unusable(key, kind)
        return key


SAME_WORK = SameWork()


def _content(value: Any) -> Any:
    if hasattr(value, "content"):
        return value.content()
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, Mapping):
        return {str(key): _content(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_content(item) for item in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    raise TypeError(f"{type(value).__name__} may not travel between tasks: give it a content() or pass a receipt.")


def _forget_unusable(key: str, kind: type[BaseModel]) -> None:
    record = get_current_settings().results.local_storage_path / key
    if record.is_file() and not _is_usable(record, kind):
        logger.warning("The stored result %s is damaged, foreign or has lost its content; it is made again.", key)
        record.unlink()


def _is_usable(record: Path, kind: type[BaseModel]) -> bool:
    try:
        stored = json.loads(record.read_bytes())
        if stored["metadata"]["serializer"] != JSONSerializer().model_dump(mode="json"):
            return False
        value = kind.model_validate(json.loads(stored["result"])["data"])
    except (ValueError, KeyError, TypeError):
        return False
    return bool(value.is_there()) if hasattr(value, "is_there") else True
