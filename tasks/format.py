"""Run format: chat files at rest, each conversation checked against the model's context."""

from functools import partial

from prefect import get_run_logger

import paragraf.format
from paragraf.format import Chats, FormatSettings
from paragraf.models import Base, open_tokenizer
from paragraf.snapshots import Snapshot, Splits
from tasks.policies import stage
from tasks.work import Work


@stage
def format_chats(splits: Splits, planted: Snapshot, base: Base, settings: FormatSettings, work: Work) -> Chats:
    """Write the conversations and say how long they are in tokens of the base model."""
    with work.runner() as runner:
        chats = paragraf.format.format_chats(
            dict(splits.parts()), partial(open_tokenizer, base), settings, runner, planted.read()
        )
    get_run_logger().info(
        "%d tokens to train on, %.0f %% of them answers; the longest row has %d.",
        chats.tokens["train"],
        100 * chats.learned_share,
        chats.longest,
    )
    return chats
