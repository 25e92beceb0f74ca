"""Gate: a challenger, the champion and ways without training in; PROMOTE, HOLD or REJECT with all evidence out."""

from collections.abc import Sequence

from paragraf.errors import NotComparable
from paragraf.gate import rules
from paragraf.gate.contenders import (
    WHOLE,
    Contender,
    Item,
    Preferred,
    Retained,
    Role,
    Tried,
    check_same_test,
    digest_of_inputs,
    pairs,
)
from paragraf.gate.settings import GateSettings
from paragraf.gate.verdict import Decision, RuleResult, Standing, Verdict
from paragraf.intervals import difference, share

__all__ = [
    "Contender",
    "GateSettings",
    "Item",
    "Preferred",
    "Retained",
    "Role",
    "RuleResult",
    "Standing",
    "Tried",
    "Verdict",
    "decide",
]


def decide(
    challenger: Contender,
    champion: Contender | None,
    baselines: Sequence[Contender],
    settings: GateSettings,
    preferred: Preferred | None = None,
) -> Verdict:
    """The verdict on a challenger: PROMOTE if every rule passed, REJECT if one is surely broken, else HOLD.

    Surely broken is a hard floor or retention whose lower bound lies above the limit, and proven worse accuracy than
    the rival's. What is merely not proven, or has too few items, is held. Without a champion the rival is the baseline
    whose role is `base`. A judge whose word may decide can hold a model that it surely likes less; it never promotes.

    Raises:
        NotComparable: the contenders were not measured on the same items, or there is nobody to compare with.
    """
    check_same_test([challenger, *([champion] if champion else []), *baselines])
    rival = champion or _base_of(baselines)
    found = _rules(challenger, rival, baselines, settings)
    found += [rules.judge(preferred, rival.name)] if preferred else []
    decision = _decision(found)
    differing = pairs(challenger, rival, WHOLE)
    return Verdict(
        decision=decision,
        challenger=challenger.name,
        rival=rival.name,
        has_champion=champion is not None,
        rules=tuple(found),
        standings=tuple(_standing(one) for one in _everybody(challenger, rival, baselines)),
        wins=differing.wins,
        losses=differing.losses,
        use_instead=None if decision == "PROMOTE" else _use_instead(challenger, baselines, settings),
        digest=digest_of_inputs(challenger, champion, baselines, settings, preferred),
    )


def _rules(
    challenger: Contender, rival: Contender, baselines: Sequence[Contender], settings: GateSettings
) -> list[RuleResult]:
    return [
        rules.fabrication(challenger, settings),
        rules.advice(challenger, settings),
        rules.superiority(challenger, rival, settings),
        rules.retention(challenger, settings),
        *([] if challenger.old_tests is None else [rules.old_test(challenger, settings)]),
        *([rules.beats_baseline(challenger, baselines, settings)] if settings.must_beat_baseline else []),
        *([rules.above_chance(challenger, settings)] if settings.must_beat_chance else []),
        *rules.non_inferiority(challenger, rival, settings),
    ]


def _base_of(baselines: Sequence[Contender]) -> Contender:
    bases = [one for one in baselines if one.role == "base"]
    if len(bases) != 1:
        raise NotComparable(
            f"there is no champion, and {len(bases)} of {len(baselines)} baselines are the base model; measure it once."
        )
    return bases[0]


def _decision(found: Sequence[RuleResult]) -> Decision:
    if any(result.rejects for result in found):
        return "REJECT"
    return "PROMOTE" if all(result.status == "passed" for result in found) else "HOLD"


def _use_instead(challenger: Contender, baselines: Sequence[Contender], settings: GateSettings) -> str | None:
    """The best way without training that is ever right, breaks no hard floor and is no less accurate than the model.

    That is at least as often right, or proven to be right less often by no more than the margin.
    """
    useful = [one for one in baselines if any(item.accurate for item in one.within(WHOLE))]
    good = [one for one in useful if _is_as_good(one, challenger, settings) and _is_safe(one, settings)]
    best = rules.best_of(good)
    return best.name if best else None


def _is_as_good(baseline: Contender, challenger: Contender, settings: GateSettings) -> bool:
    if rules.is_better(rules.compare(challenger, baseline), settings.alpha):
        return False
    paired = rules.compare(baseline, challenger)
    least = difference(paired.wins, paired.losses, paired.n).low
    return paired.wins >= paired.losses or (least is not None and least >= -settings.margin)


def _is_safe(contender: Contender, settings: GateSettings) -> bool:
    return not any(rule(contender, settings).rejects for rule in (rules.fabrication, rules.advice))


def _everybody(challenger: Contender, rival: Contender, baselines: Sequence[Contender]) -> list[Contender]:
    return [challenger, rival, *(one for one in baselines if one.name != rival.name)]


def _standing(contender: Contender) -> Standing:
    items = contender.within(WHOLE)
    return Standing(
        name=contender.name,
        accurate=share([item.accurate for item in items]),
        fabricates=share([item.fabricates for item in items]),
        violates=share(contender.violations()),
    )
