"""Speaker: the thread in which models answer: requests of like model are written together, models take turns."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from paragraf.chat import Message, Tokenizer, encode_prompt
from paragraf.errors import ParagrafError
from paragraf.jobs import threads
from paragraf.models import TorchModel, open_tokenizer
from paragraf.server.flight import Flight, Piece, Row, Wish
from paragraf.server.refusals import Refused, trace_of
from paragraf.server.scribe import Scribe
from paragraf.server.served import Served
from paragraf.server.settings import ServeSettings
from paragraf.server.voices import Voices

_MOST_TOKENS = 32_768  # kept of the rows of one flight, padding included: about 1 GB of a small model
_TURN = 8  # tokens that a model writes before another one has its turn

Told = Piece | Refused

logger = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class Request:
    """What one client asks; `tell` is called with each piece, or with what went wrong."""

    served: Served
    messages: Sequence[Message]
    wish: Wish
    tell: Callable[[Told], None]
    is_given_up: bool = False
    row: Row | None = None  # once it is read

    def key(self) -> str:
        return self.served.model.digest if self.served.model else self.served.base.digest


class Speaker:
    """Answers as many requests at once as the settings say, of each model."""

    def __init__(self, settings: ServeSettings) -> None:
        self._batch_size = settings.batch_size
        self._max_waiting = settings.max_waiting
        self._voices = Voices(settings.precision)
        self._waiting: deque[Request] = deque()
        self._flights: dict[str, tuple[Served, Flight]] = {}
        self._woken = threading.Condition()
        self._ends = False
        self._thread = threading.Thread(target=self._work, name="speaker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End without finishing what is being said."""
        with self._woken:
            self._ends = True
            self._woken.notify_all()
        self._thread.join(10)

    def ask(self, request: Request) -> None:
        """Queue a request; raises Refused if too many wait."""
        with self._woken:
            if self._ends or len(self._waiting) >= self._max_waiting:
                wait = {"retry-after": "2"}
                raise Refused(503, "Too many requests wait for an answer; ask again.", code="overloaded", headers=wait)
            self._waiting.append(request)
            self._woken.notify_all()

    def _work(self) -> None:
        import torch

        torch.set_num_threads(threads())
        while not self._ends:
            with self._woken:
                if not self._waiting and not self._flights:
                    self._woken.wait(1.0)
                    continue
            self._admit()
            for key, (served, flight) in list(self._flights.items()):
                self._fly(key, served, flight)
        ending = Refused(503, "The server ends.", code="overloaded", headers={"retry-after": "5"})
        for tell in [row.tell for _, flight in self._flights.values() for row in flight.rows]:
            tell(ending)
        for request in self._waiting:
            request.tell(ending)

    def _admit(self) -> None:
        """See to it that every model that somebody waits for has a flight."""
        with self._woken:
            asked = {request.key(): request.served for request in self._waiting}
        for key, served in asked.items():
            if key not in self._flights:
                try:
                    tokenizer = open_tokenizer(served.base)
                    with self._voices.speaking(served) as model:
                        self._flights[key] = (served, Flight(tokenizer, _ends_of(model, tokenizer)))
                except (ParagrafError, OSError) as error:
                    logger.error("A model cannot be opened: %s", error)
                    self._refuse(key, Refused(500, "The model cannot be opened; the server's log says why."))

    def _fly(self, key: str, served: Served, flight: Flight) -> None:
        """A turn of one model; a flight without rows is over."""
        joining: list[Row] = []
        try:
            with self._voices.speaking(served) as model:
                for _ in range(_TURN):
                    if joining := self._joining(key, flight, model):
                        flight.join(model, joining)
                        joining = []
                    flight.step(model)
                    if self._ends or not flight.rows:
                        break
        except Exception as error:  # noqa: BLE001  # whatever a library raises, the other models go on
            logger.error("A flight ended: %s", trace_of(error))
            for row in [*flight.rows, *joining]:
                row.tell(_failed(error))
            flight.rows = []
        if not flight.rows:
            del self._flights[key]

    def _joining(self, key: str, flight: Flight, model: TorchModel) -> list[Row]:
        """Requests for which there is room now, ready to be read, in the order in which they came."""
        with self._woken:
            waiting = [request for request in self._waiting if request.key() == key]
        rows: list[Row] = []
        for request in waiting:
            if len(flight.rows) + len(rows) >= self._batch_size:
                break
            row = None if request.is_given_up else self._readied(request, model)
            if row and not _fits(flight, [*rows, row]):
                break
            with self._woken:
                self._waiting.remove(request)
            if row:
                rows.append(row)
        return rows

    def _readied(self, request: Request, model: TorchModel) -> Row | None:
        try:
            return self._row(request, model)
        except Exception as error:  # noqa: BLE001  # a chat template is a program of its own, and refuses what it does not like
            logger.info("A chat template refused messages: %s.", type(error).__name__)
            message = "The model's chat template does not take messages of these roles in this order."
            request.tell(Refused(400, message, param="messages", code="invalid_value"))
            return None

    def _row(self, request: Request, model: TorchModel) -> Row | None:
        """A request as the flight takes it; one that does not fit the model is told so."""
        if request.row is None:
            tokenizer = open_tokenizer(request.served.base)
            prompt = encode_prompt(tokenizer, request.messages)
            wish, longest = request.wish, model.config.max_position_embeddings
            if wish.may_be_shorter:
                wish = replace(wish, max_tokens=max(1, min(wish.max_tokens, longest - len(prompt))))
            if len(prompt) + wish.max_tokens > longest:
                asked = f"{len(prompt)} in the messages and {wish.max_tokens} for the answer"
                message = f"This model's maximum context length is {longest} tokens, but {asked} were asked for."
                request.tell(Refused(400, message, param="messages", code="context_length_exceeded"))
                return None
            scribe = Scribe(tokenizer, wish.stops)
            request.row = Row(prompt, wish, scribe, request.tell, lambda: request.is_given_up)
        return request.row

    def _refuse(self, key: str, refused: Refused) -> None:
        with self._woken:
            for request in [one for one in self._waiting if one.key() == key]:
                self._waiting.remove(request)
                request.tell(refused)


def _fits(flight: Flight, rows: Sequence[Row]) -> bool:
    """Whether memory is sure to hold a flight with these rows more; a row alone always fits."""
    together = [*flight.rows, *rows]
    widest = max(len(row.prompt) + row.wish.max_tokens for row in together)
    return len(together) == 1 or len(together) * widest <= _MOST_TOKENS


def _ends_of(model: TorchModel, tokenizer: Tokenizer) -> set[int]:
    """The tokens that end a turn."""
    told = getattr(model.generation_config, "eos_token_id", None)
    return {tokenizer.eos_token_id, *(told if isinstance(told, list) else [told] if told is not None else [])}


def _failed(error: Exception) -> Refused:
    return Refused(500, f"The answer could not be written ({type(error).__name__}).", code="server_error")
