import os
import signal
from collections.abc import Iterator
from functools import partial

import psutil
import pytest

from paragraf.errors import ChildFailed
from paragraf.records import Record
from paragraf.runner import HERE, Processes, Ray


def squares(numbers: list[int], plus: int = 0) -> list[int]:
    return [number * number + plus for number in numbers]


def worker(_: int) -> int:
    return os.getpid()


def questions(records: tuple[Record, ...]) -> list[tuple[str, int]]:
    return [(record.question, len(record.answer)) for record in records]


def die(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


ITEMS = [[number, number + 1] for number in range(50)]


def test_processes_give_what_one_process_gives_in_order() -> None:
    with Processes(2) as runner:
        found = list(runner.map(partial(squares, plus=1), iter(ITEMS)))
        again = list(runner.map(squares, iter(ITEMS)))
    assert found == list(HERE.map(partial(squares, plus=1), ITEMS))
    assert again == list(HERE.map(squares, ITEMS))


def test_one_item_is_worked_on_in_this_process_and_starts_no_other() -> None:
    with Processes(2) as runner:
        assert list(runner.map(worker, [1])) == [os.getpid()]
        assert list(runner.map(worker, [])) == []


def test_workers_end_with_the_block() -> None:
    with Processes(2) as runner:
        workers = set(runner.map(worker, range(20)))
        assert os.getpid() not in workers
    assert not any(psutil.pid_exists(pid) for pid in workers)


def test_items_are_drawn_as_they_are_needed() -> None:
    drawn = []

    def items() -> Iterator[int]:
        for number in range(1000):
            drawn.append(number)
            yield number

    with Processes(2) as runner:
        results = runner.map(worker, items())
        next(results)
        assert len(drawn) < 20


def test_a_worker_that_is_killed_is_told_in_one_line() -> None:
    with Processes(2) as runner, pytest.raises(ChildFailed, match="killed, most likely for memory"):
        list(runner.map(die, range(10)))


@pytest.mark.slow
def test_ray_gives_what_one_process_gives_in_order() -> None:
    pytest.importorskip("ray")
    rows = [tuple(Record(f"{n}-{m}", "Czy można?", "Tak." * m) for m in range(3)) for n in range(5)]
    with Ray(2) as runner:
        assert list(runner.map(partial(squares, plus=1), iter(ITEMS))) == list(map(partial(squares, plus=1), ITEMS))
        assert list(runner.map(questions, rows)) == list(map(questions, rows))
