"""Alternatives: what single data stages cost beside the same work done with the libraries that others would take.

    python benchmarks/alternatives.py rows.jsonl

One process, one core, the same rows, one run; each line says how many times the CPU of ours the alternative took, and
what it does not do.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path


def main() -> None:
    """Print a line an alternative."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    source = parser.parse_args().source
    with tempfile.TemporaryDirectory() as name:
        os.environ["PARAGRAF_HOME"] = os.environ["HF_HOME"] = name
        _compare_loading(source, Path(name))
        _compare_near_duplicates(source)


def _compare_loading(source: Path, folder: Path) -> None:
    import datasets
    import pandas

    from paragraf.load import LoadSettings, load
    from paragraf.snapshots import Snapshot

    def ours() -> None:
        Snapshot.write("load", load(LoadSettings(source=str(source))))

    def with_pandas() -> None:
        read = pandas.read_json(source, lines=True)
        read.to_json(folder / "pandas.jsonl", orient="records", lines=True, force_ascii=False)

    def with_datasets() -> None:
        read = datasets.load_dataset("json", data_files=str(source), cache_dir=str(folder), split="train")
        read.to_json(folder / "datasets.jsonl", force_ascii=False)

    datasets.disable_progress_bars()
    spent = _cpu(ours)
    _report("load", "pandas read_json, to_json", _cpu(with_pandas) / spent, "no ids, no places, no strict JSON")
    _report("load", "datasets load_dataset, to_json", _cpu(with_datasets) / spent, "no ids, no places, no strict JSON")


def _compare_near_duplicates(source: Path) -> None:
    from paragraf.similarity import groups

    with source.open("rb") as file:
        rows = [json.loads(line) for line in file]
    texts = [f"{row['question']}\n{row['answer']}" for row in rows]
    groups(texts[:50])  # imports
    spent = _cpu(lambda: groups(texts))
    lacks = "no guard for numbers and provisions, no exact measuring"
    _report("near-duplicates", "rensa RMinHashDeduplicator", _cpu(lambda: _by_rensa(texts)) / spent, lacks)


def _by_rensa(texts: list[str]) -> None:
    """Near-duplicates of the same letter 5-grams, with rensa's own classes alone."""
    from rensa import RMinHash, RMinHashDeduplicator

    from paragraf.text import normal_form

    forms = map(normal_form, texts)
    grams = [list({form[at : at + 5] for at in range(max(1, len(form) - 4))}) for form in forms]
    found = RMinHashDeduplicator(threshold=0.7, num_perm=128, use_lsh=True, num_bands=16)
    for position, sketch in enumerate(RMinHash.from_token_sets(grams, num_perm=128, seed=42)):
        if not found.is_duplicate(str(position), sketch):
            found.add(str(position), sketch)


def _cpu(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _report(stage: str, alternative: str, ratio: float, lacks: str) -> None:
    print(f"{stage}: {alternative} takes {ratio:.2f} of our CPU; {lacks}.", flush=True)


if __name__ == "__main__":
    main()
