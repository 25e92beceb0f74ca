"""Shelf: answers that were paid for, one JSON file a request, so that no run asks for them again."""

import hashlib
import json
import logging
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from paragraf.generator.budget import Tokens
from paragraf.generator.requests import Form, Request
from paragraf.lineage import asked
from paragraf.publish import publish_file
from paragraf.workspace import home

logger = logging.getLogger(__name__)


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    request: str
    answer: str
    digest: str
    model: str
    tokens_sent: int
    tokens_written: int
    about: list[str] = []  # `lineage.asked` of each text of the request, by which it is known whose it was


class Shelf:
    """Answers of one maker: a model at an address with its sampling settings, or a local model by its digest.

    Files appear whole or not at all, so processes may share a shelf and a kill leaves it readable.
    """

    def __init__(self, maker: str) -> None:
        self._maker = maker

    def find(self, request: Request[Form]) -> Form | None:
        """The kept answer; None if there is none or its file is damaged."""
        key = self.key(request)
        path = _path(key)
        if not path.is_file():
            return None
        try:
            kept = _Kept.model_validate_json(path.read_bytes())
            if kept.request != key or kept.digest != _digest(kept.answer):
                raise ValueError("another request's, or changed")
            return request.form.model_validate_json(kept.answer)
        except (ValueError, OSError):
            logger.warning("The kept answer %s is damaged or foreign; it is asked for again.", path)
            return None

    def keep(self, request: Request[Form], value: Form, tokens: Tokens, model: str) -> None:
        """Put an answer on the shelf; the one that is there for the same request is replaced."""
        answer = value.model_dump_json()
        kept = _Kept(
            request=self.key(request),
            answer=answer,
            digest=_digest(answer),
            model=model,
            tokens_sent=tokens.sent,
            tokens_written=tokens.written,
            about=texts_of(request.content),
        )
        publish_file(_path(kept.request), kept.model_dump_json(indent=1).encode())

    def key(self, request: Request[Form]) -> str:
        """SHA-256 (hex) of all that an answer depends on."""
        facts = [self._maker, request.instruction, request.content, request.schema()]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def shelves() -> list[Path]:
    """All kept answers of the workspace."""
    return sorted(home().glob("generated/answers/*/*.json"))


def texts_of(content: str) -> list[str]:
    """`lineage.asked` of the texts in a JSON object; none for what is no such object."""
    try:
        told = json.loads(content)
    except ValueError:
        return []
    return sorted({asked(text) for text in _strings(told)})


def read_kept(path: Path) -> tuple[list[str], list[str]]:
    """Of a kept answer: the texts that it was about, and those that it holds, each by `lineage.asked`.

    Raises:
        ValueError: the file is damaged.
    """
    kept = _Kept.model_validate_json(path.read_bytes())
    return kept.about, texts_of(kept.answer)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


def _path(key: str) -> Path:
    return home() / "generated" / "answers" / key[:2] / f"{key}.json"


def _digest(answer: str) -> str:
    return hashlib.sha256(answer.encode()).hexdigest()
