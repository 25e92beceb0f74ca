"""Who may become champion, and what the log says of who was before."""

import pytest

from paragraf.errors import Withheld
from paragraf.promote import Entry, Kind, PromotionSettings, champion_before, check_may_stand, is_confirmed
from paragraf.registry import Registered, table

SETTINGS = PromotionSettings()
COLUMNS = [("alias", "verdict", "answer", "trained", "when"), ("challenger", "HOLD", "1.235", "311", "2026-01-01"), ()]


def entry(number: int, kind: Kind, version: str, over: str) -> Entry:
    return Entry(id=f"{number:03}", kind=kind, version=version, over=over, by="gate")


def log(*moves: tuple[Kind, str, str]) -> list[Entry]:
    return [entry(number, *move) for number, move in enumerate(moves)]


@pytest.mark.parametrize(
    ("version", "over", "has_reason", "settings", "message"),
    [
        (Registered(number="3", verdict="REJECT", judged_over="2"), "2", True, SETTINGS, "verdict REJECT"),
        (Registered(number="3", judged_over="2"), "2", True, SETTINGS, "has no verdict"),
        (Registered(number="3", verdict="HOLD", judged_over="2"), "2", False, SETTINGS, "say why: --reason TEXT"),
        (
            Registered(number="3", verdict="HOLD", judged_over="2"),
            "2",
            True,
            PromotionSettings(held="never"),
            "promotion.held is 'never'",
        ),
        (
            Registered(number="3", verdict="PROMOTE", judged_over=""),
            "2",
            False,
            SETTINGS,
            "judged against nobody, not version 2",
        ),
        (
            Registered(number="3", verdict="PROMOTE", judged_over="2", forgotten_rows=4),
            "2",
            False,
            SETTINGS,
            "learned from 4 rows that were forgotten since",
        ),
    ],
)
def test_a_version_that_may_not_stand_is_told_why(
    version: Registered, over: str, has_reason: bool, settings: PromotionSettings, message: str
) -> None:
    with pytest.raises(Withheld, match=message):
        check_may_stand(version, over, has_reason, settings)


@pytest.mark.parametrize(
    ("version", "over", "has_reason"),
    [
        (Registered(number="3", verdict="PROMOTE", judged_over="2"), "2", False),
        (Registered(number="3", verdict="PROMOTE", judged_over=None), "2", False),
        (Registered(number="3", verdict="PROMOTE", judged_over="1"), "2", True),
        (Registered(number="3", verdict="HOLD", judged_over="2"), "2", True),
        (Registered(number="3", verdict="PROMOTE", judged_over="2", forgotten_rows=4), "2", True),
    ],
)
def test_a_version_with_a_verdict_on_this_champion_or_with_a_reason_may_stand(
    version: Registered, over: str, has_reason: bool
) -> None:
    check_may_stand(version, over, has_reason, SETTINGS)


@pytest.mark.parametrize(
    ("moves", "current", "before"),
    [
        ([], "1", None),
        ([("promoted", "1", "")], "1", ""),
        ([("promoted", "1", ""), ("confirmed", "1", ""), ("promoted", "2", "1"), ("confirmed", "2", "1")], "2", "1"),
        # rolled back once, and then further back
        ([("promoted", "1", ""), ("promoted", "2", "1"), ("promoted", "3", "2"), ("rolled_back", "2", "3")], "2", "1"),
        # promoted again after its rollback
        ([("promoted", "1", ""), ("promoted", "2", "1"), ("rolled_back", "1", "2"), ("promoted", "2", "1")], "2", "1"),
        # killed before the alias moved
        ([("promoted", "1", ""), ("promoted", "2", "1")], "1", ""),
        ([("promoted", "1", ""), ("promoted", "2", "1"), ("promoted", "3", "1")], "3", "1"),
        ([("promoted", "1", ""), ("promoted", "2", "1"), ("rolled_back", "1", "2")], "2", "1"),
        # somebody moved the alias by hand
        ([("promoted", "1", ""), ("promoted", "3", "7")], "3", "7"),
        ([("promoted", "1", "")], "9", None),
        ([("promoted", "1", ""), ("declined", "2", "1")], "1", ""),
    ],
)
def test_the_log_knows_who_was_champion_before(
    moves: list[tuple[Kind, str, str]], current: str, before: str | None
) -> None:
    assert champion_before(log(*moves), current) == before


def test_a_champion_is_confirmed_by_its_smoke_test_or_by_a_rollback_to_it() -> None:
    assert not is_confirmed(log(("promoted", "2", "1")), "2")
    assert is_confirmed(log(("promoted", "2", "1"), ("confirmed", "2", "1")), "2")
    assert not is_confirmed(log(("promoted", "2", "1"), ("confirmed", "2", "1"), ("promoted", "2", "3")), "2")
    assert is_confirmed(log(("promoted", "2", "1"), ("promoted", "3", "2"), ("rolled_back", "2", "3")), "2")
    assert is_confirmed([], "1")


def test_the_table_shows_of_each_version_what_a_choice_needs() -> None:
    told = {"trained_on": "311 rows of sample", "run": "20260101-120000-finetune-ab12", "registered_at": 1_767_268_800}
    scores = {"answer_loss": 1.23456, "accurate": 0.084}
    newest = Registered(number="10", aliases=("champion", "challenger"), verdict="HOLD", scores=scores, **told)  # type: ignore[arg-type]
    shown = table([newest.model_copy(update={"is_confirmed": False}), Registered(number="9", forgotten_rows=2)])
    assert [line.split("  ")[0] for line in shown.splitlines()] == ["version", "10", "9"]
    assert [" ".join(line.split()) for line in shown.splitlines()] == [
        "version alias verdict answer loss right in law trained on when (UTC) run",
        "10 challenger, champion (not smoke-tested) HOLD 1.235 8% 311 rows of sample 2026-01-01 12:00 "
        "20260101-120000-finetune-ab12",
        "9 none - - -, 2 forgotten 1970-01-01 00:00 -",
    ]
    columns = [[line.index(word) for word in (words)] for line, words in zip(shown.splitlines(), COLUMNS, strict=True)]
    assert columns[0] == columns[1]
