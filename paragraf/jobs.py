"""Jobs: heavy work as a child process with its order, its journal and its log in one folder."""

import json
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

import psutil
from pydantic import BaseModel

from paragraf import errors
from paragraf.errors import ChildFailed, ParagrafError
from paragraf.growing import Growing
from paragraf.processes import Child, await_child, cores, start_child
from paragraf.publish import disk_errors, publish_file
from paragraf.warm import is_warm, start_warm, warmed

ORDER = "order.json"
JOURNAL = "journal.jsonl"
LOG = "child.log"
_IDLE = 0.2  # share of all cores; a Prefect server and this process take less
# Memory that was freed is kept, in large pages: a step asks for the same again, and pages that are given back and
# asked for anew cost a quarter of the time of a step.
_MEMORY_MANNERS = {
    "GLIBC_TUNABLES": os.environ.get("GLIBC_TUNABLES")
    or "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=8589934592:glibc.malloc.trim_threshold=17179869184"
    ":glibc.malloc.top_pad=268435456"
}
# What a job that opens a model imports: as much time as it takes to answer a few questions.
_HEAVY = ("peft", "transformers.modeling_utils", "transformers.generation")
_MARK = "paragraf error "
_REPORT = re.compile(_MARK + r"""(\w+) ("(?:[^"\\]|\\.)*")""")

Entry = Mapping[str, float | int | str | None]
Order = TypeVar("Order", bound=BaseModel)


def run_job(
    module: str, order: BaseModel, work: Path, on_entry: Callable[[Entry], None], launched: Sequence[str] = ()
) -> None:
    """Run `python -m module work` to its end and hand on each entry that it writes to its journal.

    `launched` are Python's arguments that go before: a program which starts the module.

    Raises:
        ParagrafError: the error that the child reported, as if it had been raised here.
        ChildFailed: the child was killed or crashed.
    """
    publish_file(work / ORDER, order.model_dump_json(indent=1).encode())
    journal = Growing(work / JOURNAL)

    def follow() -> None:
        for line in journal.added():
            on_entry(json.loads(line))

    log = work / LOG
    before = log.stat().st_size if log.exists() else 0
    try:
        await_child(_started(module, work, launched), log, before, follow)
    except ChildFailed as failure:
        raise _reported(log, before) or failure from None


def warm_jobs(*modules: str) -> AbstractContextManager[None]:
    """As long as the block lasts, jobs of these modules start with what they import already there."""
    return warmed(modules, _thread_manners() | _MEMORY_MANNERS, _HEAVY)


def child_main(kind: type[Order], work_on: Callable[[Order, Path], None]) -> None:
    """The child's side: read the order, do the work, report a known error as one line and its exit code."""
    work = Path(sys.argv[1])
    try:
        work_on(kind.model_validate_json((work / ORDER).read_bytes()), work)
    except ParagrafError as error:
        sys.stderr.write(f"{_MARK}{type(error).__name__} {json.dumps(str(error))}\n")
        sys.exit(error.exit_code)


def threads() -> int:
    """Threads for a computation: as many as OMP_NUM_THREADS says, else one for each core of this process."""
    said = os.environ.get("OMP_NUM_THREADS", "")
    return int(said) if said.isdecimal() and int(said) else cores()


def write_entry(work: Path, entry: Entry) -> None:
    """Append one line to the journal; who follows it sees it at once.

    Raises:
        NoSpace, NoPermission: the disk does not take it.
    """
    journal = work / JOURNAL
    with disk_errors(journal), journal.open("a", encoding="utf-8") as file:
        file.write(json.dumps(dict(entry), ensure_ascii=False) + "\n")


def _started(module: str, work: Path, launched: Sequence[str]) -> Child:
    if is_warm(module) and not launched:
        return start_warm(module, str(work), work / LOG)
    command = [sys.executable, *launched, "-m", module, str(work)]
    return start_child(command, work / LOG, environment=_thread_manners() | _MEMORY_MANNERS)


def _thread_manners() -> dict[str, str]:
    """How the threads of a computation wait for each other.

    Spinning is a third faster on an idle machine, and 5 to 10 times slower on one whose cores others use.
    """
    others = psutil.cpu_percent(interval=1.0) / 100
    spin = {"GOMP_SPINCOUNT": "20000"} if others < _IDLE else {"OMP_WAIT_POLICY": "PASSIVE"}
    return {name: value for name, value in spin.items() if name not in os.environ}


def _reported(log: Path, before: int) -> ParagrafError | None:
    """The error that the child wrote after the first `before` bytes of the log; None for none or half of one."""
    said = log.read_bytes()[before:].decode("utf-8", "replace")
    for line in reversed(said.splitlines()):
        match = _REPORT.fullmatch(line)
        kind = getattr(errors, match[1], None) if match else None
        if match and kind:
            error: ParagrafError = kind(json.loads(match[2]))
            return error
    return None
