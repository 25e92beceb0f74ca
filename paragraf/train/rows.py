"""Rows for training: conversations as token ids, batched without waste."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paragraf.chat import IGNORED, Tokenizer, encode
from paragraf.errors import BadRow

if TYPE_CHECKING:
    import torch
    from datasets import Dataset


def tokenise(path: Path, tokenizer: Tokenizer) -> "Dataset":
    """A chat file as a data set of `input_ids` and `labels`, in file order.

    Raises:
        BadRow: a row has no token to learn.
    """
    from datasets import Dataset

    rows: list[dict[str, list[int]]] = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        encoded = encode(tokenizer, json.loads(line)["messages"])
        if encoded.prompt >= len(encoded.ids):
            raise BadRow(f"{path.name}:{number}: no answer token to learn; check the answer and the chat template.")
        rows.append({"input_ids": encoded.ids, "labels": encoded.labels()})
    return Dataset.from_list(rows)


class AnswerOnlyCollator:
    """Pads to the longest row of the batch and asks the model for scores of answer tokens only.

    The vocabulary head is a fifth of a step: `logits_to_keep` runs it only where an answer token is predicted,
    and `shift_labels` hands over those tokens, so the loss equals that over all positions.
    """

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
