"""Generation: the answers of an evaluation in our batches, and one by one as `model.generate` is called elsewhere.

    python benchmarks/generation.py --questions 100 --one-by-one 5 --threads 2

Printed: wall and CPU seconds of an answer, new tokens a CPU second, and how many answers the two ways give alike. Few
are asked one by one, since each takes as long as many in a batch. With `--model newest` the fine-tuned model of the
workspace answers, which ends by itself; the built-in model goes on to the limit.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))


class Measured(NamedTuple):
    """What answering took, and the answers by row."""

    wall: float
    cpu: float
    tokens: int
    said: dict[str, str]


def main() -> None:
    """Run what the command line asks for and print a table; `--json` gives the numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--one-by-one", type=int, default=5, help="questions that are asked one by one, too")
    parser.add_argument("--batch-size", type=int, default=20)
    parser.add_argument("--max-new-tokens", type=int, default=256)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--model", choices=["base", "newest"], default="base")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("PARAGRAF_HOME", folder)
        tell(measure(asked), asked)


def measure(asked: argparse.Namespace) -> dict[str, Measured]:
    """The same questions in both ways, the short ones first."""
    from paragraf.environment import set_defaults

    set_defaults()
    import torch

    torch.set_num_threads(asked.threads)
    from paragraf.answer import asked as chosen
    from paragraf.answering import batches
    from paragraf.chat import encode_prompt, question_messages
    from paragraf.load import LoadSettings, load
    from paragraf.records import Kept

    model, tokenizer, framing = opened(asked.model)
    records = chosen(Kept.of(load(LoadSettings())).records, asked.questions)
    prompts = {
        record.id: encode_prompt(tokenizer, question_messages(record.question, record.legal_state, framing))
        for record in records
    }
    groups = {
        "in batches": list(batches(prompts, asked.batch_size, asked.max_new_tokens)),
        "one by one": [[record.id] for record in records[: asked.one_by_one]],
    }
    most = asked.max_new_tokens
    return {name: answered(model, tokenizer, prompts, some, most) for name, some in groups.items() if some}


def opened(name: str) -> tuple[Any, Any, Any]:
    """Model, tokenizer and framing."""
    from paragraf.ask import newest_model
    from paragraf.chat import PLAIN
    from paragraf.models import WHEEL_MODEL, find_base, open_base, open_model, open_tokenizer

    if name == "newest":
        tuned = newest_model()
        return open_model(tuned), open_tokenizer(tuned.base), tuned.framing
    base = find_base(WHEEL_MODEL)
    return open_base(base).eval(), open_tokenizer(base), PLAIN


def answered(
    model: Any, tokenizer: Any, prompts: Mapping[str, Sequence[int]], groups: Sequence[Sequence[str]], most: int
) -> Measured:
    """Ask group after group."""
    from paragraf.decoding import generate

    wall, cpu = time.perf_counter(), time.process_time()
    said: dict[str, Any] = {}
    for group in groups:
        said |= dict(zip(group, generate(model, tokenizer, [prompts[name] for name in group], most), strict=True))
    return Measured(
        time.perf_counter() - wall,
        time.process_time() - cpu,
        sum(one.written for one in said.values()),
        {name: one.text for name, one in said.items()},
    )


def tell(found: Mapping[str, Measured], asked: argparse.Namespace) -> None:
    """The table."""
    batched = found["in batches"]
    rows = [
        {
            "way": name,
            "answers": len(one.said),
            "seconds": round(one.wall, 1),
            "cpu_seconds": round(one.cpu, 1),
            "seconds_an_answer": round(one.wall / len(one.said), 2),
            "tokens_an_answer": round(one.tokens / len(one.said)),
            "tokens_per_cpu_second": round(one.tokens / one.cpu),
            "as_in_batches": sum(text == batched.said[row] for row, text in one.said.items()),
        }
        for name, one in found.items()
    ]
    if asked.json:
        print(json.dumps({"threads": asked.threads, "model": asked.model, "ways": rows}))
        return
    print("".join(f"{name:>23}" for name in rows[0]))
    for row in rows:
        print("".join(f"{value!s:>23}" for value in row.values()))


if __name__ == "__main__":
    main()
