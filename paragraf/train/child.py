"""The training child: reads its order, trains or goes on, and publishes the model that is to be kept."""

import fcntl
import json
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import torch

from paragraf.chat import Conversation
from paragraf.contract import write_contract
from paragraf.errors import Busy
from paragraf.history import planned_steps, points_of, read_entries, rows_of, stop_of
from paragraf.jobs import JOURNAL, child_main, write_entry
from paragraf.models import open_tokenizer
from paragraf.processes import end_with_parent
from paragraf.publish import MANIFEST, publish
from paragraf.train.checkpoints import POINT, go_back, kept_point, kept_state, newest_whole
from paragraf.train.engine import Material, build
from paragraf.train.first_look import first_look
from paragraf.train.journal import named
from paragraf.train.pauses import pause_step
from paragraf.train.row_facts import row_facts
from paragraf.train.rows import tokenised
from paragraf.train.settings import TrainOrder
from paragraf.train.trainer import SealingTrainer, refuse_non_finite
from paragraf.workspace import home


def run(order: TrainOrder, work: Path) -> None:
    """Train, or go on training, to the end or to the share that was ordered; at the end the model is published."""
    torch.set_num_threads(order.threads)
    torch.manual_seed(order.settings.seed)
    is_first = _rank() == 0
    lock = _alone(work) if is_first else None
    material = _material(order)
    if is_first:
        facts = row_facts(Path(order.train), material.train, material.tokenizer.eos_token_id)
        write_entry(work, {"what": "rows", **facts.model_dump()})
    trainer = build(material, order.settings, work, order.share)
    trainer.measure = first_look(order, trainer.measure)
    latest = _latest_start(order, work)
    if is_first and latest is not None:
        go_back(trainer.checkpoints, latest)
    resume = newest_whole(trainer.checkpoints, latest)
    trainer.args.eval_on_start = resume is None
    trainer.train(resume_from_checkpoint=str(resume) if resume else None)
    refuse_non_finite(trainer.model)
    if is_first:
        write_entry(work, {"what": "leg", "step": trainer.state.global_step, "cpu_seconds": time.process_time()})
    if order.share == 1:
        _publish_model(trainer, order, work)
    if lock:
        lock.close()
    if torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()


def _material(order: TrainOrder) -> Material:
    tokenizer = open_tokenizer(order.base)
    train, valid = (tokenised(Path(path), order.base, tokenizer) for path in (order.train, order.valid))
    with Path(order.valid).open("rb") as file:
        chats: list[Conversation] = [json.loads(line) for line, _ in zip(file, range(order.settings.monitor.prompts))]  # noqa: B905
    return Material(order.base, tokenizer, train, valid, chats, order.framing)


def _latest_start(order: TrainOrder, work: Path) -> int | None:
    """The last step to go on from, if the run is to pause and was begun before: that before the pause.

    A run that begins at the pause itself would do one step more before it is measured.
    """
    of = planned_steps(read_entries(work / JOURNAL))
    return pause_step(of, order.share, order.settings.warmup_share) - 1 if of and order.share < 1 else None


def _alone(work: Path) -> Any:
    """Hold the folder's lock until this process ends; the kernel frees it, however the process ends."""
    lock = (work / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Busy(f"{work}: another process trains this model right now; wait for it, or end it.") from error
    return lock


def _publish_model(trainer: SealingTrainer, order: TrainOrder, work: Path) -> None:
    """Publish the best state, or the last one, with its history and what it may be opened on."""
    best = kept_point(work) if order.settings.monitor.keep == "best" else None
    last = work / "last"
    if best is None:
        last.mkdir(exist_ok=True)
        trainer.save_weights(last)
    if trainer.is_world_process_zero():
        kept = kept_state(work, best.step) if best else last
        with publish(home() / "models" / f"{order.settings.backend}-{work.name}") as folder:
            for file in kept.iterdir():
                if file.name not in (MANIFEST, POINT):
                    shutil.copy(file, folder / file.name)
            (folder / "README.md").write_text(_card(order), "utf-8")
            (folder / "history.jsonl").write_text(_history(trainer, work, best.step if best else None), "utf-8")
            write_contract(folder, order.base)
        shutil.rmtree(last, ignore_errors=True)


def _history(trainer: SealingTrainer, work: Path, kept_step: int | None) -> str:
    """What was measured, one step a line, after the facts of the rows and the stop, if there was one."""
    entries = read_entries(work / JOURNAL)
    told = {"rows": rows_of(entries), "stopped": stop_of(entries)}
    lines = [json.dumps({"what": what, **fact.model_dump()}) for what, fact in told.items() if fact]
    lines.append(json.dumps({"what": "kept", "step": kept_step or trainer.state.global_step}))
    points = points_of(_logged(trainer))
    return "".join(f"{line}\n" for line in [*lines, *(point.model_dump_json(exclude_none=True) for point in points)])


def _logged(trainer: SealingTrainer) -> list[dict[str, float]]:
    """The Trainer's log by our names."""
    return [{"step": entry["step"], **named(entry)} for entry in trainer.state.log_history]


def _card(order: TrainOrder) -> str:
    return (
        f"# Fine-tuned on {order.base.name}\n\n"
        f"Answers questions about Polish law. Base model digest: `{order.base.digest}`.\n"
        "Opens only on this base, tokenizer and chat template (see contract.json).\n"
        f"Trained on questions framed as: `{order.framing.model_dump_json()}`; ask it in the same way.\n"
        "It gives information, not legal advice, and is not for use by courts.\n"
    )


def _rank() -> int:
    return int(os.environ.get("RANK", "0"))


def _end_at_once() -> None:
    """End without the interpreter's clearing up.

    A thread of gloo that lets go of its last tensor meanwhile asks for an interpreter that has gone, and aborts the
    process: a training that has published its model would count as failed.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    is_launched = "RANK" in os.environ  # in a process group of its own
    if is_launched:
        end_with_parent()
    child_main(TrainOrder, run)
    if is_launched:
        _end_at_once()
