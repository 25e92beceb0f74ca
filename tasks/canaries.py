"""Run canaries: random codes to plant in the training chats, as rows at rest, and what models are asked of them."""

import dataclasses

from paragraf.evaluation.canaries import canaries as canaries_of
from paragraf.format import FormatSettings
from paragraf.snapshots import Snapshot
from tasks.policies import stage


@stage
def canaries(corpus: Snapshot, settings: FormatSettings) -> Snapshot:
    """As many rows as the settings ask for; they are part of no split, so no stage takes them for legal ones."""
    return Snapshot.write("canaries", canaries_of(settings.canaries, corpus.digest))


@stage
def canary_questions(planted: Snapshot) -> Snapshot:
    """The same rows without their codes: there is no right answer whose loss, or that of everyday rows, is measured."""
    return Snapshot.write("canary_questions", [dataclasses.replace(row, answer="") for row in planted.read()])
