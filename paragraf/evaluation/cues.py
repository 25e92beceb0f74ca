"""Cues: the Polish words and phrases by which an answer promises, refers, refuses or discloses, as one table."""

from collections.abc import Callable
from functools import lru_cache

from paragraf.evaluation.cue_groups import GROUPS
from paragraf.evaluation.cues_of_advice import ADVICE
from paragraf.evaluation.cues_of_bounds import BOUNDS
from paragraf.evaluation.cues_of_help import HELP
from paragraf.evaluation.phrases import Phrases


@lru_cache(maxsize=2)
def phrases(form: Callable[[str], str]) -> Phrases:
    """The table for tokens of one form, compiled once a process."""
    return Phrases(ADVICE | BOUNDS | HELP, GROUPS, form)
