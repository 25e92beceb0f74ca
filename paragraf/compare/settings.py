"""What can be set about a blind test, and the settings of a whole comparison."""

import re
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from paragraf.models import WHEEL_MODEL
from paragraf.settings import Settings
from paragraf.stage import StageSettings

_RATER = re.compile(r"\w[\w .@-]{0,39}")
_MOST_RATERS = 50
_PORTS = {"http": 80, "https": 443}


def _address(text: str) -> str:
    """As browsers send it back: small letters, no port that goes without saying, letters beyond ASCII in punycode."""
    parts = urlsplit(text)
    bare = parts._replace(path="", query="", fragment="").geturl()
    if parts.scheme not in _PORTS or not parts.hostname or parts.username or bare != text.rstrip("/"):
        raise ValueError(f"{text!r} is no address as http://127.0.0.1:8765, without a path")
    host = parts.hostname if parts.hostname.isascii() else parts.hostname.encode("idna").decode()
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port not in (None, _PORTS[parts.scheme]) else "")


class BlindSettings(StageSettings):
    """Which two models are compared blindly, and by whom."""

    first: Annotated[
        str,
        Field(
            description="One side: newest (the newest fine-tuned model), champion, challenger or version:3 (as "
            "registered), a fine-tuned model's folder, pipeline run or MLflow run, the name of a base model, or a "
            ".jsonl file of answers with id, question and answer."
        ),
    ] = "newest"
    second: Annotated[str, Field(description="The other side, named in the same ways.")] = WHEEL_MODEL
    raters: Annotated[
        tuple[str, ...],
        Field(
            min_length=1,
            max_length=_MOST_RATERS,
            description="Who votes, as anna,jan; each gets a personal link and every question.",
        ),
    ] = ("rater",)
    alpha: Annotated[
        float,
        Field(gt=0, le=0.2, description="Largest chance that the test finds a difference where there is none."),
    ] = 0.05
    address: Annotated[
        str,
        AfterValidator(_address),
        Field(
            description="Address with which links begin; one of your own proxy or tunnel if raters sit elsewhere, "
            "since the page itself listens on 127.0.0.1 alone."
        ),
    ] = "http://127.0.0.1:8765"

    @model_validator(mode="after")
    def _has_two_sides_and_people(self) -> Self:
        if self.first == self.second:
            raise ValueError(f"{self.first!r} is compared with itself; name two sides")
        if wrong := [name for name in self.raters if not _RATER.fullmatch(name)]:
            raise ValueError(f"{wrong[0]!r} is no rater's name; use 1 to 40 letters, digits, blanks and .@-")
        if len({name.casefold() for name in self.raters}) < len(self.raters):
            raise ValueError("a rater is named twice; each needs a name of their own")
        return self


class CompareSettings(Settings):
    """All settings of a comparison: those of a pipeline run, whose test questions are asked, and the blind test."""

    compare: Annotated[BlindSettings, Field(title="Compare")] = BlindSettings()
