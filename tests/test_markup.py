import pytest

from paragraf.markup import escape_markdown, printable, shortened


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("art. 118 § 1 k.c. (zob. wyrok)", "art. 118 § 1 k.c. (zob. wyrok)"),
        ("a|b", "a\\|b"),
        ("[x](y)", "\\[x\\](y)"),
        ("# x", "\\# x"),
        ("12. x", "12\\. x"),
        ("0.61", "0.61"),
        ("<b>", "&lt;b&gt;"),
        ("https://zly.pl www.zly.pl a@zly.pl", "https\\://zly.pl www\\.zly.pl a@\N{WORD JOINER}zly.pl"),
        ("dwa\n\nwiersze", "dwa wiersze"),
    ],
)
def test_markdown_is_escaped_where_it_would_mean_something(text: str, escaped: str) -> None:
    assert escape_markdown(text) == escaped


def test_control_characters_are_shown_as_pictures() -> None:
    assert printable("a\x1b[0m\r\n\x7f\u202e\ud800ż") == "a␛[0m\n␡\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}ż"


def test_a_shortened_text_ends_with_a_word() -> None:
    assert shortened("Zażółć gęślą jaźń", 14) == "Zażółć gęślą …"
    assert shortened(" " * 20 + "jaźń", 14) == "jaźń"
    assert shortened("ż" * 20, 5) == "żżżżż …"
