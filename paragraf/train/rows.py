"""Rows for training: conversations as token ids, made once for their content, and put together without waste."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paragraf.chat import IGNORED, Encoded, Message, Tokenizer, encode
from paragraf.errors import BadRow
from paragraf.models import Base
from paragraf.publish import hash_file, is_whole, publish
from paragraf.task_type import TaskType, task_type
from paragraf.workspace import home

if TYPE_CHECKING:
    import torch
    from datasets import Dataset

_FORM = "3"  # of the stored rows; another form is another cache


def tokenised(path: Path, base: Base, tokenizer: Tokenizer) -> "Dataset":
    """A chat file as a data set of `input_ids`, `labels`, `length` and `task`, in file order, read from disk.

    Made once for the same conversations, tokenizer and chat template, whoever asks.

    Raises:
        BadRow: a row has no token to learn.
    """
    from datasets import Dataset, disable_progress_bars

    disable_progress_bars()
    facts = (_FORM, hash_file(path), base.tokenizer, base.template)
    final = home() / "tokens" / hashlib.sha256("|".join(facts).encode()).hexdigest()[:16]
    if not is_whole(final):
        with publish(final) as folder:
            Dataset.from_list(list(_rows(path, tokenizer))).save_to_disk(folder / "rows")
    return Dataset.load_from_disk(str(final / "rows"))


def _rows(path: Path, tokenizer: Tokenizer) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            messages: Sequence[Message] = json.loads(line)["messages"]
            encoded = encode(tokenizer, messages)
            if encoded.prompt >= len(encoded.ids):
                raise BadRow(f"{path.name}:{number}: no answer token to learn; check the answer and the chat template.")
            yield row_of(encoded, task_type(messages[-2]["content"]))


def row_of(encoded: Encoded, task: TaskType = "qa") -> dict[str, Any]:
    """One row as the collators take it."""
    return {"input_ids": encoded.ids, "labels": encoded.labels(), "length": len(encoded.ids), "task": task}


class FlatCollator:
    """Lays the rows of a batch end to end, so that no padding is computed; attention is told where each row ends.

    What all rows begin with (the system message) is laid once, before them. The vocabulary head is a fifth of a step:
    `logits_to_keep` runs it only where an answer token is predicted, and `shift_labels` names those tokens, so the
    loss equals that over all positions.
    """

    def __call__(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        import torch

        start = _shared(rows)
        ids = [*rows[0]["input_ids"][:start], *(token for row in rows for token in row["input_ids"][start:])]
        lengths = [len(row["input_ids"]) for row in rows]
        nexts = [IGNORED] * start + [label for row in rows for label in [*row["labels"][start + 1 :], IGNORED]]
        shifted = torch.tensor([nexts])
        keep = shifted != IGNORED
        return {
            "input_ids": torch.tensor([ids]),
            "position_ids": torch.cat([torch.arange(start), *(torch.arange(start, length) for length in lengths)])[
                None
            ],
            "row_lengths": (start, *(length - start for length in lengths)),
            "labels": shifted,
            "logits_to_keep": keep,
            "shift_labels": shifted[keep],
        }


def _shared(rows: Sequence[dict[str, Any]]) -> int:
    """How many tokens all of several rows begin with, none of which predicts a word that is learned."""
    if len(rows) == 1:
        return 0
    at_each_place = zip(*(row["input_ids"] for row in rows), strict=False)
    same = sum(1 for _ in takewhile(lambda tokens: len(set(tokens)) == 1, at_each_place))
    learned = min(next(place for place, label in enumerate(row["labels"]) if label != IGNORED) for row in rows)
    return max(0, min(same, learned - 1))


class PaddedCollator:
    """Pads to the longest row of the batch, for devices that want one rectangle; scores answer tokens only."""

    def __init__(self, pad_id: int) -> None:
        self._pad_id = pad_id

    def __call__(self, rows: list[dict[str, Any]]) -> dict[str, "torch.Tensor"]:
        import torch

        longest = max(len(row["input_ids"]) for row in rows)
        ids = torch.full((len(rows), longest), self._pad_id)
        labels = torch.full((len(rows), longest), IGNORED)
        mask = torch.zeros((len(rows), longest), dtype=torch.long)
        for index, row in enumerate(rows):
            length = len(row["input_ids"])
            ids[index, :length] = torch.tensor(row["input_ids"])
            labels[index, :length] = torch.tensor(row["labels"])
            mask[index, :length] = 1
        shifted = torch.nn.functional.pad(labels[:, 1:], (0, 1), value=IGNORED)
        keep = shifted != IGNORED
        return {
            "input_ids": ids,
            "attention_mask": mask,
            "labels": labels,
            "logits_to_keep": keep,
            "shift_labels": shifted[keep],
        }
