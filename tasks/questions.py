"""Run questions: safety questions, chosen by the settings, as rows that models can be asked."""

from paragraf.safety import SafetySettings
from paragraf.safety import questions as questions_of
from paragraf.snapshots import Snapshot
from tasks.policies import stage


@stage
def questions(settings: SafetySettings) -> Snapshot:
    """The questions at rest; they hold no answers."""
    return Snapshot.write("safety", questions_of(settings.rows))
