"""Run canaries: random codes to plant in the training chats, as rows at rest."""

from paragraf.evaluation.canaries import canaries as canaries_of
from paragraf.format import FormatSettings
from paragraf.snapshots import Snapshot
from tasks.policies import stage


@stage
def canaries(corpus: Snapshot, settings: FormatSettings) -> Snapshot:
    """As many rows as the settings ask for; they are part of no split, so no stage takes them for legal ones."""
    return Snapshot.write("canaries", canaries_of(settings.canaries, corpus.digest))
