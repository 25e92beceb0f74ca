"""Library: solved questions and passages at rest, to be looked up and laid before a model."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Self

from paragraf.errors import Damaged
from paragraf.publish import digest_of, publish_as, read_manifest, verify
from paragraf.snapshots import Receipt, listed
from paragraf.workspace import at_rest, home, relative

_EXAMPLES, _PASSAGES = "examples.jsonl", "passages.jsonl"


@dataclass(frozen=True, slots=True)
class Example:
    """A solved question of the training part; `row` is its id."""

    row: str
    question: str
    answer: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that can be laid before a model.

    Attributes:
        citation: what it is: "art. 415 k.c.", the file and heading, or the provisions that an answer rests on.
        found_by: words that it is found by beside its own and its citation, as the question to an answer.
        row: id of the training row whose answer it is; empty for a document.
        group: lineage of that row.
    """

    text: str
    citation: str
    found_by: str = ""
    row: str = ""
    group: str = ""


class Library(Receipt):
    """Examples and passages at rest; `left_out` counts what could have given a held-out row away, by reason."""

    examples: int
    passages: int
    left_out: dict[str, int]

    @classmethod
    def write(cls, examples: Iterable[Example], passages: Iterable[Passage], left_out: Mapping[str, int]) -> Self:
        """Publish both under the digest of what they say."""
        rows = {_EXAMPLES: [asdict(item) for item in examples], _PASSAGES: [asdict(item) for item in passages]}
        with publish_as(home() / "libraries", "library") as staged:
            for name, items in rows.items():
                lines = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)
                (staged.folder / name).write_text(lines, "utf-8")
            digest = digest_of(staged.seal())
            staged.name = f"library-{digest[:16]}"
        counts = {"examples": len(rows[_EXAMPLES]), "passages": len(rows[_PASSAGES])}
        return cls(path=relative(staged.final), digest=digest, left_out=dict(left_out), **counts)

    def read(self) -> tuple[list[Example], list[Passage]]:
        """Both, in order.

        Raises:
            Damaged: the files are not those that this receipt names.
        """
        folder = at_rest(self.path)
        verify(folder)
        if digest_of(read_manifest(folder)) != self.digest:
            raise Damaged(f"{folder}: holds another library than {self.digest[:12]}; delete it and run again.")
        examples = [Example(**json.loads(line)) for line in (folder / _EXAMPLES).read_bytes().splitlines()]
        passages = [Passage(**json.loads(line)) for line in (folder / _PASSAGES).read_bytes().splitlines()]
        return examples, passages

    def summary(self) -> str:
        """The stage's line in the log."""
        told = f"{self.examples} solved questions and {self.passages} passages"
        return f"{told}; left out, as held-out rows stand in them: {listed(self.left_out)}."
