import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from paragraf.text import normal_form, numbers, tidy, without_diacritics, words


@pytest.mark.parametrize(
    ("raw", "tidied"),
    [
        ("  Ile\u00a0wynosi\n\n okres \t?", "Ile wynosi okres ?"),
        ("wypo\u00adwie\u200bdzenie\ufeff", "wypowiedzenie"),
        ("z\u0307o\u0301ł\u0107", "żółć"),
        ("art. 22¹ k.p.", "art. 22¹ k.p."),
        ("½ etatu", "½ etatu"),
        ("a\x00b\x07c\x85d", "a b c d"),
        ("\u202eodwrotnie\u202c", "odwrotnie"),
        ("jeden\u2028dwa", "jeden dwa"),
        ("", ""),
    ],
)
def test_text_is_tidied_and_superscripts_stay(raw: str, tidied: str) -> None:
    assert tidy(raw) == tidied


@given(st.text())
@example("z\u00ad\u0307")
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@given(st.text())
def test_letters_without_diacritics_keep_their_places(text: str) -> None:
    assert len(without_diacritics(text)) == len(text)


def test_diacritics_of_all_polish_letters_are_taken_off() -> None:
    assert without_diacritics("ZAŻÓŁĆ GĘŚLĄ JAŹŃ zażółć gęślą jaźń") == "ZAZOLC GESLA JAZN zazolc gesla jazn"


@pytest.mark.parametrize(
    "other", ["JAKI MAM OKRES WYPOWIEDZENIA", "jaki  mam okres, wypowiedzenia!", "Jaki mam „okres” wypowiedzenia?"]
)
def test_texts_that_differ_in_typing_have_one_normal_form(other: str) -> None:
    assert normal_form(other) == normal_form("Jaki mam okres wypowiedzenia?") == "jaki mam okres wypowiedzenia"


def test_normal_forms_of_composed_and_decomposed_letters_are_equal() -> None:
    assert normal_form("z\u0307o\u0301łc\u0301") == normal_form("Żółć") == "zolc"


def test_articles_with_and_without_a_superscript_stay_apart() -> None:
    assert normal_form("art. 22¹") != normal_form("art. 221")
    assert numbers("art. 22¹ k.p.") == ("22", "¹")
    assert numbers("art. 221 k.p.") == ("221",)


def test_numbers_come_sorted_whatever_their_order() -> None:
    assert numbers("3 miesiące albo 14 dni") == numbers("14 dni albo 3 miesiące") == ("14", "3")
    assert numbers("bez liczb") == ()


def test_words_are_runs_of_letters_and_digits() -> None:
    assert words("Art. 36 § 1 k.p. – tak!") == ["Art", "36", "1", "k", "p", "tak"]
