"""Stages: the way of a row from load to format, without Prefect; the cost of each stage is a JSON line on the way out.

PARAGRAF_HOME=workspace python benchmarks/stages.py rows.jsonl base-model-folder --runner processes --workers 2
"""

import argparse
import json
import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from paragraf.runner import Runner


def main() -> None:
    """Run the stages on the source that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source")
    parser.add_argument("base")
    parser.add_argument("--runner", choices=["processes", "ray"], default="processes")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    asked = parser.parse_args()
    run(asked.source, asked.base, asked.runner, asked.workers)


def run(source: str, base_folder: str, runner_name: str, workers: int) -> None:
    """Each stage as the task of its name runs it, with a runner of its own."""
    from paragraf.environment import set_defaults

    set_defaults()
    import paragraf.augment
    import paragraf.clean
    import paragraf.format
    import paragraf.load
    import paragraf.split
    from expectations.gate import weigh
    from paragraf.generator import Silent
    from paragraf.ledger import recall, write_down
    from paragraf.models import find_base, open_tokenizer
    from paragraf.settings import Settings
    from paragraf.snapshots import Snapshot, Splits
    from paragraf.validate import Ages, gather
    from paragraf.validation_page import publish_validation_page

    settings = Settings(load=paragraf.load.LoadSettings(source=source))
    base = find_base(base_folder)
    tokenizer = partial(open_tokenizer, base)
    stage = partial(_stage, runner_name, workers)
    with _told("load"):
        raw = Snapshot.write("load", paragraf.load.load(settings.load))
    with stage("clean") as runner:
        corpus = Snapshot.write("clean", paragraf.clean.clean(raw, settings.clean, runner))
    with stage("split") as runner:
        known = recall(corpus, corpus.digest, settings.split)
        assignment = paragraf.split.assign(corpus, settings.split, known, runner)
        train, valid, test = (
            Snapshot.write(part, assignment.lines(corpus, part)) for part in ("train", "valid", "test")
        )
        write_down(assignment, corpus.digest, settings.split.seed)
        told_of_split = assignment.summary()
        del assignment
    with stage("augment") as runner:
        more = Snapshot.write(
            "augment", paragraf.augment.augment(train, (valid, test), settings.augment, Silent(), runner)
        )
        splits = Splits(train=more, valid=valid, test=test)
    with stage("validate") as runner:
        evidence = gather(Ages(raw, corpus, splits), tokenizer, settings.format.framing(), settings.validation, runner)
        verdict = weigh(evidence, settings.validation)
        publish_validation_page(verdict)
        del evidence
    with stage("format") as runner:
        chats = paragraf.format.format_chats(dict(splits.parts()), tokenizer, settings.format, runner)
    _tell(
        clean=corpus.summary(),
        split=told_of_split,
        validate=verdict.summary(),
        rows=chats.rows,
        splits=splits.content(),
        chats=chats.digest,
    )


@contextmanager
def _stage(runner_name: str, workers: int, name: str) -> Iterator["Runner"]:
    """Open a runner for a stage; its start and end are of the stage's cost."""
    from paragraf.runner import Processes, Ray

    with _told(name), Ray(workers) if runner_name == "ray" else Processes(workers) as runner:
        yield runner


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Tell what a stage took."""
    wall, cpu = time.perf_counter(), _cpu()
    yield
    _tell(stage=name, wall=time.perf_counter() - wall, cpu=_cpu() - cpu)


def _cpu() -> float:
    """Seconds that this process and its ended children worked."""
    both = (resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def _tell(**facts: object) -> None:
    print(json.dumps(facts, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
