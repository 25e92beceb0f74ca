"""Shelf: answers that were paid for, one JSON file a request, so that no run asks for them again."""

import hashlib
import json
import logging
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from paragraf.generator.budget import Tokens
from paragraf.generator.requests import Form, Request
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
        )
        publish_file(_path(kept.request), kept.model_dump_json(indent=1).encode())

    def key(self, request: Request[Form]) -> str:
        """SHA-256 (hex) of all that an answer depends on."""
        facts = [self._maker, request.instruction, request.content, request.schema()]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _path(key: str) -> Path:
    return home() / "generated" / "answers" / key[:2] / f"{key}.json"


def _digest(answer: str) -> str:
    return hashlib.sha256(answer.encode()).hexdigest()
