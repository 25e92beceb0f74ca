"""Law: the `law` command: imports statutes, says of citations whether they exist, and tells of a change of the law."""

import argparse
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from flows.arguments import Parser
from flows.server import prefect_api, running_servers
from paragraf.errors import BadSettings, MissingInput
from paragraf.events import record_event
from paragraf.law import find
from paragraf.law.changes import (
    EVENT,
    Change,
    Changes,
    changes_path,
    provision_of,
    resource_of,
    withdraw_change,
    write_change,
)
from paragraf.law.existence import standing
from paragraf.law.statute_import import Imported, import_statutes
from paragraf.law.statutes import Period
from paragraf.stale import publish_stale, stale_rows, table

Tell = Callable[[str], None]


def law(arguments: list[str], tell: Tell, progress: Tell) -> int:
    """Run `paragraf law` with its arguments; results go to `tell`, signs of life to `progress`."""
    parser = Parser(
        prog="paragraf law",
        description="The acts that citations name: import their texts, check citations, tell of changes.",
    )
    commands = parser.add_subparsers(metavar="command", required=True, dest="command")
    _add_import(commands)
    _add_check(commands)
    _add_change(commands)
    options = parser.parse_args(arguments)
    if options.command == "import":
        tell(_import(options, progress).summary())
    elif options.command == "change":
        _change(options, tell)
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


def _add_change(commands: Any) -> None:
    parser = commands.add_parser(
        "change",
        help="say that a provision changed on a day; rows that rest on it are stale",
        description="Say that a provision changed on a day. Rows and test items that rest on it, on a part of it or on "
        "the whole that it is a part of, and that describe the law before the day, are stale: they are told in a "
        "table and on a page, and later runs set them aside as stale_law. Where a Prefect server is up, the event "
        "paragraf.law.changed lets an automation answer; if it is not taken, give the same command again.",
    )
    parser.add_argument("provision", help="key of the provision, as kc:art=118;par=1, or its name: art. 118 § 1 k.c.")
    parser.add_argument(
        "--on", type=_day, metavar="DATE", required=True, help="first day of the new law, as 2018-07-09"
    )
    parser.add_argument("--withdraw", action="store_true", help="take back what was told by mistake")


def _import(options: argparse.Namespace, progress: Tell) -> Imported:
    since, until = (day.isoformat() if day else "" for day in (options.since, options.until))
    return import_statutes(options.source, options.act, Period(since, until), progress)


def _check(options: argparse.Namespace, tell: Tell) -> None:
    text = _text(options.text)
    for citation in find(text):
        quoted = " ".join(text[slice(*citation.span)].split())
        tell(f"{quoted} [{citation.key}]: {standing(citation.key, options.on)}")


def _change(options: argparse.Namespace, tell: Tell) -> None:
    change = _change_of(options)
    if options.withdraw:
        facts = {"provision": change.provision, "since": change.since}
        if not withdraw_change(change):
            raise MissingInput(f"{changes_path()}: nobody told of {change.provision} on {change.since}.")
        record_event("law_change_withdrawn", facts)
        tell(f"Taken back: {change}.")
        return
    if options.on > date.today():
        raise BadSettings(
            f"--on {change.since}: that day is still to come, and until then rows are right; tell it then."
        )
    if standing(change.provision).is_fabricated:
        tell(f"Warning: by the texts known here {change.provision} never existed; a mistake is undone with --withdraw.")
    is_new = write_change(change)
    rows = stale_rows(change)
    tests = sum(row.part == "test" for row in rows)
    if is_new:
        told = {"provision": change.provision, "since": change.since}
        record_event("law_changed", {**told, "rows": len(rows), "test_rows": tests})
    tell(f"{change.provision} is another law from {change.since} on. Rows that are stale by that: {len(rows)}.")
    for line in table(rows):
        tell(line)
    tell(str(publish_stale(change, rows)))
    _send(change, len(rows), tests, tell)


def _change_of(options: argparse.Namespace) -> Change:
    since = options.on.isoformat()
    told = Change(options.provision.strip(), since)
    if options.withdraw and told in Changes.read().known:  # older releases took any unit
        return told
    return Change(provision_of(options.provision), since)


def _send(change: Change, rows: int, tests: int, tell: Tell) -> None:
    """Let automations hear of it, where there is a server that has any."""
    if "PREFECT_API_URL" not in os.environ and not running_servers():
        tell("No Prefect server is up, so no automation hears of it; with one, give the same command again.")
        return
    with prefect_api():
        from tasks.law_change import emit_law_change

        emit_law_change(change, rows, tests)
    tell(f"Sent {EVENT} of {resource_of(change)}.")


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
