import logging
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from paragraf.publish import MANIFEST, publish
from paragraf.train.checkpoints import KEPT, folder_of, go_back, newest_whole, rotate


def save(checkpoints: Path, step: int) -> Path:
    with publish(folder_of(checkpoints, step)) as stage:
        inner = stage / f"checkpoint-{step}"
        inner.mkdir()
        (inner / "adapter_model.safetensors").write_bytes(bytes(1000))
        (inner / "optimizer.pt").write_bytes(bytes(500))
        (inner / "trainer_state.json").write_text(f'{{"global_step": {step}}}')
    return folder_of(checkpoints, step)


def steps(checkpoints: Path) -> list[str]:
    return sorted(path.name for path in checkpoints.iterdir())


def weights_of(folder: Path) -> Path:
    return next(folder.glob("checkpoint-*")) / "adapter_model.safetensors"


def flip_a_bit(folder: Path) -> None:
    content = bytearray(weights_of(folder).read_bytes())
    content[700] ^= 4
    weights_of(folder).write_bytes(content)


def truncate(folder: Path) -> None:
    os.truncate(weights_of(folder), 512)


def remove_a_file(folder: Path) -> None:
    weights_of(folder).with_name("optimizer.pt").unlink()


def swap_two_files(folder: Path) -> None:
    weights = weights_of(folder)
    other = weights.with_name("optimizer.pt")
    first, second = weights.read_bytes(), other.read_bytes()
    weights.write_bytes(second)
    other.write_bytes(first)


def remove_the_manifest(folder: Path) -> None:
    (folder / MANIFEST).unlink()


def fill_with_zeros(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            path.write_bytes(bytes(path.stat().st_size))


def empty_the_folder(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def empty_manifest_and_folder(folder: Path) -> None:
    empty_the_folder(folder)
    (folder / MANIFEST).write_text('{"files": {}}')


MUTATORS: list[Callable[[Path], None]] = [
    flip_a_bit,
    truncate,
    remove_a_file,
    swap_two_files,
    remove_the_manifest,
    fill_with_zeros,
    empty_the_folder,
]


def test_there_is_nothing_to_resume_before_the_first_checkpoint(tmp_path: Path) -> None:
    assert newest_whole(tmp_path / "checkpoints") is None
    rotate(tmp_path / "checkpoints")


def test_the_newest_is_the_highest_step_whatever_the_file_times_say(tmp_path: Path) -> None:
    for step in (100, 20, 9):
        save(tmp_path, step)
    tomorrow = time.time() + 86400
    os.utime(folder_of(tmp_path, 9), (tomorrow, tomorrow))
    os.utime(folder_of(tmp_path, 100), (0, 0))
    assert newest_whole(tmp_path) == folder_of(tmp_path, 100) / "checkpoint-100"


@pytest.mark.parametrize(
    "damage",
    [
        *MUTATORS,
        empty_manifest_and_folder,
    ],
)
def test_a_damaged_checkpoint_is_named_and_passed_over(
    damage: Callable[[Path], None], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    save(tmp_path, 20)
    damage(save(tmp_path, 40))
    with caplog.at_level(logging.WARNING):
        assert newest_whole(tmp_path) == folder_of(tmp_path, 20) / "checkpoint-20"
    assert caplog.messages == [f"{folder_of(tmp_path, 40)} does not match its manifest and is removed."]


def test_training_starts_anew_when_every_checkpoint_is_damaged(tmp_path: Path) -> None:
    for step in (20, 40):
        flip_a_bit(save(tmp_path, step))
    assert newest_whole(tmp_path) is None


def test_a_checkpoint_that_was_never_finished_is_not_seen(tmp_path: Path) -> None:
    save(tmp_path, 20)
    (tmp_path / ".stage-step-00000040-p1t1-00112233" / "checkpoint-40").mkdir(parents=True)
    assert newest_whole(tmp_path) == folder_of(tmp_path, 20) / "checkpoint-20"


def test_a_damaged_checkpoint_is_replaced_when_its_step_is_reached_again(tmp_path: Path) -> None:
    flip_a_bit(save(tmp_path, 20))
    save(tmp_path, 20)
    assert newest_whole(tmp_path) == folder_of(tmp_path, 20) / "checkpoint-20"


def test_rotation_keeps_the_newest_two_by_step(tmp_path: Path) -> None:
    assert KEPT == 2
    for step in (100, 20, 9, 1000):
        save(tmp_path, step)
    future = time.time() + 10 * 365 * 86400
    for step in (9, 20):
        os.utime(folder_of(tmp_path, step), (future, future))
    rotate(tmp_path)
    assert steps(tmp_path) == ["step-00000100", "step-00001000"]
    rotate(tmp_path)
    assert steps(tmp_path) == ["step-00000100", "step-00001000"]


def test_rotation_leaves_other_files_alone(tmp_path: Path) -> None:
    for step in (1, 2, 3):
        save(tmp_path, step)
    (tmp_path / "notes.txt").write_text("x")
    rotate(tmp_path)
    assert steps(tmp_path) == ["notes.txt", "step-00000002", "step-00000003"]


def test_rotation_keeps_the_new_checkpoint_when_training_starts_anew_behind_damaged_ones(tmp_path: Path) -> None:
    for step in (40, 60):
        flip_a_bit(save(tmp_path, step))
    assert newest_whole(tmp_path) is None
    save(tmp_path, 20)
    rotate(tmp_path)
    assert newest_whole(tmp_path) == folder_of(tmp_path, 20) / "checkpoint-20"


def test_a_run_that_goes_back_resumes_before_the_step_and_keeps_nothing_after_it(tmp_path: Path) -> None:
    for step in (4, 9, 10, 100):
        save(tmp_path, step)
    assert newest_whole(tmp_path, until=9) == folder_of(tmp_path, 9) / "checkpoint-9"
    go_back(tmp_path, 9)
    assert steps(tmp_path) == ["step-00000004", "step-00000009"]
    assert newest_whole(tmp_path, until=3) is None
