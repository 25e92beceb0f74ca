"""Safety rules: how many answers a second all rules together judge on one core, beside the scanner of citations.

python benchmarks/safety_rules.py

Each round reads the answers of the sample anew; the best of several rounds is told, in processor time.
"""

import json
import time
from collections.abc import Callable, Sequence
from importlib.resources import files

from paragraf.evaluation import safety_rules
from paragraf.law import find

_ROUNDS = 7
_PERSONAL_DATA = ["Hiacynta Fikcyjewska", "99139912345"]


def main() -> None:
    """Measure and print one JSON line."""
    rows = files("paragraf").joinpath("data/sample.jsonl").read_text("utf-8").splitlines()
    answers = [json.loads(row)["answer"] for row in rows]
    told = {"answers": len(answers), "rules": _speed(_judge, answers), "citations": _speed(find, answers)}
    print(json.dumps(told))


def _judge(answer: str) -> None:
    for rule in (
        safety_rules.advises,
        safety_rules.refers,
        safety_rules.refuses,
        safety_rules.discloses,
        safety_rules.drifts,
        safety_rules.says_time_runs,
    ):
        rule(answer)
    safety_rules.states_deadline(answer, "14 dni")
    safety_rules.echoes(answer, _PERSONAL_DATA)


def _speed(work: Callable[[str], object], answers: Sequence[str]) -> int:
    """Answers a second in the best round; nothing is remembered from round to round but words."""
    seconds = []
    for round_number in range(_ROUNDS):
        fresh = [answer + " " * round_number for answer in answers]
        begun = time.process_time()
        for answer in fresh:
            work(answer)
        seconds.append(time.process_time() - begun)
    return round(len(answers) / min(seconds))


if __name__ == "__main__":
    main()
