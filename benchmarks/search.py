"""Search: the whole grid of a few training settings against the pruned search of the same grid.

    python benchmarks/search.py --rows 66

Each searches with the real trainer in a workspace of its own, from the same rows, one trial at a time. Printed: the
settings found with their validation loss (nats a token), the rows that were trained, the CPU seconds of the trainings
with all that they open and measure, and the pruned search as a share of the grid.
"""

import argparse
import json
import os
import sys
import tempfile
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.updates import SAMPLE, cleaned, silent, split, write

if TYPE_CHECKING:
    from paragraf.format import Chats
    from paragraf.models import Base
    from paragraf.search.settings import Pruning
    from paragraf.search.space import Space
    from paragraf.search.trials import Done, Leg, Trial

SPACE: "Space" = {"batch_size": [2, 4], "learning_rate": [3e-4, 1e-3, 3e-3], "warmup_share": [0.0, 0.1]}


class Found(NamedTuple):
    """What a search found, and what its trainings took."""

    values: dict[str, float | int | str]
    loss: float
    rows: int
    cpu_seconds: float


class InTurn:
    """Legs one after the other in this process, each in a child as in a sweep."""

    def __init__(self, chats: "Chats", base: "Base") -> None:
        self._chats = chats
        self._base = base
        self._waiting: deque[Leg] = deque()

    def submit(self, trial: "Trial", leg: "Leg") -> None:
        self._waiting.append(leg)

    def next_done(self) -> "Done":
        from paragraf.search.trials import run_leg
        from paragraf.train import train_until

        done = run_leg(self._chats, self._base, self._waiting.popleft(), train_until, silent)
        print(done.summary(), file=sys.stderr, flush=True)
        return done


def main() -> None:
    """Both searches one after the other, and their table; `--json` gives the numbers, too."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, default=SAMPLE)
    parser.add_argument("--rows", type=int, default=66, help="rows of the source, spread evenly over it")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    from paragraf.environment import set_defaults
    from paragraf.models import WHEEL_MODEL, find_base

    set_defaults()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PARAGRAF_HOME"] = str(Path(folder) / "base")
        base = find_base(WHEEL_MODEL)
        base = base.model_copy(update={"path": str(base.folder())})
        path = write(Path(folder), {"rows": spread(asked.source, asked.rows)})[0]
        found = {name: searched(Path(folder) / name, path, base, name) for name in ("none", "halving")}
    tell(found["none"], found["halving"])
    if asked.json:
        print(json.dumps({name: one._asdict() for name, one in found.items()}))


def spread(source: Path, rows: int) -> list[str]:
    """So many lines, evenly over the file: a file is ordered by area."""
    lines = source.read_text("utf-8").splitlines()
    count = min(rows, len(lines))
    return [lines[at * len(lines) // count] for at in range(count)]


def searched(home: Path, path: Path, base: "Base", pruning: "Pruning") -> Found:
    """A search from the raw rows on."""
    from paragraf.format import FormatSettings, format_chats
    from paragraf.jobs import warm_jobs
    from paragraf.models import open_tokenizer
    from paragraf.search import SearchSettings, SweepSettings, search
    from paragraf.train.settings import LoraSettings, MonitorSettings

    os.environ["PARAGRAF_HOME"] = str(home)
    chats = format_chats(dict(split(cleaned(path)).parts()), lambda: open_tokenizer(base), FormatSettings())
    settings = SweepSettings(
        train=LoraSettings(epochs=1, monitor=MonitorSettings(points=1, prompts=0, retention=False)),
        search=SearchSettings(space=SPACE, sampler="grid", pruning=pruning),
    )
    with warm_jobs("paragraf.train.child"):
        result = search(chats, base, settings, InTurn(chats, base), silent)
    best, spent = result.best, result.spent
    return Found(dict(best.values), best.rungs[-1].loss, spent.rows, spent.seconds or 0.0)


def tell(grid: Found, pruned: Found) -> None:
    """The table."""
    print(f"{'search':>8}{'loss':>9}{'rows':>7}{'CPU s':>8}  settings found")
    for name, one in (("grid", grid), ("pruned", pruned)):
        values = ", ".join(f"{setting} {value:g}" for setting, value in one.values.items())
        print(f"{name:>8}{one.loss:>9.4f}{one.rows:>7}{one.cpu_seconds:>8.0f}  {values}")
    worse, rows, cpu = pruned.loss / grid.loss - 1, pruned.rows / grid.rows, pruned.cpu_seconds / grid.cpu_seconds
    print(f"pruned: {worse:+.2%} of validation loss for {rows:.1%} of the rows and {cpu:.0%} of the CPU time")


if __name__ == "__main__":
    main()
