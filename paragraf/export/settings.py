"""Export settings: what is written, how like the adapter it must answer, and what was found of it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from paragraf.chat import Framing
from paragraf.models import Model
from paragraf.snapshots import Receipt, Snapshot
from paragraf.stage import StageSettings

RESULT = "exported.json"
Kind = Literal["merged", "gguf"]
Referee = Literal["transformers", "llama.cpp", "gguf reader"]
Fault = Literal["lost_changes", "divergence", "other_top", "other_tokens", "no_effect"]

# All measured in fp32 against the adapter in fp32, SmolLM2-135M, LoRA r 16 on all linear layers after 48 steps
# (effect 1.04 nats), 6 questions x 24 tokens:
#                                    divergence   same top   same greedy
#   fp32 merged, kept in fp32         0.000000     1.000       1.00
#   fp32 merged, then f16             0.000002     1.000       0.91
#   fp32 merged, then bf16            0.000132     0.993       0.88     (chosen: the base's own type)
#   merged by PEFT in bf16 (CPU)      0.000112     0.993       0.88     (on a GPU its sums are in bf16 too)
#   llama.cpp, f16 base + adapter     0.000011     0.993       1.00     (chosen)
#   llama.cpp, bf16 base + adapter    0.000143     0.993       0.69     (it rounds what goes between layers to bf16)
#   the adapter itself, run in bf16   0.001863     0.958       0.66
#   one of 210 weights not changed    0.000055     0.993       0.78     (found by counting what was changed)
#   one of 30 layers missing          0.000991     0.979       0.63     (likewise)
#   alpha 1.1 times too large         0.005089     0.965       0.33
#   q and k not reordered             0.020923     0.896       0.07
#   alpha twice too large             0.335        0.625       0.07
#   no adapter at all                 0.967        0.389       0.03
# With a weak random adapter (effect 0.04) on 4 x 12 tokens: merged, then bf16: 0.00063; llama.cpp: 0.00002.
_MOST_DIVERGENCE = 0.002  # what running the adapter itself in bf16 costs; 3 times the most that rounding weights did
_LEAST_SAME_TOP = 0.95  # the adapter run in bf16 is at 0.958
# The share of the model's own answer that stays the same is told, never judged: even the adapter itself, run in another
# type of number, soon takes another word where two are equally likely.


class ExportSettings(StageSettings):
    """What is made of a fine-tuned model for other programs, and how like the adapter it must answer."""

    merged: Annotated[
        bool, Field(description="Write a folder with the adapter merged into the base; transformers and vLLM open it.")
    ] = True
    gguf: Annotated[
        bool,
        Field(description="Write the adapter and its base as GGUF files, which llama.cpp runs together."),
    ] = True
    rows: Annotated[int, Field(ge=1, le=32, description="Test questions put to every exported model.")] = 6
    answer_tokens: Annotated[
        int, Field(ge=4, le=128, description="Tokens compared of each right answer and of each model's own answer.")
    ] = 16
    most_divergence: Annotated[
        float,
        Field(gt=0, description="Largest mean KL divergence from the adapter, in nats a token; above, it is not kept."),
    ] = _MOST_DIVERGENCE
    least_same_top: Annotated[
        float, Field(ge=0, le=1, description="Smallest share of tokens whose likeliest prediction stays the same.")
    ] = _LEAST_SAME_TOP


class Parity(BaseModel):
    """How like the adapter an exported model answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    referee: Referee  # who ran it; "gguf reader": llama.cpp is not installed, the files were read back instead
    prompts: int
    positions: int  # tokens of right answers whose predictions were compared
    divergence: float  # mean KL(adapter || exported) a position, in nats
    effect: float  # mean KL(adapter || base) a position: what an export without the adapter would show
    same_top: float  # share of positions with the same most likely token
    same_greedy: float  # share of a model's own answer before the first other token
    same_tokens: bool | None  # the exported tokenizer cuts the prompts alike; None: nobody asked it
    lost: int  # weights that the adapter changes and the export does not
    faults: list[Fault]  # what is out of bounds; empty when the export is as good as the adapter


class Exported(Receipt):
    """What was written for other programs; a kind that failed its check is measured here and is not in the folder."""

    model: str
    checks: list[Parity]
    skipped: dict[Kind, str]  # what was asked for and cannot be written, with the reason
    sizes: dict[str, int]  # path in the folder -> bytes

    def usable(self) -> list[Kind]:
        """The kinds that are on disk: those that answer as the adapter does."""
        return [check.kind for check in self.checks if not check.faults]

    def summary(self) -> str:
        """The stage's line in the log."""
        told = [_told(check) for check in self.checks]
        told += [f"{kind} skipped: {reason}" for kind, reason in self.skipped.items()]
        return f"Exported {', '.join(self.usable()) or 'nothing'}; {'; '.join(told) or 'nothing was asked for'}."


class ExportOrder(BaseModel):
    """All that an exporting child needs to know."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Model
    test: Snapshot
    framing: Framing
    settings: ExportSettings


def _told(check: Parity) -> str:
    verdict = f"NOT KEPT ({', '.join(check.faults)})" if check.faults else "as the adapter"
    return (
        f"{check.kind} {verdict} by {check.referee}: divergence {check.divergence:.2g} of {check.effect:.2g} nats, "
        f"same top token {check.same_top:.1%}, same own answer {check.same_greedy:.0%}"
    )
