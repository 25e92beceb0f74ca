"""Run answer: one model's answers, asked in one way; the base model is asked once, however often it is fine-tuned."""

from prefect import get_run_logger

import paragraf.answer
from paragraf.answer import AnswerOrder, Answers, AnswerSettings
from paragraf.askers import threads_of_an_asker
from paragraf.baselines.asking import Asking
from paragraf.models import Base, Model
from paragraf.snapshots import Snapshot
from tasks.policies import stage
from tasks.progress import counting_progress


@stage
def answer(test: Snapshot, base: Base, model: Model | None, asking: Asking, settings: AnswerSettings) -> Answers:
    """Let the model answer some rows in full; asked as in training, its loss is measured on all of them."""
    logger = get_run_logger()
    logger.info("Asking %s (%s).", "the fine-tuned model" if model else "the base model", asking.way)
    order = AnswerOrder(
        base=base, model=model, test=test, asking=asking, settings=settings, threads=threads_of_an_asker(base)
    )
    return paragraf.answer.answer(order, counting_progress(logger))
