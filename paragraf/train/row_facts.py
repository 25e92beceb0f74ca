"""Row facts: training rows in, counts out of what a model could not learn from them, or should not."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from paragraf.chat import IGNORED
from paragraf.history import RowFacts

# Marks by which other prompt formats tell turns apart; inside a question or an answer they are a row cut wrongly.
_MARKS = re.compile(
    r"###\s*(?:Instrukcja|Instruction|Odpowiedź|Response|Input|Pytanie)\s*:|<\|?(?:im_start|im_end|user|assistant|system)\b"
    r"|< ?\|im_(?:start|end)\||\[/?INST\]|<<SYS>>|</?s>|^\s*(?:User|Human|Assistant|Użytkownik|Asystent)\s*:"
    r"|^\s*(?:Pytanie|Instrukcja)\s*:.*^\s*Odpowiedź\s*:",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)


def row_facts(chats: Path, rows: Iterable[Mapping[str, Any]], end: int) -> RowFacts:
    """Counts over the training rows; `end` is the token that ends a turn."""
    count = tokens = learned = without_answer = without_end = longest = 0
    for row in rows:
        labels: Sequence[int] = row["labels"]
        answer = [label for label in labels if label != IGNORED]
        count += 1
        tokens += len(labels)
        learned += len(answer)
        longest = max(longest, len(labels))
        without_answer += not any(label != end for label in answer)
        without_end += bool(answer) and answer[-1] != end
    return RowFacts(
        rows=count,
        tokens=tokens,
        answer_tokens=learned,
        without_answer=without_answer,
        without_end=without_end,
        with_marks=with_marks(chats),
        longest=longest,
    )


def with_marks(chats: Path) -> int:
    """Conversations whose question or answer holds the marks of another prompt format."""
    with chats.open("rb") as file:
        chats_of_file = (json.loads(line)["messages"] for line in file)
        return sum(
            any(_MARKS.search(turn["content"]) for turn in turns if turn["role"] != "system") for turns in chats_of_file
        )
