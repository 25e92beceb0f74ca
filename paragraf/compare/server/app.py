"""App: a rater's requests in, pages and recorded votes out; which side is which is never read here."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

import paragraf
from paragraf.compare.links import read_links
from paragraf.compare.sealing import BlindTest, Sheet
from paragraf.compare.server.forms import Filled, read_ballot, unanswered, whole
from paragraf.compare.server.guard import StrictHeaders, refuse_foreign_form, small_body
from paragraf.compare.votes import LONGEST_COMMENT, Choice, Link, VoteBook, is_closed, latest
from paragraf.compare.wording import CHOICES, KEYS
from paragraf.errors import ParagrafError
from paragraf.markup import page

_PAGES = Path(paragraf.__file__).parent / "pages"
_PROBLEMS = {
    400: ("Nie można odczytać głosu", "Wróć, wybierz jedną z czterech ocen i zapisz jeszcze raz."),
    403: ("Formularz z obcej strony", "Głosować można tylko na stronie testu. Otwórz swój link i spróbuj jeszcze raz."),
    404: ("Nie ma takiej strony", "Sprawdź, czy link jest cały. Nowy wyda osoba, która prowadzi test."),
    413: ("Za długi komentarz", f"Komentarz może mieć do {LONGEST_COMMENT} znaków. Wróć i skróć go."),
    503: ("Coś stanęło na przeszkodzie", "Zapisane głosy są bezpieczne. Wróć i spróbuj jeszcze raz za chwilę."),
}

logger = logging.getLogger(__name__)


def create_app(test: BlindTest, port: int) -> Starlette:
    """The pages of one test.

    Raises:
        Damaged: the test or its votes were changed.
    """
    booth = _Booth(test, port)
    routes = [
        Route("/r/{token}", booth.overview, methods=["GET"]),
        Route("/r/{token}/{number}", booth.question, methods=["GET"]),
        Route("/r/{token}/{number}", booth.vote, methods=["POST"]),
        Route("/rating.css", _file("rating.css", "text/css"), methods=["GET"]),
        Route("/rating.js", _file("rating.js", "text/javascript"), methods=["GET"]),
    ]
    hosts = {"127.0.0.1", "localhost", urlsplit(read_links(test).address).hostname or "localhost"}
    middleware = [Middleware(StrictHeaders), Middleware(TrustedHostMiddleware, allowed_hosts=sorted(hosts))]
    problems: dict[Any, Callable[[Request, Any], Response]] = {
        HTTPException: _refused,
        ParagrafError: _failed,
        OSError: _failed,
    }
    return Starlette(routes=routes, middleware=middleware, exception_handlers=problems)


class _Booth:
    """Answers requests; what it knows of votes it reads anew each time, so that any number of servers agree."""

    def __init__(self, test: BlindTest, port: int) -> None:
        self._test = test
        self._sheets = test.sheets()
        self._book = VoteBook(test)
        self._book.checked()
        self._origins = {read_links(test).address, f"http://127.0.0.1:{port}", f"http://localhost:{port}"}

    def overview(self, request: Request) -> Response:
        """What the test is, how far this rater is, and every question."""
        sheet, chain = self._sheet(request), self._book.read()
        votes = latest(chain, sheet.rater)
        shown = page(
            "rating_overview.html.j2",
            **self._common(request, sheet, votes),
            votes={number: CHOICES[vote.choice] for number, vote in votes.items() if vote.choice},
            closed=is_closed(chain),
            keys=[(KEYS[choice], name) for choice, name in CHOICES.items()],
        )
        return HTMLResponse(shown)

    def question(self, request: Request) -> Response:
        """One question with both answers and the form."""
        sheet, chain = self._sheet(request), self._book.read()
        if is_closed(chain):
            return RedirectResponse(_home(request), 303)
        votes = latest(chain, sheet.rater)
        known = votes.get(_number(request, sheet))
        return HTMLResponse(self._form(request, sheet, votes, Filled.with_vote(known)))

    async def vote(self, request: Request) -> Response:
        """Record what the form says; the same form sent again changes nothing."""
        refuse_foreign_form(request, self._origins)
        body = await small_body(request)
        return await run_in_threadpool(self._vote, request, body)

    def _vote(self, request: Request, body: bytes) -> Response:
        sheet = self._sheet(request)
        number = _number(request, sheet)
        ballot = read_ballot(body, sheet.rater, number)
        recorded = self._book.cast(ballot, sheet.items[number - 1].digest(), datetime.now(UTC))
        votes = latest(self._book.read(), sheet.rater)
        if recorded.outcome == "outdated":
            filled = Filled(ballot.choice, ballot.comment, recorded.vote.version if recorded.vote else 0)
            known = recorded.vote.choice if recorded.vote else None
            return HTMLResponse(self._form(request, sheet, votes, filled, known), 409)
        following = unanswered(sheet, votes, number)
        if recorded.outcome == "closed" or following is None:
            return RedirectResponse(_home(request), 303)
        return RedirectResponse(f"{_home(request)}/{following}?saved={number}", 303)

    def _form(
        self,
        request: Request,
        sheet: Sheet,
        votes: Mapping[int, Link],
        filled: Filled,
        meanwhile: Choice | None = None,
    ) -> str:
        """`meanwhile` is the vote that came in after the form was opened."""
        number = _number(request, sheet)
        saved = whole(request.query_params.get("saved", ""))
        return page(
            "rating_question.html.j2",
            **self._common(request, sheet, votes),
            number=number,
            shown=sheet.items[number - 1],
            skipped_to=unanswered(sheet, votes, number),
            filled=filled,
            meanwhile=CHOICES[meanwhile] if meanwhile else "",
            saved=saved if saved in votes else None,
            choices=[(choice, KEYS[choice], name) for choice, name in CHOICES.items()],
            longest=LONGEST_COMMENT,
        )

    def _common(self, request: Request, sheet: Sheet, votes: Mapping[int, Link]) -> dict[str, object]:
        return {
            "home": _home(request),
            "rater": sheet.rater,
            "total": len(sheet.items),
            "done": len(votes),
            "following": unanswered(sheet, votes, 0),
            "seal": self._test.digest,
        }

    def _sheet(self, request: Request) -> Sheet:
        rater = read_links(self._test).rater(request.path_params["token"])
        if rater is None:
            raise HTTPException(404)
        return self._sheets[rater]


def _home(request: Request) -> str:
    return f"/r/{request.path_params['token']}"


def _number(request: Request, sheet: Sheet) -> int:
    number = whole(request.path_params["number"])
    if number is None or not 1 <= number <= len(sheet.items):
        raise HTTPException(404)
    return number


def _file(name: str, kind: str) -> Callable[[Request], Response]:
    content = (_PAGES / name).read_bytes()
    return lambda request: Response(content, media_type=kind)


def _refused(request: Request, error: HTTPException) -> Response:
    return _told(error.status_code)


def _failed(request: Request, error: Exception) -> Response:
    logger.error("A request failed: %s", error)
    return _told(503)


def _told(status: int) -> Response:
    title, advice = _PROBLEMS.get(status, _PROBLEMS[404])
    return HTMLResponse(page("rating_problem.html.j2", title=title, advice=advice), status)
