import pytest

from paragraf.wording import counted, number, observed, percent


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.78149, "3,781"),
        (-0.5, "−0,500"),
        (-0.0001, "0,000"),
        (1234, "1234"),
        (212345, "212\N{NO-BREAK SPACE}345"),
        (4.2e12, "4,2 · 10^12"),
        (float("nan"), "—"),
        (None, "—"),
    ],
)
def test_numbers_are_written_the_polish_way(value: float | None, text: str) -> None:
    assert number(value) == text


def test_shares_are_written_in_percent() -> None:
    assert [percent(share) for share in (0.786, 0.0, 1.0, None)] == ["78,6%", "0,0%", "100,0%", "—"]


@pytest.mark.parametrize(
    ("count", "noun"), [(1, "wiersz"), (2, "wiersze"), (12, "wierszy"), (22, "wiersze"), (0, "wierszy")]
)
def test_nouns_follow_their_numbers(count: int, noun: str) -> None:
    assert counted(count, "wiersz", "wiersze", "wierszy") == f"{count}\N{NO-BREAK SPACE}{noun}"


def test_found_values_are_told_in_polish_where_they_can_be() -> None:
    assert observed("3 of 840 rows fail") == "nie spełnia 3 z 840 wierszy"
    assert observed("0.61") == "0,61"
    assert observed("['train', 'test']") == "['train', 'test']"
