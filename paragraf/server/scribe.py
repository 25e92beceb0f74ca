"""Scribe: tokens in, one at a time, the text that is sure out: whole letters, nothing of a stop sequence."""

from collections.abc import Sequence

from paragraf.chat import Tokenizer

_HALF = "\ufffd"  # what a decoder shows for a letter whose last bytes are still to come


class Scribe:
    """The text of one answer while it is written."""

    def __init__(self, tokenizer: Tokenizer, stops: Sequence[str]) -> None:
        self._tokenizer = tokenizer
        self._stops = tuple(stops)
        self._ids: list[int] = []
        self._shown = 0  # tokens before this one are part of the text
        self._before = 0  # tokens from here on are decoded again, since what stands before a token can change its text
        self._held = ""  # text that may be the beginning of a stop sequence
        self.is_stopped = False

    def add(self, token: int) -> str:
        """The text that became sure with a token."""
        self._ids.append(token)
        known = self._decoded(self._before, self._shown)
        text = self._decoded(self._before, len(self._ids))
        if text.endswith(_HALF) or len(text) <= len(known):
            return ""
        self._before, self._shown = self._shown, len(self._ids)
        return self._released(text[len(known) :])

    def rest(self) -> str:
        """What is left when no token comes any more."""
        known = self._decoded(self._before, self._shown)
        self._held += self._decoded(self._before, len(self._ids))[len(known) :]
        self._shown = self._before = len(self._ids)
        return "" if self.is_stopped else self._released("") + self._taken(len(self._held))

    def _decoded(self, start: int, end: int) -> str:
        return self._tokenizer.decode(self._ids[start:end], skip_special_tokens=True) if end > start else ""

    def _released(self, text: str) -> str:
        self._held += text
        found = [at for stop in self._stops if (at := self._held.find(stop)) >= 0]
        if found:
            self.is_stopped = True
            return self._taken(min(found))
        held = max((_overlap(self._held, stop) for stop in self._stops), default=0)
        return self._taken(len(self._held) - held)

    def _taken(self, length: int) -> str:
        taken, self._held = self._held[:length], self._held[length:]
        return taken


def _overlap(text: str, stop: str) -> int:
    """How many letters at the end of a text are the beginning of a stop sequence."""
    return next((size for size in range(min(len(text), len(stop) - 1), 0, -1) if text.endswith(stop[:size])), 0)
