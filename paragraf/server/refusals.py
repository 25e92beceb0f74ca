"""Refusals: what the server says no with, in the one form that errors of the OpenAI protocol have."""

import re
import traceback
from collections.abc import Mapping

from pydantic import ValidationError

_NAME = re.compile(r"[\w.]+")
INVALID = "invalid_request_error"
_LONGEST_MESSAGE, _LONGEST_PLACE = 500, 100


class Refused(Exception):
    """A request that is not served: its HTTP status and what the answer says."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.param = param
        self.code = code
        self.headers = dict(headers or {})

    def body(self) -> dict[str, object]:
        """The answer's JSON."""
        return error_body(self.status, self.message, self.param, self.code)


def error_body(status: int, message: str, param: str | None = None, code: str | None = None) -> dict[str, object]:
    """The form that every error has."""
    kind = {429: "rate_limit_error", 401: "authentication_error"}.get(status, INVALID if status < 500 else "api_error")
    return {"error": {"message": message[:_LONGEST_MESSAGE], "type": kind, "param": param, "code": code}}


def trace_of(error: BaseException) -> str:
    """What kind of error it is and where it came from, for the log: its words may hold what was sent."""
    return f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}"


def not_found(what: str, name: str, param: str = "id") -> Refused:
    """There is nothing of that name; the name is shown shortened, since it came from outside."""
    return Refused(404, f"No such {what}: {name[:80]!r}.", param=param, code="not_found")


def no_model(name: str) -> Refused:
    """No such model is served."""
    message = f"The model {name[:120]!r} does not exist here; GET /v1/models lists those that do."
    return Refused(404, message, param="model", code="model_not_found")


def refusal_of(error: ValidationError) -> Refused:
    """The first thing that is wrong with a body: its place, and what is allowed there; never what was sent."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"] if not _is_branch(part))[:_LONGEST_PLACE] or None
    if first["type"] == "extra_forbidden":
        return Refused(400, f"{place} is not known here.", param=place, code="unknown_parameter")
    if first["type"] == "missing":
        return Refused(400, f"{place} is missing.", param=place, code="missing_required_parameter")
    message = first["msg"].removeprefix("Value error, ")
    return Refused(400, f"{place or 'The body'}: {message}.", param=place, code="invalid_value")


def _is_branch(part: int | str) -> bool:
    """Whether a step of an error's place is the name of a type, which is no name of the protocol."""
    return isinstance(part, str) and (
        part[:1].isupper() or part in ("str", "int", "float", "bool") or not _NAME.fullmatch(part)
    )
