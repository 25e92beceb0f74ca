import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragraf.evaluation.quotes import has_quotes, in_order, quotes
from paragraf.law import find
from paragraf.law.statute_import import import_statutes
from paragraf.law.statutes import Period

RULE = "Kto zawinił, ten napra-\n   wia szkodę w ciągu dwóch miesięcy od wezwania, chyba że strony umówiły się inaczej."
WORDS = st.lists(st.sampled_from("abcd"), max_size=12)


@pytest.fixture(autouse=True)
def _statutes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARAGRAF_HOME", str(tmp_path / "home"))
    acts = {str(number): "Przepis." for number in range(1, 20)} | {
        "7": [
            {"text": RULE, "until": "2020-12-31"},
            {"text": "Ten artykuł mówi teraz coś innego.", "from": "2021-01-01"},
        ]
    }
    path = tmp_path / "kp.json"
    path.write_text(json.dumps(acts), "utf-8")
    import_statutes(path, "kp", Period("", ""), lambda line: None)


def checked(text: str, on: date | None = date(2020, 1, 1)) -> tuple[int, int]:
    return quotes(text, find(text), on)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Art. 7 k.p.: „Kto zawinił, ten naprawia szkodę w ciągu dwóch miesięcy od wezwania”.", (1, 1)),
        ("Zgodnie z art. 7 k.p. „kto zawinił (...) naprawia szkodę w ciągu dwóch miesięcy od wezwania”.", (1, 1)),
        ("„Kto zawinił, ten naprawia szkodę w ciągu dwóch miesięcy od wezwania” (art. 7 k.p.).", (1, 1)),
        ('Według art. 7 k.p. "kto zawinił, ten naprawia szkodę w ciągu trzech miesięcy od wezwania".', (1, 0)),
        ("Według art. 8 k.p. „kto zawinił, ten naprawia szkodę w ciągu dwóch miesięcy od wezwania”.", (1, 0)),
        ("Mówi o tym art. 7 k.p. jako o „szkodzie”.", (0, 0)),
        ("Zob. art. 7 k.c.: „kto zawinił, ten naprawia szkodę w ciągu dwóch miesięcy od wezwania”.", (0, 0)),
        ("Bez przepisu: „kto zawinił, ten naprawia szkodę w ciągu dwóch miesięcy od wezwania”.", (0, 0)),
    ],
)
def test_a_quotation_is_held_against_the_text_of_its_provision(text: str, found: tuple[int, int]) -> None:
    assert checked(text) == found


def test_the_text_is_that_of_the_day() -> None:
    text = "Art. 7 k.p.: „Kto zawinił, ten naprawia szkodę w ciągu dwóch miesięcy od wezwania”."
    assert checked(text, date(2022, 1, 1)) == (1, 0)


def test_only_quotation_marks_make_a_quotation() -> None:
    assert has_quotes("„tak”")
    assert not has_quotes("tak")


@given(words=WORDS, source=WORDS)
def test_the_common_subsequence_is_the_longest(words: list[str], source: list[str]) -> None:
    lengths = [[0] * (len(source) + 1) for _ in range(len(words) + 1)]
    for i, word in enumerate(words):
        for j, other in enumerate(source):
            lengths[i + 1][j + 1] = lengths[i][j] + 1 if word == other else max(lengths[i][j + 1], lengths[i + 1][j])
    assert in_order(words, source) == lengths[-1][-1]
