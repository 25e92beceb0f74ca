"""Requests in, an OpenAI-protocol endpoint's answers out: several at once, in order, in a budget, none paid twice."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from types import TracebackType
from typing import Self

from paragraf.chat import Message
from paragraf.generator.budget import Budget, Spent, Tokens, at_most
from paragraf.generator.endpoint import Endpoint, Fault, Reply
from paragraf.generator.prompts import instruction
from paragraf.generator.requests import Failed, Form, Generated, Reason, Request, read_answer
from paragraf.generator.settings import OpenAISettings
from paragraf.generator.shelf import Shelf

_AHEAD = 4  # requests a call may be ahead of who reads the answers: bounds memory, hides one slow call
_PATIENCE = 8  # calls in a row that fail for the endpoint's own reasons; by then it has had minutes to come back
_ENDPOINTS_OWN: set[Reason] = {"forbidden", "rate_limited", "no_quota", "server_error", "timed_out", "unreachable"}


class OpenAIGenerator:
    """A generator for any endpoint that speaks the OpenAI protocol; close it, or use it as a context.

    The SDK alone tries again after rate limits and faults. A reply that is not in the form asked for is sent back
    once. What an endpoint charges for an attempt that timed out and was repeated is not known here and not counted.
    """

    def __init__(self, settings: OpenAISettings) -> None:
        """
        Raises:
            BadSettings: there is no usable key in the environment.
        """
        self._settings = settings
        self._endpoint = Endpoint(settings)
        self._budget = Budget(settings)
        self._shelf = Shelf(settings.maker())
        self._pool = ThreadPoolExecutor(settings.concurrency, thread_name_prefix="generator")
        self._lock = Lock()
        self._failed_in_a_row = 0
        self._last_fault: Failed | None = None

    def generate(self, requests: Iterable[Request[Form]]) -> Iterator[Generated[Form] | Failed]:
        """One outcome a request, in their order; several calls of this method share the concurrency and the budget.

        Raises:
            BadSettings: the endpoint knows no such key or no such model.
        """
        waiting: deque[Future[Generated[Form] | Failed]] = deque()
        try:
            for request in requests:
                waiting.append(self._pool.submit(self._answer, request))
                if len(waiting) >= _AHEAD * self._settings.concurrency:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()

    def spent(self) -> Spent:
        """Calls, tokens and money since this generator was opened; answers from the shelf cost nothing."""
        return self._budget.spent()

    def close(self) -> None:
        """End after the calls that are under way."""
        self._pool.shutdown(cancel_futures=True)
        self._endpoint.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _answer(self, request: Request[Form]) -> Generated[Form] | Failed:
        kept = self._shelf.find(request)
        if kept is not None:
            return Generated(kept)
        messages: list[Message] = [
            {"role": "system", "content": request.instruction},
            {"role": "user", "content": request.content},
        ]
        reply = self._bought(messages, request)
        if isinstance(reply, Failed):
            return reply
        try:
            value = read_answer(reply.text, request.form)
        except ValueError as fault:
            return self._repaired(messages, reply, str(fault), request)
        return self._kept(request, value, reply)

    def _repaired(
        self, messages: list[Message], broken: Reply, fault: str, request: Request[Form]
    ) -> Generated[Form] | Failed:
        again = instruction("prompts/repair.md", schema=request.schema())
        reply = self._bought(
            [*messages, {"role": "assistant", "content": broken.text}, {"role": "user", "content": again}], request
        )
        if isinstance(reply, Failed):
            return Failed("broken_answer", f"{fault}; no second try: {reply.reason}")
        try:
            value = read_answer(reply.text, request.form)
        except ValueError as second:
            return Failed("broken_answer", f"{fault}; then: {second}")
        return self._kept(request, value, reply)

    def _kept(self, request: Request[Form], value: Form, reply: Reply) -> Generated[Form]:
        self._shelf.keep(request, value, reply.tokens or Tokens(), reply.model)
        return Generated(value)

    def _bought(self, messages: list[Message], request: Request[Form]) -> Reply | Failed:
        """One call, paid from the budget."""
        if given_up := self._given_up():
            return given_up
        worst = at_most(messages, request.schema(), self._settings.max_answer_tokens)
        if not self._budget.hold(worst):
            return Failed("over_budget", "one more call could pass generator.max_cost or generator.max_total_tokens")
        used: Tokens | None = Tokens()
        try:
            answered = self._endpoint.ask(messages, request)
            used = answered.tokens
        finally:
            self._budget.settle(worst, used)
        self._note(answered)
        if isinstance(answered, Fault):
            return answered.failed
        if answered.is_cut_off:
            return Failed("cut_off", f"longer than {self._settings.max_answer_tokens} tokens")
        return answered

    def _note(self, answered: Reply | Fault) -> None:
        with self._lock:
            if isinstance(answered, Fault) and answered.failed.reason in _ENDPOINTS_OWN:
                self._failed_in_a_row += _PATIENCE if answered.failed.reason == "no_quota" else 1
                self._last_fault = answered.failed
            else:
                self._failed_in_a_row = 0

    def _given_up(self) -> Failed | None:
        with self._lock:
            last = self._last_fault
            if self._failed_in_a_row < _PATIENCE or last is None:
                return None
        return Failed("gave_up", f"not asked any more after {last.reason} ({last.detail})")
