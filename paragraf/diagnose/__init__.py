"""Diagnose: the log of a training in, named problems with symptoms and changes of settings out, gravest first."""

from paragraf.diagnose.curves import (
    catastrophic_forgetting,
    dead_gradients,
    degraded,
    divergence,
    gradient_spikes,
    overfitting,
    underfitting,
)
from paragraf.diagnose.finding import Finding
from paragraf.diagnose.rows import all_masked_rows, broken_formatting, template_mismatch, too_few_rows
from paragraf.diagnose.training_log import KnownSettings, TrainingLog, read_history, read_kept, read_training
from paragraf.history import Point, read_points

__all__ = [
    "Finding",
    "KnownSettings",
    "Point",
    "TrainingLog",
    "diagnose",
    "read_history",
    "read_kept",
    "read_points",
    "read_training",
]

_GRAVEST_FIRST = (
    all_masked_rows,
    divergence,
    dead_gradients,
    template_mismatch,
    broken_formatting,
    degraded,
    catastrophic_forgetting,
    too_few_rows,
    overfitting,
    underfitting,
    gradient_spikes,
)
# What a problem explains: another cure for it would lead astray (more epochs for a run whose numbers blew up).
_EXPLAINED = {
    "all_masked_rows": {"dead_gradients", "underfitting"},
    "divergence": {"degraded", "overfitting", "underfitting", "gradient_spikes"},
    "dead_gradients": {"underfitting"},
    "degraded": {"overfitting"},
    "overfitting": {"underfitting"},
}


def diagnose(log: TrainingLog) -> list[Finding]:
    """Problems that the log shows, gravest first; an empty list means that nothing stands out."""
    found = [finding for look in _GRAVEST_FIRST if (finding := look(log))]
    explained = {problem for finding in found for problem in _EXPLAINED.get(finding.problem, ())}
    return [finding for finding in found if finding.problem not in explained]
