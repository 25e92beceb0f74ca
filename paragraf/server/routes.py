"""Routes: a call of the protocol as a plain function: forms in, things out; the rest of HTTP is done here."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from paragraf.server.refusals import Refused, error_body, refusal_of
from paragraf.server.state import Kind, Page, Shelf, Thing
from paragraf.strict_json import parse

_MOST_LISTED = 10_000
_ID_LENGTH = 200

Form = TypeVar("Form", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Call:
    """One call: where it is asked, what the body must be (if it has one), and who answers, and in which form."""

    method: str
    path: str
    answer: Callable[..., Any]
    summary: str
    asks: type[BaseModel] | None = None
    gives: type[BaseModel] | None = None

    def route(self) -> Route:
        return Route(self.path, _endpoint(self), methods=[self.method])


def _endpoint(call: Call) -> Callable[[Request], Any]:
    async def by_itself(request: Request) -> Response:
        form = await read_form(request, call.asks) if call.asks else None
        answered: Response = await (call.answer(request, form) if form else call.answer(request))
        return answered

    async def in_a_thread(request: Request) -> Response:
        form = await read_form(request, call.asks) if call.asks else None
        answered = await run_in_threadpool(call.answer, request, *([form] if form else []))
        return answered if isinstance(answered, Response) else JSONResponse(_shown(answered))

    return by_itself if getattr(call.answer, "is_async", False) else in_a_thread


def by_itself(answer: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a coroutine that gives a response of its own."""
    answer.is_async = True  # type: ignore[attr-defined]
    return answer


async def read_form(request: Request, kind: type[Form]) -> Form:
    """The JSON body as a form; raises Refused for what is none."""
    body = await request.body()
    try:
        value = parse(body.decode()) if body.strip() else {}
    except (ValueError, RecursionError) as error:
        told = str(error) if isinstance(error, ValueError) and not isinstance(error, UnicodeDecodeError) else "no text"
        raise Refused(400, f"The body is no JSON: {told.split(' found ')[0]}.", code="invalid_json") from None
    return form_of(value, kind)


def form_of(value: object, kind: type[Form]) -> Form:
    """A JSON value as a form; raises Refused."""
    if not isinstance(value, dict):
        raise Refused(400, "The body must be a JSON object.", code="invalid_json")
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        raise refusal_of(error) from None


def _shown(answered: Any) -> Any:
    return answered.shown() if isinstance(answered, Thing) else answered


def named(request: Request) -> str:
    """The id in the path."""
    name = str(request.path_params["name"])
    if len(name) > _ID_LENGTH or not name.isprintable():
        raise Refused(404, "No such id.", param="id", code="not_found")
    return name


def listed(
    request: Request, shelf: Shelf[Kind], most: int = _MOST_LISTED, keeps: Callable[[Kind], bool] | None = None
) -> dict[str, Any]:
    """A page of a shelf, as `after`, `limit` and `order` of the request ask for it."""
    limit = whole(request, "limit", 20, most)
    after = request.query_params.get("after")
    oldest_first = request.query_params.get("order") == "asc"
    if keeps is None:
        page = shelf.page(after, limit, oldest_first)
    else:
        page = _picked(shelf.all(), keeps, after, limit, oldest_first)
    return page_of(page)


def page_of(page: Page[Kind]) -> dict[str, Any]:
    """As the protocol shows a page."""
    ids = [item.id for item in page.items]
    return {
        "object": "list",
        "data": [item.shown() for item in page.items],
        "has_more": page.has_more,
        "first_id": ids[0] if ids else "",
        "last_id": ids[-1] if ids else "",
    }


def _picked(
    items: Sequence[Kind], keeps: Callable[[Kind], bool], after: str | None, limit: int, oldest_first: bool
) -> Page[Kind]:
    kept = [item for item in items if keeps(item)]
    ordered = kept if oldest_first else kept[::-1]
    start = next((at + 1 for at, item in enumerate(ordered) if item.id == after), len(ordered)) if after else 0
    return Page(ordered[start : start + limit], len(ordered) > start + limit)


def whole(request: Request, name: str, default: int, most: int) -> int:
    """A whole number of the query; raises Refused for what is none, and takes the most for more."""
    text = request.query_params.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal()) or len(text) > 9 or int(text) < 1:
        raise Refused(400, f"{name} must be a whole number from 1 to {most}.", param=name, code="invalid_value")
    return min(int(text), most)


def refused(request: Request, error: Exception) -> Response:
    """Every error of a route in the form of the protocol."""
    if isinstance(error, Refused):
        return JSONResponse(error.body(), error.status, error.headers)
    if isinstance(error, HTTPException):
        texts: Mapping[int, str] = {404: "There is nothing at this address.", 405: "This address is asked otherwise."}
        message = texts.get(error.status_code, str(error.detail))
        return JSONResponse(error_body(error.status_code, message), error.status_code)
    return JSONResponse(error_body(500, "A fault of this server; its log says more."), 500)


def sse(value: Mapping[str, object]) -> bytes:
    """One event of a stream."""
    return b"data: " + json.dumps(value, ensure_ascii=False).encode() + b"\n\n"
