"""Law: the `law` command: imports statutes into the workspace, and says of citations whether they exist."""

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from flows.arguments import Parser
from paragraf.law import find
from paragraf.law.existence import standing
from paragraf.law.statute_import import Imported, import_statutes
from paragraf.law.statutes import Period

Tell = Callable[[str], None]


def law(arguments: list[str], tell: Tell, progress: Tell) -> int:
    """Run `paragraf law` with its arguments; results go to `tell`, signs of life to `progress`."""
    parser = Parser(
        prog="paragraf law", description="The acts that citations name: import their texts, check citations."
    )
    commands = parser.add_subparsers(metavar="command", required=True, dest="command")
    _add_import(commands)
    _add_check(commands)
    options = parser.parse_args(arguments)
    if options.command == "import":
        tell(_import(options, progress).summary())
    else:
        _check(options, tell)
    return 0


def _add_import(commands: Any) -> None:
    parser = commands.add_parser(
        "import", help="put the texts of acts into the index", description="Put the texts of acts into the index."
    )
    parser.add_argument("source", type=Path, help="a JSON file, article number to text, or a folder of such files")
    parser.add_argument("--act", default="", metavar="KEY", help="key of the act (default: the name of the file)")
    parser.add_argument(
        "--from", dest="since", type=_day, metavar="DATE", help="first day on which these texts hold, as 2025-01-31"
    )
    parser.add_argument("--until", type=_day, metavar="DATE", help="last day on which these texts hold")


def _add_check(commands: Any) -> None:
    text = "say of each citation whether its provision exists"
    parser = commands.add_parser("check", help=text, description=f"{text[0].upper()}{text[1:]}.")
    parser.add_argument("text", help="a text in quotation marks, or the name of a text file")
    parser.add_argument("--on", type=_day, metavar="DATE", help="the day that is meant (default: any)")


def _import(options: argparse.Namespace, progress: Tell) -> Imported:
    since, until = (day.isoformat() if day else "" for day in (options.since, options.until))
    return import_statutes(options.source, options.act, Period(since, until), progress)


def _check(options: argparse.Namespace, tell: Tell) -> None:
    text = _text(options.text)
    for citation in find(text):
        quoted = " ".join(text[slice(*citation.span)].split())
        tell(f"{quoted} [{citation.key}]: {standing(citation.key, options.on)}")


def _text(given: str) -> str:
    try:
        return Path(given).read_text("utf-8") if Path(given).is_file() else given
    except (OSError, UnicodeDecodeError):  # a text too long for a name, or a file that is no text
        return given


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{written!r} is no date as 2025-01-31") from error
