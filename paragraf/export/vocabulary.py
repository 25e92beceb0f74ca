"""Vocabulary: a model folder's tokenizer in, the same tokenizer as GGUF metadata out, or the reason why not."""

import json
from pathlib import Path
from typing import Any

import gguf

_CONTRACTIONS_AND_WORDS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+"
_REST = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
# llama.cpp splits text by code of its own, chosen by one of these names
_NAME_OF_SPLIT = {
    "words": "gpt-2",
    "digits, words": "smollm",
    rf"{_CONTRACTIONS_AND_WORDS}|\p{{N}}{{1,3}}{_REST}, bytes": "llama-bpe",
    rf"{_CONTRACTIONS_AND_WORDS}|\p{{N}}{_REST}, bytes": "qwen2",
}


def reason_against(folder: Path) -> str:
    """Why the tokenizer of a model folder cannot be written as GGUF; empty when it can."""
    path = folder / "tokenizer.json"
    if not path.is_file():
        return "its tokenizer has no tokenizer.json"
    found = json.loads(path.read_bytes())
    if found["model"]["type"] != "BPE" or found["model"].get("byte_fallback"):
        return "its tokenizer is not a byte-level BPE"
    if not found["model"]["merges"]:
        return "its tokenizer has no merges, and llama.cpp opens none without"
    if (found.get("normalizer") or {}).get("type", "NFC") != "NFC":
        return f"its tokenizer normalises text by {found['normalizer']['type']}, which GGUF cannot say"
    if _split(found.get("pre_tokenizer")) not in _NAME_OF_SPLIT:
        return "its tokenizer splits text in a way for which no name in GGUF is known here"
    return ""


def write_vocabulary(writer: gguf.GGUFWriter, folder: Path, size: int) -> None:
    """Add tokens, merges, special tokens and the chat template; ids up to `size` without a token are unused."""
    found = json.loads((folder / "tokenizer.json").read_bytes())
    added = {token["id"]: token for token in found["added_tokens"]}
    text_of = {number: text for text, number in found["model"]["vocab"].items()}
    text_of |= {number: token["content"] for number, token in added.items()}
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(_NAME_OF_SPLIT[_split(found["pre_tokenizer"])])
    writer.add_token_list([text_of.get(number, f"[PAD{number}]") for number in range(size)])
    writer.add_token_types([_kind(number, text_of, added) for number in range(size)])
    gguf.SpecialVocab(folder, load_merges=True, n_vocab=size).add_to_gguf(writer, quiet=True)
    writer.add_add_bos_token(False)  # chat templates write it where a model wants it
    writer.add_add_space_prefix(False)


def _kind(number: int, text_of: dict[int, str], added: dict[int, dict[str, Any]]) -> gguf.TokenType:
    if number not in text_of:
        return gguf.TokenType.UNUSED
    if number not in added:
        return gguf.TokenType.NORMAL
    return gguf.TokenType.CONTROL if added[number]["special"] else gguf.TokenType.USER_DEFINED


def _split(found: dict[str, Any] | None) -> str:
    """How text is cut before the merges, in one line."""
    if found is None:
        return "not at all"
    if found["type"] == "Sequence":
        return ", ".join(_split(part) for part in found["pretokenizers"])
    if found["type"] == "Digits" and found["individual_digits"]:
        return "digits"
    if found["type"] == "ByteLevel" and not found["add_prefix_space"]:
        return "words" if found["use_regex"] else "bytes"
    if found["type"] == "Split" and found["behavior"] == "Isolated" and not found["invert"]:
        return str(found["pattern"].get("Regex"))
    return str(found["type"])
