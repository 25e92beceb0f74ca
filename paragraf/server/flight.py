"""Flight: answers of one model that are written together, a token each at a time; others join while it goes on."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from paragraf.chat import Tokenizer
from paragraf.models import TorchModel
from paragraf.server.refusals import Refused
from paragraf.server.scribe import Scribe

if TYPE_CHECKING:
    import torch

Finish = Literal["stop", "length"]


class Piece(NamedTuple):
    """A part of an answer; the last one says why it ended."""

    text: str
    read: int
    written: int
    finish: Finish | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """How an answer is to be written."""

    max_tokens: int
    temperature: float = 1.0
    top_p: float = 1.0
    seed: int | None = None
    stops: tuple[str, ...] = ()
    streams: bool = False
    may_be_shorter: bool = False  # if the model's context is not long enough


@dataclass(eq=False, slots=True)
class Row:
    """One answer in the flight."""

    prompt: Sequence[int]
    wish: Wish
    scribe: Scribe
    tell: Callable[[Piece | Refused], None]
    is_given_up: Callable[[], bool]
    written: int = 0
    last: int = 0
    chance: Any = None
    text: list[str] = field(default_factory=list)

    def take(self, token: int, ends: Collection[int]) -> bool:
        """Add a token; whether the answer is over."""
        self.written += 1
        self.last = token
        is_end = token in ends
        new = self.scribe.rest() if is_end else self.scribe.add(token)
        if not is_end and not self.scribe.is_stopped and self.written < self.wish.max_tokens:
            if self.wish.streams and new:
                self.tell(Piece(new, len(self.prompt), self.written))
            elif new:
                self.text.append(new)
            return False
        if not is_end:
            new += self.scribe.rest()
        finish: Finish = "stop" if is_end or self.scribe.is_stopped else "length"
        self.tell(Piece("".join([*self.text, new]), len(self.prompt), self.written, finish))
        return True


class Flight:
    """The rows, and what the model keeps of them: keys and values, padded on the left to the same width."""

    def __init__(self, tokenizer: Tokenizer, ends: Collection[int]) -> None:
        self._pad = tokenizer.eos_token_id
        self._ends = frozenset(ends)
        self._cache: Any = None
        self._mask: torch.Tensor | None = None
        self.rows: list[Row] = []

    def join(self, model: TorchModel, rows: Sequence[Row]) -> None:
        """Read the prompts of some rows and write the first token of each."""
        import torch
        from transformers import DynamicCache

        width = max(len(row.prompt) for row in rows)
        ids = [[self._pad] * (width - len(row.prompt)) + list(row.prompt) for row in rows]
        mask = torch.tensor([[0] * (width - len(row.prompt)) + [1] * len(row.prompt) for row in rows])
        for row in rows:
            row.chance = torch.Generator()
            row.chance.manual_seed(row.wish.seed) if row.wish.seed is not None else row.chance.seed()
        cache = DynamicCache()
        logits = _asked(model, torch.tensor(ids), mask, cache)
        self._merge(cache, mask)
        self.rows += rows
        self._take(logits, range(len(self.rows) - len(rows), len(self.rows)))

    def step(self, model: TorchModel) -> None:
        """One more token for every row."""
        import torch

        self._keep([at for at, row in enumerate(self.rows) if not row.is_given_up()])
        if not self.rows or self._mask is None:
            return
        mask = torch.nn.functional.pad(self._mask, (0, 1), value=1)
        logits = _asked(model, torch.tensor([[row.last] for row in self.rows]), mask, self._cache)
        self._mask = mask
        self._take(logits, range(len(self.rows)))

    def _take(self, logits: "torch.Tensor", places: range) -> None:
        """Choose the next token of some rows, and let those go that are over."""
        likeliest = logits.argmax(-1).tolist()
        over = set()
        for at, place in enumerate(places):
            row = self.rows[place]
            token = likeliest[at] if row.wish.temperature == 0 else _drawn(logits[at], row)
            if row.take(token, self._ends):
                over.add(place)
        self._keep([place for place in range(len(self.rows)) if place not in over])

    def _merge(self, cache: Any, mask: "torch.Tensor") -> None:
        import torch

        if self._mask is None or not self.rows:
            self._cache, self._mask = cache, mask
            return
        width = max(self._mask.shape[1], mask.shape[1])
        for ours, theirs in zip(self._cache.layers, cache.layers, strict=True):
            ours.keys = _stacked(ours.keys, theirs.keys, width)
            ours.values = _stacked(ours.values, theirs.values, width)
        sides = (torch.nn.functional.pad(one, (width - one.shape[1], 0)) for one in (self._mask, mask))
        self._mask = torch.cat(list(sides))

    def _keep(self, places: Sequence[int]) -> None:
        """Let all other rows go, and the padding that nobody needs then."""
        import torch

        if len(places) == len(self.rows) or self._mask is None:
            return
        self.rows = [self.rows[place] for place in places]
        if not places:
            self._cache = self._mask = None
            return
        kept = torch.tensor(places)
        mask = self._mask[kept]
        start = int(mask.argmax(1).min())
        self._mask = mask[:, start:]
        for layer in self._cache.layers:
            layer.keys, layer.values = layer.keys[kept][:, :, start:], layer.values[kept][:, :, start:]


def _asked(model: TorchModel, ids: "torch.Tensor", mask: "torch.Tensor", cache: Any) -> "torch.Tensor":
    """Logits of the next token of every row; what the model keeps of the tokens is added to the cache."""
    import torch

    places = (mask.cumsum(1) - 1).clamp(min=0)[:, -ids.shape[1] :]
    with torch.inference_mode():
        out = model(
            input_ids=ids.to(model.device),
            attention_mask=mask.to(model.device),
            position_ids=places.to(model.device),
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=1,
        )
        logits: torch.Tensor = out.logits[:, -1].float().cpu()
        return logits


def _stacked(ours: "torch.Tensor", theirs: "torch.Tensor", width: int) -> "torch.Tensor":
    """Keys or values of two groups of rows, padded on the left to one width."""
    import torch

    return torch.cat([torch.nn.functional.pad(one, (0, 0, width - one.shape[2], 0)) for one in (ours, theirs)])


def _drawn(logits: "torch.Tensor", row: Row) -> int:
    """A token by chance: the likeliest ones that together reach `top_p`, at the row's temperature."""
    import torch

    chances = torch.softmax(logits / row.wish.temperature, -1)
    ordered, places = chances.sort(descending=True)
    before = ordered.cumsum(-1) - ordered
    ordered = torch.where(before < row.wish.top_p, ordered, 0.0)
    return int(places[torch.multinomial(ordered, 1, generator=row.chance)])
