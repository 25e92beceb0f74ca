"""What can be set about the checklist before a fine-tuning."""

from typing import Annotated

from pydantic import Field

from paragraf.settings import Settings


class ReadinessSettings(Settings):
    """All settings of a checklist: those of the run that it is for, and whether to measure for it."""

    measure: Annotated[
        bool,
        Field(
            title="Measure",
            description="Ask the base model a few validation questions in every way of baselines.ways, and time a few "
            "training steps, where no earlier run of this workspace has measured it.",
        ),
    ] = False
