"""Updates: a training and updates in a row on yearly slices of an exam file, with and without replay of old rows.

    python benchmarks/updates.py --source exams.jsonl --rows 60 --updates 5 --learning-rate 1e-5

The first year is trained on from the base model, every later one is an update of the version before, with 20 % of its
training rows replayed and with none. Printed: the answer loss (nats a token) on the test rows of all earlier years and
of the new one, before and after each update, and its mean rise a row. A file without years (the sample, by default) is
cut into slices by area. Each row of the table is a run of `paragraf update`, in a workspace of its own for each way.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "paragraf" / "data" / "sample.jsonl"
QUICK = [
    *("--validation.min-raw-rows", "1", "--validation.min-train-rows", "3", "--validation.personal-data", "warning"),
    *("--train.monitor.points", "1", "--train.monitor.rows", "4", "--train.monitor.prompts", "0"),
    *("--train.monitor.max-new-tokens", "8", "--no-train.monitor.retention", "--train.monitor.keep", "last"),
    *("--no-export.gguf", "--export.rows", "1", "--export.answer-tokens", "4", "--safety.rows", "0"),
    *("--answer.rows", "2", "--answer.max-new-tokens", "8", "--baselines.rows", "0"),
]
_SCORES = re.compile(
    r"(Old|New) test rows: (\d+), answer loss ([\d.]+) -> ([\d.]+), ([+-][\d.]+) nats a token", re.IGNORECASE
)
_MIX = re.compile(r"Trained on: (\d+) new rows and (\d+) replayed")


class Step(NamedTuple):
    """An update: its slice, its training rows, and (test rows, loss before, loss after, mean rise) of each age."""

    name: str
    new: int
    replayed: int
    old_test: tuple[int, float, float, float]
    new_test: tuple[int, float, float, float]


def main() -> None:
    """Both ways one after the other, then the table; `--json` gives the numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, default=SAMPLE)
    parser.add_argument("--rows", type=int, default=60, help="rows of a slice")
    parser.add_argument("--updates", type=int, default=5)
    parser.add_argument("--first-epochs", type=float, default=1.0, help="passes of the first training")
    parser.add_argument("--learning-rate", type=float, default=1e-5, help="of the updates")
    parser.add_argument("--epochs", type=float, default=1.0, help="passes of an update")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = {share: updates(Path(folder), share, asked) for share in (0.2, 0.0)}
    if asked.json:
        print(json.dumps({f"replay {share:g}": [step._asdict() for step in steps] for share, steps in found.items()}))
        return
    for share, steps in found.items():
        tell(share, steps)


def updates(folder: Path, share: float, asked: argparse.Namespace) -> list[Step]:
    """One way from the base model on."""
    home = folder / f"replay-{share:g}"
    if (unpacked := folder / "base").is_dir():
        shutil.copytree(unpacked, home / "models" / "base")
    first, *later = slices(asked.source, asked.rows, asked.updates + 1)
    start = ["--clean.min-rows", "1", "--train.epochs", f"{asked.first_epochs}"]
    paragraf(home, "finetune", write(folder, *first), start)
    if not unpacked.is_dir():
        shutil.copytree(home / "models" / "base", unpacked)
    going_on = ["--update.replay-share", f"{share}", "--update.min-rows", "3"]
    going_on += ["--train.learning-rate", f"{asked.learning_rate}", "--train.epochs", f"{asked.epochs}"]
    steps = []
    for name, lines in later:
        steps.append(step(name, paragraf(home, "update", write(folder, name, lines), going_on)))
        print(f"replay {share:g}: {steps[-1]}", file=sys.stderr)
    return steps


def slices(source: Path, rows: int, count: int) -> list[tuple[str, list[str]]]:
    """The first rows of each year, or of each so many rows by area."""
    lines = source.read_text("utf-8").splitlines()
    by_year: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        by_year[str(json.loads(line).get("year", ""))].append(line)
    if len(by_year) >= count:
        return [(year, held[:rows]) for year, held in sorted(by_year.items())[:count]]
    by_area = sorted(lines, key=lambda line: str(json.loads(line).get("area", "")))
    each = len(by_area) // count
    return [(f"slice {at + 1}", by_area[at * each : (at + 1) * each][:rows]) for at in range(count)]


def write(folder: Path, name: str, lines: Sequence[str]) -> Path:
    path = folder / f"{name.replace(' ', '-')}.jsonl"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def paragraf(home: Path, command: str, source: Path, flags: Sequence[str]) -> str:
    """What a run prints; its end is told on stderr when it fails."""
    environment = os.environ | {"PARAGRAF_HOME": str(home), "PYTHONPATH": str(ROOT)}
    called = [sys.executable, "-c", "from flows.command_line import main; main()", command]
    words = [*called, "--load.source", str(source), *QUICK, *flags]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{command} {source.name}: {(done.stdout + done.stderr)[-2000:]}")
    return " ".join((done.stdout + done.stderr).split())


def step(name: str, said: str) -> Step:
    """The numbers of an update, from its log."""
    ages = {
        age.lower(): (int(n), float(was), float(now), float(rise)) for age, n, was, now, rise in _SCORES.findall(said)
    }
    mix = _MIX.search(said)
    if mix is None or ages.keys() != {"old", "new"}:
        sys.exit(f"update {name}: told no scores: {said[-1500:]}")
    return Step(name, int(mix[1]), int(mix[2]), ages["old"], ages["new"])


def tell(share: float, steps: Sequence[Step]) -> None:
    """The table of one way."""
    columns = (
        "update",
        "new",
        "replayed",
        "old tests",
        "before",
        "after",
        "rise",
        "new tests",
        "before",
        "after",
        "rise",
    )
    print(f"replay {share:.0%}")
    print("".join(f"{name:>10}" for name in columns))
    for one in steps:
        ages = [f"{value:>10}" if at == 0 else f"{value:>10.3f}" for age in one[3:] for at, value in enumerate(age)]
        print(f"{one.name:>10}{one.new:>10}{one.replayed:>10}{''.join(ages)}")
    print(f"{'sum':>10}{'':>50}{sum(one.old_test[3] for one in steps):>10.3f}\n")


if __name__ == "__main__":
    main()
