"""Evaluation: how many answers a second the legal rules judge on one core, and what ROUGE costs beside them.

    python benchmarks/evaluation.py --answers 5000 --words 80

Answers are made of the sample, and by default as long as its own: what a row says, what other rows of its area say,
some numbers and provisions changed. Seconds are of the processor. The first pass meets every word for the first time,
later ones do not. The rate with ROUGE needs `pip install rouge-score`, with the library's tokenizer for all letters.
"""

import argparse
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from paragraf.evaluation.items import Judged
from paragraf.evaluation.outcome import judge
from paragraf.evaluation.summary import summarised
from paragraf.language import is_polish
from paragraf.law import find
from paragraf.load import SAMPLE
from paragraf.records import Record

_BASIS = "Podstawa prawna"
_PASSES = 3
_NUMBER = re.compile(r"(?<![\w.,/])\d+(?![\w/])")
_CHANGED = 0.2  # of the numbers

Pair = tuple[Record, str]


def main() -> None:
    """Print a line a figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", type=int, default=5000)
    parser.add_argument("--words", type=int, default=80)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["PARAGRAF_HOME"] = home
        pairs = made(asked.answers, asked.words, seed=1)
        words = sum(len(answer.split()) for _, answer in pairs) / len(pairs)
        print(f"{len(pairs)} answers of {words:.0f} words, {sum(len(a) for _, a in pairs) / len(pairs):.0f} characters")
        judged: list[Judged] = []
        print(f"judge, first pass: {rate(pairs, lambda pair: judged.append(judge(*pair))):.0f} answers/s")
        best = max(rate(pairs, lambda pair: judge(*pair)) for _ in range(_PASSES))
        print(f"judge, later passes: {best:.0f} answers/s")
        for name, part in (
            ("citations alone", lambda pair: find(pair[1])),
            ("language alone", lambda p: is_polish(p[1])),
        ):
            print(f"  {name}: {rate(pairs, part):.0f} answers/s")
        started = time.process_time()
        summarised(judged)
        print(f"summary of all measures with intervals: {time.process_time() - started:.1f} s")
        _compare_with_rouge(pairs, best)


def made(count: int, words: int, seed: int) -> list[Pair]:
    """Records with answers that are right in part: the same for the same seed."""
    draw = Random(seed)
    records = [Record.from_json(line) for line in SAMPLE.read_bytes().splitlines()]
    by_area: dict[str, list[Record]] = {}
    for record in records:
        by_area.setdefault(record.area, []).append(record)
    return [
        (record, _answer(record, by_area[record.area], words, draw))
        for record in (draw.choice(records) for _ in range(count))
    ]


def _answer(record: Record, others: Sequence[Record], words: int, draw: Random) -> str:
    bodies = [record.answer.partition(_BASIS)[0]]
    while len(" ".join(bodies).split()) < words:
        bodies.append(draw.choice(others).answer.partition(_BASIS)[0])
    source = record if draw.random() < 0.5 else draw.choice(others)
    basis = source.answer.partition(_BASIS)[2]
    said = " ".join(" ".join(bodies).split()[: words - len(basis.split())])
    changed = _NUMBER.sub(lambda found: str(draw.randint(2, 60)) if draw.random() < _CHANGED else found[0], said)
    return f"{changed.rstrip(',;:')}. {_BASIS}{basis}" if basis else f"{changed}."


def rate(pairs: Sequence[Pair], work: Callable[[Pair], object]) -> float:
    """Pairs a second of the processor."""
    started = time.process_time()
    for pair in pairs:
        work(pair)
    return len(pairs) / (time.process_time() - started)


def _compare_with_rouge(pairs: Sequence[Pair], ours: float) -> None:
    try:
        from rouge_score.rouge_scorer import RougeScorer
        from rouge_score.tokenizers import Tokenizer
    except ImportError:
        print("ROUGE-L: not compared; install rouge-score")
        return

    class Letters(Tokenizer):  # type: ignore[misc]  # the default one keeps [a-z0-9] alone
        def tokenize(self, text: str) -> list[str]:
            return re.findall(r"\w+", text.lower())

    scorer = RougeScorer(["rougeL"], tokenizer=Letters())
    theirs = rate(pairs[:500], lambda pair: scorer.score(pair[0].answer, pair[1]))
    print(f"ROUGE-L (rouge-score): {theirs:.0f} answers/s; all legal measures take {theirs / ours:.2f} of its time")


if __name__ == "__main__":
    main()
