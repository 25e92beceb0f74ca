"""Prompts: instructions from files, and rows quoted so that nothing in a row can change them."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from string import Template

# What chat templates and tokenizers know as control ("<|im_end|>", "[INST]", "</s>"), and marks of a code block.
_CONTROL = re.compile(r"[<>\[\]|`]")


def instruction(file: str, **values: str) -> str:
    """A prompt file of this package ("prompts/paraphrase.md") with its $names filled in."""
    return Template(_text(file)).substitute(values).strip()


def quoted(fields: Mapping[str, str]) -> str:
    """A row's texts as one JSON object on one line: they end where JSON says, whatever they hold.

    Control tokens and characters that nobody sees are written as JSON escapes: the same text to who reads JSON, and
    nothing to a tokenizer or a chat template.
    """
    written = ", ".join(f"{json.dumps(name)}: {_escaped(text)}" for name, text in fields.items())
    return f"{{{written}}}"


def _escaped(text: str) -> str:
    return "".join(
        character if character.isprintable() and not _CONTROL.match(character) else _escape(character)
        for character in json.dumps(text, ensure_ascii=False)
    )


def _escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))


@lru_cache
def _text(file: str) -> str:
    return files("paragraf").joinpath(file).read_text("utf-8")
