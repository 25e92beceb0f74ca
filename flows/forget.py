"""Forget: the `forget` command: rows, and all that was made of them, leave the workspace; a receipt is printed."""

import argparse
import asyncio
from collections.abc import Callable, Sequence

from flows.arguments import Parser
from flows.server import prefect_api, running_servers
from paragraf.errors import BadSettings, Busy, MissingInput
from paragraf.forget import Found, Pending, Plan, Wanted, finish, foresee, pending, prepare
from paragraf.forget.finding import find
from paragraf.forget.sources import places
from paragraf.records import Record
from paragraf.runs import alone
from paragraf.server import only_server
from paragraf.workspace import home

Tell = Callable[[str], None]

_SHOWN = 12  # ids that are named


def forget(arguments: list[str], tell: Tell) -> int:
    """Run `paragraf forget` with its arguments.

    Raises:
        BadSettings: neither a row nor a text, or both.
        Busy: a run or the servers of this workspace are at work.
        MissingInput: there is no workspace, or no snapshot in it holds such a row.
        Damaged: a file still holds something of a row.
    """
    options = _parser().parse_args(arguments)
    left = pending()
    wanted = _wanted(options, is_needed=left is None)
    if not home().is_dir():
        raise MissingInput(f"{home()}: no workspace is here; name it with PARAGRAF_HOME.")
    if running := running_servers():
        raise Busy(f"{running.prefect_url}: the servers of this workspace keep its databases open; end them first.")
    with alone(), only_server():
        if options.dry_run:
            _foresee(wanted, tell)
            return 0
        if left:
            tell(f"Going on with {left.name}, which was interrupted.")
            _finish(left, tell)
        if not left or _is_more(wanted, left):
            _finish(prepare(wanted), tell)
    return _retrained(options, tell)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="paragraf forget",
        description="Take rows and all that was made of them out of the workspace: snapshots, chats, caches, answers, "
        "reports, copies in MLflow and Prefect. What goes is made again, without them, by the next run. Keyed hashes "
        "stay, so that no run brings the rows in again; model versions that learned from them are marked, and the "
        "receipt below receipts/ says what was done. Your own source file is left as it is, and told by line; JSON "
        "Lines in the workspace's inbox lose the rows.",
    )
    parser.add_argument(
        "row", nargs="?", default="", metavar="ROW", help="the id of a row; none: finish what was interrupted"
    )
    parser.add_argument(
        "--matching", default="", metavar="TEXT", help="all rows whose question or answer holds this text"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would go, and change nothing")
    parser.add_argument(
        "--retrain",
        action="store_true",
        help="queue a run of a deployment of finetune, or say the command where there is none",
    )
    return parser


def _wanted(options: argparse.Namespace, is_needed: bool) -> Wanted:
    wanted = Wanted(options.row.strip(), options.matching.strip())
    if not is_needed and not wanted.row and not wanted.matching and not options.dry_run:
        return wanted
    if bool(wanted.row) == bool(wanted.matching):
        raise BadSettings("paragraf forget: give the id of a row, or --matching TEXT; see paragraf forget --help.")
    if wanted.matching and not wanted.is_telling():
        raise BadSettings(f"paragraf forget: {options.matching!r} has no word to look for.")
    return wanted


def _is_more(wanted: Wanted, done: Pending) -> bool:
    """Whether something else is wanted than what was done just now."""
    if not wanted.row and not wanted.matching:
        return False
    return bool(find(wanted).records) or not any(wanted.means(record) for record in done.records())


def _foresee(wanted: Wanted, tell: Tell) -> None:
    found, plan = foresee(wanted)
    for line in (*_told(found), *_counted(plan)):
        tell(line)
    _tell_places(found.records, tell)
    tell("Nothing was changed.")


def _finish(told: Pending, tell: Tell) -> None:
    from tasks.forget import mark

    receipt = finish(told, mark)
    for line in receipt.table():
        tell(line)
    _tell_places(told.records(), tell)


def _told(found: Found) -> list[str]:
    return [
        f"rows     {_listed(found.meant)}{_shared(found)}",
        f"derived  {_listed(found.derived)}",
        f"kin      {_listed(found.kin)} (rows of their own, which stay)",
    ]


def _shared(found: Found) -> str:
    """How many rows are meant, if there are more than ids."""
    return f" ({found.different} different rows: sources share ids)" if found.different > len(found.meant) else ""


def _counted(plan: Plan) -> list[str]:
    told = {"would go": plan.gone, "would be written anew": (*plan.lines, *plan.databases)}
    return [f"{what.ljust(21)}  {name}" for what, names in told.items() for name in names]


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return (", ".join(names[:_SHOWN]) or "none") + more


def _tell_places(records: Sequence[Record], tell: Tell) -> None:
    from tasks.forget import sources

    for place in places(sources(), records):
        tell(f"{place} still holds it and is yours: runs here leave it out, another workspace would bring it in.")


def _retrained(options: argparse.Namespace, tell: Tell) -> int:
    if not options.retrain:
        return 0
    with prefect_api() as wait_for_it:
        from tasks.forget import queue_retraining, retraining_command

        wait_for_it()
        queued = asyncio.run(queue_retraining())
    tell(f"Queued {queued}." if queued else f"No deployment of finetune; to train again: {retraining_command()}")
    return 0
