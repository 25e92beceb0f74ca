"""Arguments: what the parsers of all commands share."""

import argparse
from collections.abc import Callable
from typing import Any

from paragraf.errors import BadSettings


class Parser(argparse.ArgumentParser):
    """Reports a wrong flag as our own one-line error."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, allow_abbrev=False)
        self.add_argument("--debug", action="store_true", help="show tracebacks")

    def error(self, message: str) -> Any:
        raise BadSettings(f"{self.prog}: {message}; see {self.prog} --help.")


def between(low: int, high: int) -> Callable[[str], int]:
    """A kind of argument: a whole number within bounds."""

    def number(text: str) -> int:
        if not text.lstrip("-").isdecimal() or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {low} to {high}")
        return int(text)

    return number
