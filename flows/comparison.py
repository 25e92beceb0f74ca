"""Comparison: the `compare` command: prepares a blind test, serves it to raters, says how it stands, and ends it."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flows.arguments import Parser, between
from paragraf.compare import compare
from paragraf.compare.links import issue_link, read_links
from paragraf.compare.sealing import BlindTest, find_test
from paragraf.compare.settings import CompareSettings
from paragraf.compare.sides import is_answers_file, read_side
from paragraf.errors import BadSettings
from paragraf.events import record_event
from paragraf.workspace import at_rest

PARTS = ("serve", "status", "link", "unseal")
USAGE = """\
usage: paragraf compare A B [--compare.raters anna,jan] [settings]   prepare a sealed blind test
       paragraf compare serve [TEST] [--port PORT]                   show it to the raters until Ctrl-C
       paragraf compare status [TEST]                                how far the raters are, and whether it may stop
       paragraf compare link RATER [--test TEST]                     a new personal link in place of a lost one
       paragraf compare unseal [TEST] [--early]                      end it: names, result, report

A and B are each: newest; champion; challenger; version:3; a fine-tuned model's folder or run; the name of a base
model; or a .jsonl file with id, question and answer in every row. Models answer the test questions of a pipeline run
with the settings below (--answer.rows says how many). TEST is the newest one unless named.
"""

Tell = Callable[[str], None]


def flags_of_sides(arguments: list[str]) -> list[str]:
    """A and B, the first two words, as settings.

    Raises:
        BadSettings: one of them is missing.
    """
    sides = arguments[:2]
    if not sides or sides[0].startswith("-"):
        return arguments
    if {"-h", "--help"} & set(sides):
        return ["--help"]
    if len(sides) < 2 or sides[1].startswith("-"):
        raise BadSettings(
            f"paragraf compare: against what is {sides[0]!r} compared? Name two sides as in `paragraf compare newest "
            f"smollm2-135m-instruct`, or one of {', '.join(PARTS)}."
        )
    return ["--compare.first", sides[0], "--compare.second", sides[1], *arguments[2:]]


def prepare(settings: CompareSettings, run_flow: Callable[[], Path], tell: Tell) -> None:
    """Seal a test, by the flow if a model has to answer first, and hand out the links."""
    blind = settings.compare
    if is_answers_file(blind.first) and is_answers_file(blind.second):
        test = compare(read_side(Path(blind.first)), read_side(Path(blind.second)), blind)
    else:
        test = find_test(run_flow().parent.name)
    links = {rater: issue_link(test, rater) for rater in blind.raters}
    questions = len(test.sheets()[blind.raters[0]].items)
    tell(f"Blind test {test.name}: {questions} questions, {len(links)} raters. Its seal (SHA-256) is {test.digest}.")
    for rater, link in links.items():
        tell(f"{rater}  {link}")
    tell("Send each rater their own link; it is shown only here. Next: paragraf compare serve")


def comparison(arguments: list[str], tell: Tell) -> int:
    """Run one of the parts with its arguments."""
    parser = Parser(prog="paragraf compare", description="A blind test that is prepared.", add_help=False)
    commands = parser.add_subparsers(metavar="command", required=True, dest="command")
    _add_parts(commands)
    options = parser.parse_args(arguments)
    test = find_test(options.test)
    {"serve": _serve, "status": _status, "link": _link, "unseal": _unseal}[options.command](test, options, tell)
    return 0


def _add_parts(commands: Any) -> None:
    texts = {
        "serve": "Show a prepared blind test to its raters, on 127.0.0.1, until Ctrl-C.",
        "status": "Say how far the raters are and whether the test may stop; nothing of who leads.",
        "link": "Make a new personal link for a rater; the old one ends, the votes stay.",
        "unseal": "End the voting for good, verify everything, put names to the answers and report.",
    }
    parsers = {name: commands.add_parser(name, help=text, description=text) for name, text in texts.items()}
    parsers["link"].add_argument("rater", help="the rater's name, as the test has it")
    parsers["link"].add_argument("--test", default="newest", help="name of the test (default: newest)")
    for name in ("serve", "status", "unseal"):
        parsers[name].add_argument("test", nargs="?", default="newest", help="name of the test (default: newest)")
    parsers["serve"].add_argument(
        "--port", type=between(1, 65535), help="port to listen on (default: that of the links)"
    )
    parsers["unseal"].add_argument(
        "--early", action="store_true", help="end the test although votes are missing and no difference is established"
    )


def _serve(test: BlindTest, options: argparse.Namespace, tell: Tell) -> None:
    from flows.server import free_port
    from paragraf.compare.server import serve

    address = read_links(test).address
    port = free_port(options.port or urlsplit(address).port or 8765)
    tell(f"Blind test {test.name} on 127.0.0.1:{port}; raters open their links ({address}/r/...). Ctrl-C ends it.")
    serve(test, port)


def _status(test: BlindTest, options: argparse.Namespace, tell: Tell) -> None:
    from paragraf.compare.unsealing import progress

    now = progress(test)
    tell(f"Blind test {now.test}, seal {now.commitment}: {now.questions} questions, {now.complete} judged by all.")
    for rater, votes in now.votes.items():
        tell(f"{rater}  {votes} of {now.questions}")
    tell(now.summary())


def _link(test: BlindTest, options: argparse.Namespace, tell: Tell) -> None:
    tell(issue_link(test, options.rater))


def _unseal(test: BlindTest, options: argparse.Namespace, tell: Tell) -> None:
    from paragraf.compare.finished import PUBLISHED
    from paragraf.compare.page import publish_comparison
    from paragraf.compare.unsealing import unseal
    from tasks.track_comparison import track_comparison

    result = unseal(test, options.early, datetime.now(UTC))
    page = publish_comparison(result)
    track_comparison(result, page)
    record_event(PUBLISHED, {"test": result.test, "path": page.path})
    tell(result.summary())
    tell(str(at_rest(page.path) / "comparison.html"))
