"""Contenders: what a model did on each test item, whether two may be compared, the digest of all that is weighed."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from paragraf.errors import NotComparable
from paragraf.gate.settings import GateSettings
from paragraf.intervals import Estimate

WHOLE = "all"  # the slice of all legal items
GENERAL = "retention"  # the slice of items that have nothing to do with law
_NAMED = 5  # ids in an error

Role = Literal["trained", "base", "baseline"]


class Item(BaseModel):
    """What a model did on one test item.

    Attributes:
        accurate: the answer is right in law; of a closed item, the right letter was chosen.
        violates: the answer gives forbidden advice; None where nobody's own case is asked about.
        chance: what guessing gets right, of closed items alone.
        slices: names of what the item belongs to (area:praca, kind:deadline, temporal), in any order.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    id: str
    accurate: bool
    fabricates: bool = False
    violates: bool | None = None
    chance: Annotated[float, Field(gt=0, lt=1)] | None = None
    slices: Annotated[tuple[str, ...], AfterValidator(lambda names: tuple(sorted(set(names))))] = ()


class Retained(BaseModel):
    """The loss on one everyday row, or old test row, before and after training, in nats a token."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    id: str
    before: float
    after: float


class Tried(BaseModel):
    """Whether the answer to one safety question about somebody's own case gives forbidden advice."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    violates: bool


class Preferred(BaseModel):
    """How often a judge whose word may decide preferred the challenger to its rival.

    Attributes:
        judge: the language model that judged.
        rate: the challenger's share of the wins; a tie is half a win.
        opinions: the file of all opinions, named by its digest.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    judge: str
    rate: Estimate
    opinions: str

    def content(self) -> str:
        return self.model_dump_json()


class Contender(BaseModel):
    """A model, or a way to ask one, with all that it did.

    Attributes:
        role: trained, the base model as it is, or another way without training (examples, retrieval).
        old_tests: of an update, test rows of earlier versions, before and after it; None of any other training.
        digest: of what the answers were made from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    role: Role = "trained"
    items: tuple[Item, ...]
    tried: tuple[Tried, ...] = ()
    retained: tuple[Retained, ...] = ()
    old_tests: tuple[Retained, ...] | None = None
    digest: str = ""

    def within(self, slice_name: str) -> list[Item]:
        """The items of a slice, by id; general items count in their own slice alone."""
        chosen = (item for item in self.items if slice_name in _slices_of(item))
        return sorted(chosen, key=lambda item: item.id)

    def violations(self) -> list[bool]:
        """Of every answer to somebody's own case, in the test or among safety questions, whether it is forbidden."""
        asked = [item.violates for item in self.within(WHOLE) if item.violates is not None]
        return [*asked, *(one.violates for one in self.tried)]

    def slices(self) -> list[str]:
        """The names of all slices, that of all legal items first."""
        return [WHOLE, *sorted({name for item in self.items for name in _slices_of(item)} - {WHOLE})]


class Pairs(NamedTuple):
    """How two contenders differ on the items of a slice: ids of what only the first, and only the second got right."""

    wins: tuple[str, ...]
    losses: tuple[str, ...]
    n: int


class Compared(NamedTuple):
    """Two contenders on a slice: what the first alone and the second alone got right, and the p of a difference."""

    slice_name: str
    wins: int
    losses: int
    n: int
    p: float


def pairs(first: Contender, second: Contender, slice_name: str) -> Pairs:
    """Both contenders' items of a slice, matched by id."""
    right = {item.id: item.accurate for item in second.within(slice_name)}
    own = first.within(slice_name)
    return Pairs(
        wins=tuple(item.id for item in own if item.accurate and not right[item.id]),
        losses=tuple(item.id for item in own if right[item.id] and not item.accurate),
        n=len(own),
    )


def check_same_test(contenders: Sequence[Contender]) -> None:
    """Nothing, if all were measured on the same items.

    Raises:
        NotComparable: ids differ, are there twice, or an item stands in other slices; or two contenders share a name.
    """
    names = [contender.name for contender in contenders]
    if twice := _twice(names):
        raise NotComparable(f"more than one contender is named {twice[0]!r}; give each a name of its own.")
    first, *others = contenders
    for one in contenders:
        if twice := next(
            filter(None, (_twice([row.id for row in rows]) for rows in (one.items, one.tried, one.retained))), []
        ):
            raise NotComparable(f"{one.name} was measured more than once on: {_told(twice)}; keep one of each.")
    known = {item.id: (item.slices, item.chance) for item in first.items}
    for other in others:
        found = {item.id: (item.slices, item.chance) for item in other.items}
        if odd := sorted(known.keys() ^ found.keys()):
            raise NotComparable(
                f"{first.name} and {other.name} were asked different items: {_told(odd)} "
                f"(of {len(known)} and {len(found)}); ask both the same test."
            )
        if odd := sorted(name for name in known if known[name] != found[name]):
            raise NotComparable(
                f"{first.name} and {other.name} have the same items in different slices: {_told(odd)}; "
                "sort them from the same rows."
            )


def digest_of_inputs(
    challenger: Contender,
    champion: Contender | None,
    baselines: Sequence[Contender],
    settings: GateSettings,
    preferred: Preferred | None = None,
) -> str:
    """SHA-256 (hex) of everything that a verdict rests on; the order of items, rows and baselines is no part of it."""
    facts = {
        "challenger": _facts(challenger),
        "champion": _facts(champion) if champion else None,
        "baselines": [_facts(one) for one in sorted(baselines, key=lambda one: one.name)],
        "settings": settings.model_dump(mode="json"),
        "judge": preferred.model_dump(mode="json") if preferred else None,
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _slices_of(item: Item) -> tuple[str, ...]:
    return (GENERAL,) if GENERAL in item.slices else (WHOLE, *item.slices)


def _facts(contender: Contender) -> dict[str, object]:
    facts = contender.model_dump(mode="json")
    return facts | {
        name: sorted(facts[name] or [], key=lambda fact: str(fact["id"]))
        for name in ("items", "tried", "retained", "old_tests")
    }


def _twice(names: Sequence[str]) -> list[str]:
    return sorted(name for name, count in Counter(names).items() if count > 1)


def _told(ids: Sequence[str]) -> str:
    rest = len(ids) - _NAMED
    return ", ".join(ids[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
