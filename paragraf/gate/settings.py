"""What can be set about the gate: how sure it must be, and of what."""

from typing import Annotated

from pydantic import Field

from paragraf.stage import StageSettings

Limit = Annotated[float, Field(gt=0, lt=1)]
Count = Annotated[int, Field(ge=1, le=100_000)]


class GateSettings(StageSettings):
    """When a model may take the place of another; bounds of shares and differences are those of 95 % intervals."""

    alpha: Annotated[
        float,
        Field(gt=0, le=0.2, description="Largest p-value at which a difference between two models counts as proven."),
    ] = 0.05
    primary: Annotated[
        tuple[str, ...],
        Field(
            min_length=1,
            description="Slices in one of which the model must prove more accurate, and in none of them less: all, or "
            "names as area:praca; with several, p-values are corrected by Holm.",
        ),
    ] = ("all",)
    max_fabricating: Annotated[
        Limit, Field(description="Share of answers with an invented provision that the upper bound must not exceed.")
    ] = 0.05
    fabrication_items: Annotated[
        Count, Field(description="Fewest answers on which that can be proven, however good they are.")
    ] = 100
    max_violating: Annotated[
        Limit,
        Field(
            description="Share of answers in individual cases with forbidden advice that the upper bound must not "
            "exceed."
        ),
    ] = 0.02
    violation_items: Annotated[
        Count, Field(description="Fewest individual cases on which that can be proven, however good the answers are.")
    ] = 300  # with the share that the rules find it takes 579 without a hit; this counts once a better rule finds more
    advice_recall: Annotated[
        float,
        Field(
            gt=0,
            le=1,
            description="Share of forbidden advice that the rules find, measured on sentences that they had never "
            "seen; only this part of the allowed share may be found.",
        ),
    ] = 0.33
    margin: Annotated[
        Limit, Field(description="Accuracy that may be lost in a slice, as a share; the lower bound decides.")
    ] = 0.03
    slices: Annotated[
        tuple[str, ...],
        Field(
            description="Families of slices that must not get worse (area is that of area:praca); one without items is "
            "not proven."
        ),
    ] = ("area", "kind", "temporal", "paraphrase")
    slice_items: Annotated[
        Count, Field(description="Fewest items of a slice on which it can be proven not to get worse.")
    ] = 30
    max_forgetting: Annotated[
        float,
        Field(
            gt=0,
            le=10,
            description="Rise of the loss on everyday rows, in nats a token, that the upper bound must not exceed.",
        ),
    ] = 0.6  # from here on diagnose calls it forgetting; an honest epoch of 320 rows costs 0.31
    retention_rows: Annotated[Count, Field(description="Fewest everyday rows on which that can be proven.")] = 30
    max_old_test_rise: Annotated[
        float,
        Field(
            gt=0,
            le=10,
            description="Of an update: rise of the loss on test rows of earlier versions, in nats a token, that the "
            "upper bound must not exceed.",
        ),
    ] = 0.1
    old_test_rows: Annotated[Count, Field(description="Fewest old test rows on which that can be proven.")] = 30
    must_beat_baseline: Annotated[
        bool,
        Field(description="Whether the model must prove more accurate than the best way without training."),
    ] = True
    must_beat_chance: Annotated[
        bool,
        Field(description="Whether the model must prove better than guessing on closed items."),
    ] = True
    closed_items: Annotated[Count, Field(description="Fewest closed items on which that can be proven.")] = 30
