"""Run answer: one model's answers to the test rows; the base model is asked once, however often it is fine-tuned."""

from prefect import get_run_logger

import paragraf.answer
from paragraf.answer import AnswerOrder, Answers, AnswerSettings
from paragraf.chat import Framing
from paragraf.models import Base, Model
from paragraf.snapshots import Snapshot
from tasks.policies import stage
from tasks.progress import counting_progress


@stage
def answer(test: Snapshot, base: Base, model: Model | None, framing: Framing, settings: AnswerSettings) -> Answers:
    """Measure the loss on every test row and let the model answer some of them in full."""
    logger = get_run_logger()
    logger.info("Asking %s.", "the fine-tuned model" if model else "the base model")
    order = AnswerOrder(base=base, model=model, test=test, framing=framing, settings=settings)
    return paragraf.answer.answer(order, counting_progress(logger))
