"""Promotion: the commands about registered versions: `promote`, `rollback` and `versions`."""

import argparse
import os
from collections.abc import Callable, Sequence

from flows.arguments import Parser
from flows.server import prefect_api, running_servers
from paragraf.errors import BadSettings, MissingInput, Withheld
from paragraf.promote import PromoteSettings, PromotionSettings, named
from paragraf.registry import table
from tasks.candidate import candidate

Tell = Callable[[str], None]
ParseFlags = Callable[[list[str]], PromotionSettings]  # of `--promotion...` and `--config`


def promotion(command: str, arguments: list[str], parse_flags: ParseFlags, tell: Tell) -> int:
    """Run `paragraf promote`, `rollback` or `versions` with its arguments.

    Raises:
        BadSettings: an argument is wrong, or a person is to approve and has no page to do it on.
        MissingInput: there is no such version.
        Withheld: the version may not become champion, or a person declined it.
        Outrun: another version is champion than was expected.
        RolledBack: the version failed its smoke test.
    """
    match command:
        case "promote":
            _promote(arguments, parse_flags, tell)
        case "rollback":
            _rollback(arguments, tell)
        case _:
            _versions(arguments, tell)
    return 0


def _promote(arguments: list[str], parse_flags: ParseFlags, tell: Tell) -> None:
    options, flags = _promote_parser().parse_known_args(arguments)
    settled = parse_flags(flags + [word for pair in _given(options) for word in pair])
    asked = {name: getattr(options, name) for name in ("version", "over", "by", "reason")}
    settings = PromoteSettings(**asked, promotion=settled)
    if settled.approval == "person":
        _check_person(settings)
    candidate(settings)  # what can't be is told at once, before any server is started
    with prefect_api() as wait_for_it:
        from flows.promote import promote as flow

        wait_for_it()
        outcome = flow(settings)
    if outcome.status == "declined":
        raise Withheld(f"version {outcome.version} was declined; champion is {named(outcome.over)}.")
    tell(f"version {outcome.version} is champion{' already' if outcome.status == 'already' else ''}")


def _rollback(arguments: list[str], tell: Tell) -> None:
    parser = Parser(prog="paragraf rollback", description="Put the champion before back in its place, by the log.")
    parser.add_argument(
        "--over", type=_number_or("none"), default="", metavar="VERSION", help="who must be champion now"
    )
    parser.add_argument("--by", default="command line", metavar="NAME", help="who decided; kept in the log")
    parser.add_argument("--reason", default="", metavar="TEXT", help="why; kept in the log")
    options = parser.parse_args(arguments)
    with prefect_api() as wait_for_it:
        from flows.rollback import RollbackSettings
        from flows.rollback import rollback as flow

        wait_for_it()
        entry = flow(RollbackSettings(over=options.over, by=options.by, reason=options.reason))
    tell(f"{named(entry.version)} is champion again, in place of {named(entry.over)}")


def _versions(arguments: list[str], tell: Tell) -> None:
    description = "The registered versions: alias, verdict of the gate, scores, rows, day and run of each."
    Parser(prog="paragraf versions", description=description).parse_args(arguments)
    from tasks.registry import registered

    known = registered()
    if not known:
        raise MissingInput("no version is registered yet; run: paragraf finetune")
    tell(table(known))


def _promote_parser() -> Parser:
    parser = Parser(
        prog="paragraf promote",
        description="Make a version champion: the gate's verdict is checked, a person asked where the settings want "
        "it, the alias moved, and a smoke test done; if that fails, the champion before comes back. A version with "
        "the verdict REJECT can't be promoted.",
        epilog="Exit codes: 78 it may not be promoted, 79 another promotion was first, 80 it failed its smoke test. "
        "--config FILE reads the same settings from a YAML file.",
    )
    told = {name: field.description for name, field in PromoteSettings.model_fields.items()}
    parser.add_argument("version", type=_number_or("challenger"), metavar="VERSION", help=told["version"])
    parser.add_argument("--over", type=_number_or("none"), default="", metavar="CHAMPION_VERSION", help=told["over"])
    parser.add_argument("--by", default="", metavar="NAME", help=told["by"])
    parser.add_argument("--reason", default="", metavar="TEXT", help=told["reason"])
    for name, field in PromotionSettings.model_fields.items():
        flag = f"--promotion.{name.replace('_', '-')}"
        parser.add_argument(flag, dest=f"promotion.{name}", metavar="X", help=f"{field.description} ({field.default})")
    return parser


def _given(options: object) -> Sequence[tuple[str, str]]:
    named = ((name, getattr(options, f"promotion.{name}")) for name in PromotionSettings.model_fields)
    return [(f"--promotion.{name.replace('_', '-')}", value) for name, value in named if value is not None]


def _check_person(settings: PromoteSettings) -> None:
    if settings.by and not settings.reason.strip():
        raise BadSettings("promotion.approval is 'person': who approves with --by also says why: --reason TEXT.")
    if not settings.by and running_servers() is None and "PREFECT_API_URL" not in os.environ:
        raise BadSettings(
            "promotion.approval is 'person', and there are no Prefect pages on which to ask one: start `paragraf up` "
            "first, or approve right here: --by NAME --reason TEXT."
        )


def _number_or(word: str) -> Callable[[str], str]:
    """A kind of argument: the number of a version, a word, or nothing."""

    def number(text: str) -> str:
        if text and text != word and not (text.isascii() and text.isdecimal()):
            raise argparse.ArgumentTypeError(f"{text!r} is no number of a version, nor {word}")
        return text

    return number
