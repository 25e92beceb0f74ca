"""Rows: what the rows that a training learned from show before its first step."""

from paragraf.diagnose.advice import other_base
from paragraf.diagnose.finding import Change, Finding, finding
from paragraf.diagnose.training_log import TrainingLog

_FEWEST_ROWS = 50  # OpenAI's guide sees a difference from 50 examples on; cleaning asks for as many
_MARKED = 0.01  # share of rows; one in a hundred may speak of a prompt format or quote a dialogue


def all_masked_rows(log: TrainingLog) -> Finding | None:
    """Rows of which not one token is learned."""
    rows = log.rows
    if rows is None or not rows.without_answer:
        return None
    changes = [
        Change("drop rows whose answer is empty or nearly so", "--clean.min-chars 20"),
        other_base(log.settings, "use a base model whose chat template lets the answer follow the prompt"),
    ]
    none_has = f"not one of {rows.rows} rows has a token to learn"
    some_have_none = f"{rows.without_answer} of {rows.rows} rows have no token to learn"
    symptom = none_has if rows.without_answer >= rows.rows else some_have_none
    return finding("all_masked_rows", symptom, changes)


def template_mismatch(log: TrainingLog) -> Finding | None:
    """Rows that never show the model how an answer ends: it will not stop by itself."""
    rows = log.rows
    if rows is None or not rows.without_end:
        return None
    words = "use a base model whose chat template ends turns with its tokenizer's own end-of-turn token"
    symptom = f"{rows.without_end} of {rows.rows} rows do not end with the end-of-turn token"
    return finding("template_mismatch", symptom, [other_base(log.settings, words)])


def broken_formatting(log: TrainingLog) -> Finding | None:
    """Rows that hold the marks of another prompt format: the model will write such marks into its answers."""
    rows = log.rows
    if rows is None or not rows.with_marks or rows.with_marks <= _MARKED * rows.rows:
        return None
    changes = [
        Change(
            "if a row is one text in which marks tell the speakers, let loading take it apart", "--load.format text"
        ),
        Change("else remove the marks (### Instrukcja:, <|im_start|>, [INST], User:) from questions and answers"),
    ]
    symptom = f"{rows.with_marks} of {rows.rows} rows hold marks of another prompt format"
    return finding("broken_formatting", symptom, changes)


def too_few_rows(log: TrainingLog) -> Finding | None:
    """So few rows that a model can only learn them by heart."""
    rows = log.rows
    if rows is None or rows.rows >= _FEWEST_ROWS:
        return None
    changes = [
        Change(f"add at least {_FEWEST_ROWS - rows.rows} rows, better some hundreds"),
        Change(
            "ask more of them in other words, which teaches the form but no new law", "--augment.variation-share 0.5"
        ),
    ]
    return finding("too_few_rows", f"{rows.rows} training rows, {_FEWEST_ROWS} are the least", changes)
