"""Budget: tokens and money are set aside before a call and settled after it, so that no call can pass the limit."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from paragraf.chat import Message
from paragraf.generator.settings import OpenAISettings

_PER_MESSAGE = 16  # tokens that a chat template adds to a message, generously
_PER_CALL = 256  # tokens of our own words about the form of the answer
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens sent to a model and written by it."""

    sent: int = 0
    written: int = 0

    def __add__(self, other: "Tokens") -> "Tokens":
        return Tokens(self.sent + other.sent, self.written + other.written)

    def __sub__(self, other: "Tokens") -> "Tokens":
        return Tokens(self.sent - other.sent, self.written - other.written)


@dataclass(frozen=True, slots=True)
class Spent:
    """What the calls of a run used; `assumed` of the tokens were not told by the endpoint but set at their most."""

    calls: int = 0
    tokens: Tokens = Tokens()
    assumed: Tokens = Tokens()
    cost: float = 0.0


class Budget:
    """What may still be spent; safe to use from several threads."""

    def __init__(self, settings: OpenAISettings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._calls = 0
        self._held = Tokens()
        self._used = Tokens()
        self._assumed = Tokens()

    def hold(self, worst: Tokens) -> bool:
        """Set aside what a call may use at most; False if that could pass a limit, and nothing is set aside."""
        with self._lock:
            total = self._used + self._held + worst
            limits = self._settings
            if total.sent + total.written > limits.max_total_tokens or self._cost(total) > limits.max_cost:
                return False
            self._held += worst
            self._calls += 1
            return True

    def settle(self, worst: Tokens, used: Tokens | None) -> None:
        """Book what a call used in place of what was set aside for it; None books the most, since nobody knows."""
        with self._lock:
            self._held -= worst
            self._used += worst if used is None else used
            self._assumed += worst if used is None else Tokens()

    def spent(self) -> Spent:
        """What has been booked so far."""
        with self._lock:
            return Spent(self._calls, self._used, self._assumed, self._cost(self._used))

    def _cost(self, tokens: Tokens) -> float:
        limits = self._settings
        return (tokens.sent * limits.input_price + tokens.written * limits.output_price) / _MILLION


def at_most(messages: Sequence[Message], schema: str, answer_tokens: int) -> Tokens:
    """Tokens that a call can use at most: no tokenizer in use makes more tokens than there are bytes of UTF-8."""
    sent = sum(len(message["content"].encode()) + _PER_MESSAGE for message in messages)
    return Tokens(sent + len(schema.encode()) + _PER_CALL, answer_tokens)
