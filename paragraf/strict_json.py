"""Strict JSON: text in, plain values out; what parsers differ on (repeated keys, NaN, lone surrogates) is refused."""

import json
import math
import re
from collections import Counter
from collections.abc import Generator
from itertools import accumulate

MAX_DEPTH = 100
_MAX_DIGITS = 100
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)  # also one that never ends, so that time stays linear
_STEP = [(byte in b"[{") - (byte in b"]}") for byte in range(256)]
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_BLANK = re.compile(r"[ \t\n\r]*")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_LINE_AFTER_LINE = re.compile(r"\}[ \t]*\n\s*\{")


def parse(text: str) -> object:
    """The value of one JSON text.

    Raises:
        ValueError: says what was found and what to do.
    """
    refuse_depth(text)
    value, end = _value(text, _blank(text, 0))
    end = _blank(text, end)
    if end < len(text):
        raise ValueError(f"something follows the JSON value ({_where(text, end)}); put every row on a line of its own.")
    return value


def items(text: str) -> Generator[object, None, None]:
    """The items of a JSON document: of its array, or of the one list in its object.

    Raises:
        ValueError: says what was found and what to do; it is about the item after the last one that came.
    """
    refuse_depth(text)
    start = _blank(text, 0)
    if text.startswith("[", start):
        end = yield from _array(text, start)
    elif text.startswith("{", start):
        if _LINE_AFTER_LINE.search(text):
            raise ValueError("several objects follow each other (JSON Lines?); give the file's name the ending .jsonl.")
        end = yield from _object(text, start)
    else:
        raise ValueError(f"expected an array of objects ({_where(text, start)}); write the rows as [{{...}}, {{...}}].")
    end = _blank(text, end)
    if end < len(text):
        raise ValueError(f"something follows the end of the JSON document ({_where(text, end)}); remove it.")


def refuse_depth(text: str) -> None:
    """Raise ValueError if brackets nest deeper than `MAX_DEPTH`, before any parser recurses into them."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    brackets = _STRING.sub(b"", text.encode()).translate(None, _NO_BRACKETS)
    depth = max(accumulate(map(_STEP.__getitem__, brackets)), default=0)
    if depth > MAX_DEPTH:
        raise ValueError(f"nested {depth} deep, more than {MAX_DEPTH}; write the row flat.")


def described(value: object) -> str:
    """What kind of JSON value this is and how it begins, on one line, for a message."""
    if value is None:
        return "null"
    kinds = {bool: "a truth value", int: "a number", float: "a number", str: "text", list: "a list", dict: "an object"}
    return f"{kinds.get(type(value), f'a {type(value).__name__}')} ({shown(str(value))})"


def shown(text: str) -> str:
    """The beginning of a text, on one line and in quotation marks, for a message."""
    return repr(text[:40]) + ("…" if len(text) > 40 else "")


def _array(text: str, start: int) -> Generator[object, None, int]:
    position = _blank(text, start + 1)
    if text.startswith("]", position):
        return position + 1
    while True:
        value, position = _value(text, position)
        yield value
        position, is_last = _separator(text, position, "]")
        if is_last:
            return position


def _object(text: str, start: int) -> Generator[object, None, int]:
    lists = 0
    position, is_last = _blank(text, start + 1), False
    while not is_last:
        name, position = _value(text, position)
        position = _blank(text, position)
        if not isinstance(name, str) or not text.startswith(":", position):
            raise ValueError(
                f"not valid JSON: expected a name and a colon ({_where(text, position)}); correct the file."
            )
        position = _blank(text, position + 1)
        if text.startswith("[", position):
            lists += 1
            if lists > 1:
                raise ValueError(f"a second list ({name!r}) in one object; write the rows as one array of objects.")
            position = yield from _array(text, position)
        else:
            _, position = _value(text, position)
        position, is_last = _separator(text, position, "}")
    if not lists:
        raise ValueError("an object without a list of rows; write the rows as an array of objects.")
    return position


def _separator(text: str, position: int, closing: str) -> tuple[int, bool]:
    position = _blank(text, position)
    if text.startswith(closing, position):
        return position + 1, True
    if text.startswith(",", position):
        return _blank(text, position + 1), False
    raise ValueError(f"not valid JSON: expected ',' or {closing!r} ({_where(text, position)}); correct the file.")


def _value(text: str, position: int) -> tuple[object, int]:
    try:
        value, end = _DECODER.raw_decode(text, position)
    except json.JSONDecodeError as error:
        raise ValueError(f"not valid JSON: {error.msg} ({_where(text, error.pos)}); correct it.") from error
    if _SURROGATE.search(text, position, end):
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            found = f"\\u{ord(error.object[error.start]):04x}"
            raise ValueError(f"half a character ({found}, a lone surrogate); write the whole one.") from error
    return value, end


def _blank(text: str, position: int) -> int:
    match = _BLANK.match(text, position)
    return match.end() if match else position


def _where(text: str, position: int) -> str:
    line = text.count("\n", 0, position)
    column = position - (text.rfind("\n", 0, position) + 1) + 1
    found = f"found {text[position : position + 30]!r}" if position < len(text) else "found the end"
    return f"line {line + 1}, column {column}: {found}" if line else f"column {column}: {found}"


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    held = dict(pairs)
    if len(held) < len(pairs):
        name, times = Counter(name for name, _ in pairs).most_common(1)[0]
        raise ValueError(f"the key {name[:40]!r} stands {times} times in one object; keep the one that is meant.")
    return held


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise ValueError(f"a number of {len(digits)} digits ({digits[:12]}…); write it as text.")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if len(digits) > _MAX_DIGITS or not math.isfinite(number):
        raise ValueError(f"a number that no computer holds ({digits[:12]}…); write it as text.")
    return number


def _no_constant(name: str) -> object:
    raise ValueError(f"{name}, which is no JSON; write null or leave the field out.")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_int=_integer, parse_float=_finite, parse_constant=_no_constant
)
