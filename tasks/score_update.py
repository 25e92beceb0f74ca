"""Run score update: the model before and after an update on old and on new test rows, side by side."""

from prefect import get_run_logger

from paragraf.answer import Answers
from paragraf.snapshots import Snapshot
from paragraf.update.scores import UpdateScores, score
from tasks.policies import stage


@stage
def score_update(old: Snapshot, new: Snapshot, before: Answers, after: Answers) -> UpdateScores:
    """What was forgotten, and what was learned."""
    was, now = before.read(), after.read()
    found = UpdateScores(old=score("old", old.read(), was, now), new=score("new", new.read(), was, now))
    get_run_logger().info("%s", found.summary())
    return found
