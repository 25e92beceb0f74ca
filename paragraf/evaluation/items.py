"""Items: what the rules say of one answer."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from paragraf.evaluation.form import Malformation
from paragraf.records import ItemType

Outcome = Literal["accurate", "incomplete", "abstained", "hallucinated"]
"""One of four, after RegLab: all that matters and nothing wrong; less than that; no answer given; something wrong."""


class Agreement(BaseModel):
    """How well the cited provisions agree with those of the record, each from 0 to 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    precision: float
    recall: float
    f1: float


class Judged(BaseModel):
    """One answer, judged.

    Attributes:
        slices: names of the parts of the test set that it belongs to: "area:praca", "kind:general", "temporal",
            "closed".
        malformed: why it is no answer to judge, "" for one that is; it counts as wrong everywhere.
        articles: agreement at the level of act and article; None where the record names no basis.
        provisions: agreement of whole provisions.
        cites: keys of the articles cited, each once, in order of the alphabet.
        cited: different provisions cited; `checked` of them are of an act that is known, `fabricated` of those surely
            never existed by the day of the record, `out_of_force` did once; `unverifiable` are of other acts.
        quotes: quotations of a provision whose text is at hand, `faithful_quotes` those that are in it.
        facts: covered less contradicted facts as a share (0 to 1); None for a closed item.
        contradicted: the facts that the answer gets wrong.
        choices: letters of a closed item; 0 for an open one.
        chosen: the letter that the answer means, "" for none.
        is_right: whether it is the right one; None for an open item.
        premise_handled: whether a false premise is put right or no answer given; None where there is none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    area: str
    kind: ItemType
    slices: tuple[str, ...]
    outcome: Outcome
    malformed: Malformation
    articles: Agreement | None
    provisions: Agreement | None
    cites: tuple[str, ...]
    cited: int
    checked: int
    fabricated: int
    out_of_force: int
    unverifiable: int
    quotes: int
    faithful_quotes: int
    facts: float | None
    contradicted: tuple[str, ...]
    choices: int
    chosen: str
    is_right: bool | None
    premise_handled: bool | None

    @property
    def is_accurate(self) -> bool:
        return self.outcome == "accurate"

    @property
    def fabricates(self) -> bool:
        """Whether it cites at least one provision that surely never existed."""
        return self.fabricated > 0
