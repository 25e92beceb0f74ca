"""Updates: a training and updates in a row on yearly slices of an exam file, with and without replay of old rows.

    python benchmarks/updates.py --source exams.jsonl --rows 60 --updates 5 --learning-rate 1e-5

The first year is trained on from the base model, every later one is an update of the version before, with 20 % of its
training rows replayed and with none. Printed: the answer loss (nats a token) on the test rows of all earlier years and
on those of the new one, before and after each update. A file without years (the sample, by default) is cut into slices
by area. The stages are those of `paragraf update`, called without its server, checks, exports and written answers.
"""

import argparse
import json
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

if TYPE_CHECKING:
    from paragraf.answer import Answer
    from paragraf.models import Base, Model
    from paragraf.snapshots import Snapshot, Splits
    from paragraf.train.settings import LoraSettings
    from paragraf.update.scores import AgeScores

SAMPLE = Path(__file__).parents[1] / "paragraf" / "data" / "sample.jsonl"


class Step(NamedTuple):
    """An update: its slice, its training rows, its scores on old and on new tests."""

    name: str
    new: int
    replayed: int
    old: "AgeScores"
    fresh: "AgeScores"


def main() -> None:
    """Both ways one after the other, and their tables; `--json` gives the numbers, too."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, default=SAMPLE)
    parser.add_argument("--rows", type=int, default=60, help="rows of a slice")
    parser.add_argument("--updates", type=int, default=5)
    parser.add_argument("--first-epochs", type=float, default=1.0, help="passes of the first training")
    parser.add_argument("--learning-rate", type=float, default=1e-5, help="of the updates")
    parser.add_argument("--epochs", type=float, default=1.0, help="passes of an update")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    from paragraf.environment import set_defaults

    set_defaults()
    with tempfile.TemporaryDirectory() as folder:
        files = write(Path(folder), slices(asked.source, asked.rows, asked.updates + 1))
        found = {share: way(Path(folder), share, files, asked) for share in (0.2, 0.0)}
    if asked.json:
        print(json.dumps({f"replay {share:g}": list(map(numbers, steps)) for share, steps in found.items()}))


def slices(source: Path, rows: int, count: int) -> dict[str, list[str]]:
    """The first rows of each year, or of each part of the rows by area."""
    lines = source.read_text("utf-8").splitlines()
    by_year: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        by_year[str(json.loads(line).get("year", ""))].append(line)
    if len(by_year) >= count:
        return {year: held[:rows] for year, held in sorted(by_year.items())[:count]}
    by_area = sorted(lines, key=lambda line: str(json.loads(line).get("area", "")))
    each = len(by_area) // count
    return {f"slice-{at + 1}": by_area[at * each : (at + 1) * each][:rows] for at in range(count)}


def write(folder: Path, cut: dict[str, list[str]]) -> list[Path]:
    paths = [folder / f"{name}.jsonl" for name in cut]
    for path, lines in zip(paths, cut.values(), strict=True):
        path.write_text("\n".join(lines) + "\n", "utf-8")
    return paths


def way(folder: Path, share: float, files: Sequence[Path], asked: argparse.Namespace) -> list[Step]:
    """From the base model over all slices, in a workspace of its own; the base is unpacked once."""
    from paragraf.models import WHEEL_MODEL, find_base

    os.environ["PARAGRAF_HOME"] = str(folder / "base")
    base = find_base(WHEEL_MODEL)
    base = base.model_copy(update={"path": str(base.folder())})
    os.environ["PARAGRAF_HOME"] = str(folder / f"replay-{share:g}")
    first(files[0], base, asked)
    tell_head(share)
    steps = []
    for path in files[1:]:
        steps.append(update(path, base, share, asked))
        tell(steps[-1])
    print(f"{'sum':>12}{sum(step.old.rise.value or 0 for step in steps):>50.3f}\n", flush=True)
    return steps


def first(path: Path, base: "Base", asked: argparse.Namespace) -> None:
    """The training that the updates begin with."""
    from paragraf.train.settings import LoraSettings

    corpus = cleaned(path)
    splits = split(corpus)
    register("1", corpus, splits, "", trained(splits, base, LoraSettings(**watched(), epochs=asked.first_epochs)))


def update(path: Path, base: "Base", share: float, asked: argparse.Namespace) -> Step:
    """One update of the newest version."""
    from paragraf.snapshots import Snapshot, Splits
    from paragraf.update.past import past_of
    from paragraf.update.remember import remember
    from paragraf.update.scores import score
    from paragraf.update.settings import UpdateRules, UpdateTraining
    from paragraf.update.sift import sift
    from paragraf.validate import ValidateSettings

    near = ValidateSettings().leak_similarity
    corpus = cleaned(path)
    past = past_of(corpus.digest, "", {})
    assert past is not None  # the first training is in the log  # noqa: S101
    known = (past.rows("train"), past.rows("valid", "test"))
    new = split(Snapshot.write("sift", sift(corpus.read(), *known, near)))
    found = remember(new, past, UpdateRules(replay_share=share), near)
    mixed = Splits(
        train=Snapshot.write("train", chain(new.train.records(), found.replay)),
        valid=new.valid,
        test=Snapshot.write("test", chain(new.test.records(), found.tests)),
    )
    parent = past.begun_with().model
    given = {"learning_rate": asked.learning_rate, "epochs": asked.epochs, "start_from": parent.path}
    model = trained(mixed, base, UpdateTraining(**watched(), **given))
    register(str(len(past.versions) + 1), corpus, mixed, past.parent, model)
    before, after = (answers(mixed.test, base, one) for one in (parent, model))
    old, fresh = score("old", found.tests, before, after), score("new", new.test.read(), before, after)
    return Step(path.stem, new.train.rows, len(found.replay), old, fresh)


def cleaned(path: Path) -> "Snapshot":
    from paragraf.clean import clean
    from paragraf.load import LoadSettings, load
    from paragraf.snapshots import Snapshot
    from paragraf.update.settings import UpdateCleaning

    read = Snapshot.write("load", load(LoadSettings(source=str(path))))
    return Snapshot.write("clean", clean(read, UpdateCleaning()))


def split(rows: "Snapshot") -> "Splits":
    """Parts, which the ledger keeps for the slices that come."""
    from paragraf.ledger import recall, write_down
    from paragraf.snapshots import Snapshot, Splits
    from paragraf.split import SplitSettings, assign

    settings = SplitSettings()
    found = assign(rows, settings, recall(rows, rows.digest, settings))
    write_down(found, rows.digest, settings.seed)
    train, valid, test = (Snapshot.write(part, found.lines(rows, part)) for part in ("train", "valid", "test"))
    return Splits(train=train, valid=valid, test=test)


def trained(splits: "Splits", base: "Base", settings: "LoraSettings") -> "Model":
    from paragraf.format import FormatSettings, format_chats
    from paragraf.models import open_tokenizer
    from paragraf.train import train

    chats = format_chats(dict(splits.parts()), lambda: open_tokenizer(base), FormatSettings())
    return train(chats, base, settings, silent)


def watched() -> dict[str, Any]:
    """The last state is kept, and hardly anything is measured on the way."""
    from paragraf.train.settings import MonitorSettings

    return {"monitor": MonitorSettings(points=1, rows=1, prompts=0, retention=False, keep="last")}


def register(number: str, corpus: "Snapshot", splits: "Splits", parent: str, model: "Model") -> None:
    """Tell the log of models, as a run does."""
    from paragraf.events import record_event
    from paragraf.update.past import Making

    making = Making(corpus=corpus.digest, splits=splits, parent=parent)
    told = {"model": model.model_dump_json(), "making": making.model_dump_json()}
    record_event("model_ready", {"version": number, **told})


def answers(test: "Snapshot", base: "Base", model: "Model") -> "list[Answer]":
    """The losses of all rows; of the answers in full, the beginning of one."""
    from paragraf.answer import AnswerOrder, AnswerSettings, answer
    from paragraf.baselines.asking import Asking

    settings, asking = AnswerSettings(rows=1, max_new_tokens=8), Asking(framing=model.framing)
    return answer(AnswerOrder(base=base, model=model, test=test, asking=asking, settings=settings), silent).read()


def silent(entry: object) -> None:
    """Listens to nothing."""


def tell_head(share: float) -> None:
    columns = ("old tests", "before", "after", "rise", "new tests", "before", "after", "rise")
    print(f"replay {share:.0%}")
    print(f"{'update':>12}{'new':>5}{'replayed':>9}{''.join(f'{name:>10}' for name in columns)}", flush=True)


def tell(step: Step) -> None:
    """A line of the table."""
    ages = "".join(
        f"{one.rows:>10}{''.join(f'{value:>10.3f}' for value in told(one))}" for one in (step.old, step.fresh)
    )
    print(f"{step.name:>12}{step.new:>5}{step.replayed:>9}{ages}", flush=True)


def told(scores: "AgeScores") -> list[float]:
    """Loss before, loss after, mean rise."""
    loss = scores.measure("answer_loss")
    measured = [loss.base.value, loss.tuned.value] if loss else [None, None]
    return [float("nan") if value is None else value for value in (*measured, scores.rise.value)]


def numbers(step: Step) -> dict[str, object]:
    names = ("tests", "before", "after", "rise")
    ages = {"old": step.old, "new": step.fresh}
    scores = {
        f"{age}_{name}": value
        for age, one in ages.items()
        for name, value in zip(names, (one.rows, *told(one)), strict=True)
    }
    return {"slice": step.name, "new": step.new, "replayed": step.replayed, **scores}


if __name__ == "__main__":
    main()
