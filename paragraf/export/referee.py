"""Referee: GGUF files and passages in, what llama.cpp expects of them out; nothing in it was written here."""

import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import torch

from paragraf.export.parity import Expected, Passage
from paragraf.loopback import DIRECT

_LIKELIEST = 256
_MOST_SLOTS = 8
_ROOM = 16  # tokens more than the longest passage


class Refused(Exception):
    """llama.cpp cannot run the files."""


class LlamaCpp:
    """llama.cpp with a base and an adapter, in this process."""

    def __init__(self, base: Path, adapter: Path | None, longest: int, passages: int) -> None:
        import xllamacpp

        self._slots = min(passages, _MOST_SLOTS)
        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(base)
        parameters.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(str(adapter), 1.0)] if adapter else []
        parameters.n_ctx = (longest + _ROOM) * self._slots
        parameters.n_parallel = self._slots
        parameters.n_gpu_layers = 0
        parameters.warmup = False
        parameters.ui = False
        parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = torch.get_num_threads()
        try:
            self._server = xllamacpp.Server(parameters)
        except RuntimeError as error:  # it says why on stderr alone, which is the child's log
            raise Refused("llama.cpp does not open the files; child.log of the export says why") from error

    def expect(self, passages: Sequence[Passage], end: int) -> list[Expected]:
        """What llama.cpp expects at each token of the answers, and how it would answer by itself (until `end`).

        Passages are worked on side by side: one pass over the weights serves them all.
        """
        [letter, *_] = self._post("/tokenize", {"content": "a", "add_special": False})["tokens"]
        slots = [number % self._slots for number in range(len(passages))]
        with ThreadPoolExecutor(self._slots) as pool:
            shares = list(pool.map(self._likeliest, passages, slots, [letter] * len(passages)))
            own = list(pool.map(self._own_answer, passages, slots, [end] * len(passages)))
        return [Expected(found, said, tokens) for (found, tokens), said in zip(shares, own, strict=True)]

    def cuts_alike(self, passages: Sequence[Passage]) -> bool:
        """Whether its tokenizer makes the same tokens of the prompts' texts."""
        asked = [{"content": passage.text, "add_special": False, "parse_special": True} for passage in passages]
        found = [self._post("/tokenize", content)["tokens"] for content in asked]
        return found == [passage.prompt for passage in passages]

    def _likeliest(self, passage: Passage, slot: int, letter: int) -> tuple[torch.Tensor, torch.Tensor]:
        tops = []
        for known in range(len(passage.answer)):
            # The letter is forced as the next token, which leaves the shares as they are: of a token that is half a
            # letter (every Polish one may be) llama.cpp tells no shares, and at an end of turn it stops.
            probe = {"n_probs": _LIKELIEST, "logit_bias": [[letter, 1e9]]}
            said = self._complete(passage.prompt + passage.answer[:known], 1, slot, probe)
            tops.append(said["completion_probabilities"][0]["top_logprobs"])
        return _table(tops, "logprob"), _table(tops, "id")

    def _own_answer(self, passage: Passage, slot: int, end: int) -> list[int]:
        said = self._complete(passage.prompt, len(passage.answer), slot, {"return_tokens": True})["tokens"]
        return said[: said.index(end)] if end in said else list(said)

    def _complete(self, prompt: Sequence[int], tokens: int, slot: int, more: dict[str, Any]) -> dict[str, Any]:
        request = {
            "prompt": list(prompt),
            "n_predict": tokens,
            "temperature": 0.0,
            "cache_prompt": True,
            "id_slot": slot,
        }
        return self._post("/completion", request | more)

    def _post(self, path: str, content: dict[str, Any]) -> dict[str, Any]:
        return post(f"{self._server.listening_address}{path}", content)


def post(address: str, content: dict[str, Any]) -> dict[str, Any]:
    """What a server of this machine answers to a JSON object.

    Raises:
        Refused: it does not answer, or with an error.
    """
    request = urllib.request.Request(  # noqa: S310  # its own port of this machine
        address, json.dumps(content).encode(), {"Content-Type": "application/json"}
    )
    try:
        with DIRECT.open(request) as reply:
            return dict(json.load(reply))
    except urllib.error.URLError as error:
        raise Refused(f"llama.cpp does not answer at {address}: {error}") from error


def _table(tops: Sequence[Sequence[dict[str, Any]]], name: str) -> torch.Tensor:
    return torch.tensor([[token[name] for token in top] for top in tops])
