"""The page of a verdict, in Polish: the decision on top, then every rule with its evidence and what it means."""

from typing import NamedTuple

from paragraf.gate.sentences import points
from paragraf.gate.verdict import RuleResult, Standing, Status, Verdict
from paragraf.gate.wording import decision_meaning, decision_name, mark, rule_meaning, rule_name, slice_name
from paragraf.markup import page
from paragraf.wording import NOT_MEASURED, contender_name

_FIRST: dict[Status, int] = {"failed": 0, "insufficient": 1, "passed": 2}
_COLOURS: dict[Status, str] = {"failed": "", "insufficient": "quiet", "passed": "good"}


class RuleRow(NamedTuple):
    """A rule as the page shows it."""

    name: str
    meaning: str
    mark: str
    colour: str
    evidence: str


class SliceRow(NamedTuple):
    """A slice as the page shows it; changes are in percentage points."""

    name: str
    mark: str
    colour: str
    change: str
    interval: str
    wins: int
    losses: int
    n: int


class VerdictView(NamedTuple):
    """What verdict.html.j2 shows; a page that includes it hands this in as `gate`."""

    decision: str
    name: str
    colour: str
    meaning: str
    challenger: str
    rival: str
    has_champion: bool
    broken: list[str]
    unproven: list[str]
    use_instead: str | None
    standings: list[tuple[str, Standing]]
    rules: list[RuleRow]
    slices: list[SliceRow]
    slice_rule: str
    slice_meaning: str
    wins: tuple[str, ...]
    losses: tuple[str, ...]
    digest: str


def verdict_page(verdict: Verdict) -> str:
    """A page of its own; opens without network and runs no script."""
    return page("gate.html.j2", gate=view(verdict))


def view(verdict: Verdict) -> VerdictView:
    """The verdict with Polish words; what speaks against the challenger comes first."""
    gravest_first = sorted(verdict.rules, key=lambda result: (not result.rejects, _FIRST[result.status]))
    broken = [rule_name(result.rule) for result in gravest_first if result.rejects]
    unproven = [rule_name(result.rule) for result in gravest_first if result.status != "passed"]
    return VerdictView(
        decision=verdict.decision,
        name=decision_name(verdict.decision),
        colour={"PROMOTE": "good", "REJECT": "bad"}.get(verdict.decision, ""),
        meaning=decision_meaning(verdict.decision),
        challenger=contender_name(verdict.challenger),
        rival=contender_name(verdict.rival),
        has_champion=verdict.has_champion,
        broken=broken,
        unproven=[name for name in dict.fromkeys(unproven) if name not in broken],
        use_instead=contender_name(verdict.use_instead) if verdict.use_instead else None,
        standings=[(contender_name(one.name), one) for one in verdict.standings],
        rules=[_rule(result) for result in gravest_first if result.rule != "slice"],
        slices=[_slice(result) for result in gravest_first if result.rule == "slice"],
        slice_rule=rule_name("slice"),
        slice_meaning=rule_meaning("slice"),
        wins=verdict.wins,
        losses=verdict.losses,
        digest=verdict.digest,
    )


def _rule(result: RuleResult) -> RuleRow:
    name, meaning = rule_name(result.rule), rule_meaning(result.rule)
    return RuleRow(name, meaning, mark(result), _colour(result), evidence=result.polish)


def _slice(result: RuleResult) -> SliceRow:
    found = result.evidence
    is_measured = "value" in found
    return SliceRow(
        name=slice_name(result.subject),
        mark=mark(result),
        colour=_colour(result),
        change=points(found["value"]) if is_measured else NOT_MEASURED,
        interval=f"od {points(found['low'])} do {points(found['high'])}" if is_measured else "",
        wins=int(found["wins"]),
        losses=int(found["losses"]),
        n=int(found["n"]),
    )


def _colour(result: RuleResult) -> str:
    return "bad" if result.rejects else _COLOURS[result.status]
