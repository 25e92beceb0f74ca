"""Every exchange of an `openai` client, held against the official document by a hook of its HTTP client."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx2
import openai

from tests.contract.spec import faults_of_request, faults_of_response

# The document's own example of a paused job has the status "paused", which its list of statuses lacks.
_PAUSED, _STANDS_FOR_IT = "paused", "queued"


class Exchanges:
    """What was said, and what of it was not as the document wants it."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.faults: list[str] = []
        self.request_ids: list[str | None] = []

    def check(self, response: httpx2.Response) -> None:
        """The hook: both sides of one exchange."""
        request = response.request
        path = "/" + urlsplit(str(request.url)).path.split("/v1/", 1)[1]
        call = f"{request.method} {path}"
        self.calls.append(call)
        self.request_ids.append(response.headers.get("x-request-id"))
        if request.headers.get("content-type", "") == "application/json" and response.status_code < 400:
            self._add(call, faults_of_request(request.method, path, request.read()))
        if response.headers.get("content-type", "").startswith("application/json"):
            body = _known(json.loads(response.read()))
            self._add(call, faults_of_response(request.method, path, response.status_code, body))
        elif response.status_code >= 400:
            self._add(call, ["an error that is no JSON"])

    def _add(self, call: str, faults: list[str]) -> None:
        self.faults += [f"{call}: {fault}" for fault in faults]


@contextmanager
def checked_client(base_url: str, key: str, **options: Any) -> Iterator[tuple[openai.OpenAI, Exchanges]]:
    """An `openai` client whose exchanges are held against the document; none may have a fault at the end."""
    exchanges = Exchanges()
    transport = openai.DefaultHttpx2Client(event_hooks={"response": [exchanges.check]})
    with openai.OpenAI(base_url=base_url, api_key=key, http_client=transport, **options) as client:
        yield client, exchanges
    assert exchanges.faults == []


def _known(body: Any) -> Any:
    if isinstance(body, dict):
        if body.get("object") == "fine_tuning.job" and body.get("status") == _PAUSED:
            return {**body, "status": _STANDS_FOR_IT}
        return {name: _known(value) for name, value in body.items()}
    return [_known(item) for item in body] if isinstance(body, list) else body
