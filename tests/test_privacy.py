"""What counts as personal data, what is left alone, and that a row keeps one placeholder for one person."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paragraf.law import find
from paragraf.privacy import KINDS, Pseudonyms, find_personal, is_clean, mask
from tests.test_privacy_sentences import COLLOQUIAL, DAMAGED, FORMAL, LAW, MIXED, read
from tests.timing import is_in_proportion

ROOT = Path(__file__).parents[1]
GOLD = [json.loads(line)["marked"] for line in (ROOT / "tests/gold/pii.jsonl").read_text("utf-8").splitlines()]
GOLD_KINDS = {"IDCARD": "id_card", "KW": "land_register"}
EXAMS = ROOT.parent / "shared" / "data" / "exams-2012-2019.jsonl"
SENTENCES = [read(marked)[0] for marked in [*FORMAL, *COLLOQUIAL, *MIXED, *DAMAGED, *LAW]]


def masked_row(*texts: str) -> list[str]:
    pseudonyms = Pseudonyms()
    return [mask(text, pseudonyms).text for text in texts]


@pytest.mark.parametrize("marked", GOLD)
def test_gold_sentences_give_their_spans(marked: str) -> None:
    ours = re.sub(r"\[\[([A-Z]+)\|", lambda mark: f"[[{GOLD_KINDS.get(mark[1], mark[1].lower())}|", marked)
    text, spans = read(ours)
    assert [(span.start, span.end, span.kind) for span in find_personal(text)] == spans


def test_every_kind_stands_in_some_sentence() -> None:
    found = {span.kind for text in SENTENCES for span in find_personal(text)}
    assert found == set(KINDS)


def test_a_masked_text_reads_on() -> None:
    text = "Jan Kowalski, PESEL 40701821368, mieszka przy ul. Długiej 12/4, 31-147 Kraków."
    assert mask(text).text == "[OSOBA 1], PESEL [PESEL 1], mieszka przy [ADRES 1]."


def test_spans_say_what_they_replaced() -> None:
    span = mask("Tel. 601 234 567").spans[0]
    assert (span.start, span.end, span.kind, span.value) == (5, 16, "phone", "601 234 567")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Czy Jan Kowalski dziedziczy?", "Kowalskiemu należy się zachowek."),
        ("Pozwał mnie Piotr Dudek.", "Roszczenie Piotra Dudka przedawniło się."),
        ("Mój mąż Tomasz ma długi.", "Za długi Tomasza nie odpowiada żona."),
        ("Sąsiadka Małgorzata Zając hałasuje.", "Malgorzacie Zajac grozi grzywna."),
        ("Pan Nguyen Van Anh nie płaci.", "Wezwij pana Nguyen Van Anh do zapłaty."),
        ("Umowę podpisał J. Nowicki.", "Janusz Nowicki jest stroną."),
    ],
)
def test_one_person_keeps_one_placeholder_in_all_case_forms(question: str, answer: str) -> None:
    assert [re.findall(r"\[OSOBA \d+\]", text) for text in masked_row(question, answer)] == [["[OSOBA 1]"]] * 2


@pytest.mark.parametrize(
    "text",
    [
        "Jan Kowalski i Anna Kowalska mają wspólność majątkową.",
        "Pan Nowak pozwał panią Nowak o eksmisję.",
        "Piotr Dudek jest synem Pawła Dudka.",
        "Anna Wilk i Anna Lis są wspólniczkami.",
    ],
)
def test_two_people_get_two_placeholders(text: str) -> None:
    assert re.findall(r"\[OSOBA \d+\]", mask(text).text) == ["[OSOBA 1]", "[OSOBA 2]"]


def test_one_number_keeps_one_placeholder_however_it_is_spaced() -> None:
    assert masked_row("Tel. 601 234 567", "Zadzwoń: +48601234567") == ["Tel. [TELEFON 1]", "Zadzwoń: [TELEFON 1]"]


def test_a_new_person_never_gets_the_number_of_a_placeholder_that_stands_there() -> None:
    assert mask("[OSOBA 1] pozwała Jana Kowalskiego.").text == "[OSOBA 1] pozwała [OSOBA 2]."


@pytest.mark.parametrize(
    "text",
    [
        "PESEL 40701821369",
        "NIP 338-665-69-91",
        "REGON 033159026",
        "rachunek 59 1240 1037 8009 5796 1393 6133",
        "dowód AZP282137",
        "paszport EJ4619783",
        "księga GD1G/78527317/6",
    ],
)
def test_a_number_with_a_wrong_check_digit_is_no_identifier(text: str) -> None:
    assert is_clean(text)


def test_the_name_of_an_unlisted_act_does_not_hide_a_person() -> None:
    text = "Na podstawie art. 4 ustawy o petycjach Jan Kowalski złożył petycję."
    assert mask(text).text == "Na podstawie art. 4 ustawy o petycjach [OSOBA 1] złożył petycję."


def test_citations_stay_the_same_when_a_text_is_masked() -> None:
    text = "Jan Kowalski powołał art. 415 k.c., Dz.U. 2018 poz. 1000 i II CSK 123/15, tel. 601 234 567."
    assert [citation.key for citation in find(mask(text).text)] == [citation.key for citation in find(text)]


@pytest.mark.parametrize("text", SENTENCES)
def test_a_masked_text_is_clean_and_stays_as_it_is(text: str) -> None:
    masked = mask(text).text
    assert is_clean(masked)
    assert mask(masked).text == masked


def test_our_own_sample_names_nobody() -> None:
    rows = [json.loads(line) for line in (ROOT / "paragraf/data/sample.jsonl").read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows if not is_clean(row["question"] + "\n" + row["answer"])] == []


@pytest.mark.skipif(not EXAMS.is_file(), reason="the exam items are not on this machine")
def test_exam_items_hold_no_personal_data() -> None:
    rows = [json.loads(line) for line in EXAMS.read_text("utf-8").splitlines()]
    texts = {
        text
        for row in rows
        for text in (row["question"], *row["choices"].values(), row["legal_basis"], row["legal_basis_content"])
    }
    assert [span.value for text in texts if text for span in find_personal(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Jan " * 2_000,
        "A. " * 3_000,
        "1 " * 5_000,
        "a@" * 5_000,
        "ul. a a a " * 1_000,
        "Sąd " + "A-" * 4_000,
        "Jan, Róża, " * 500,
        "00-001 " * 1_500,
        "[OSOBA 1] " * 1_000,
        "pan Pan " * 1_000,
    ],
)
def test_hostile_text_takes_time_in_proportion_to_its_length(text: str) -> None:
    assert is_in_proportion(lambda size: find_personal(text[:size]), len(text) // 4)


PIECES = st.sampled_from(
    [
        *(
            "Jan",
            "Kowalski",
            "Annie",
            "Nowak",
            "pan",
            "Pani",
            "J.",
            "i",
            "Róża",
            "ul.",
            "Długa",
            "12/4",
            "31-147",
            "Kraków",
        ),
        *(
            "PESEL",
            "40701821368",
            "NIP",
            "338-665-69-90",
            "KRS 0000123456",
            "601 234 567",
            "tel.",
            "jan@firma.pl",
            "nr",
        ),
        *("59 1240 1037 8009 5796 1393 6132", "AZP282136", "GD1G/78527317/5", "art. 415 k.c.", "II CSK 123/15", "zł"),
        *("nr", "[OSOBA 1]", "[PESEL 2]", "[", ",", "-", ".", "\n", "\u00a0", "\u0301", "\ue000", "\u200b", "\ud800"),
    ]
)
TEXTS = st.one_of(
    st.text(),
    st.lists(PIECES, max_size=14).map(" ".join),
    st.lists(st.one_of(PIECES, st.text(max_size=3))).map("".join),
)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_spans_never_overlap_and_the_rest_is_untouched(text: str) -> None:
    masked = mask(text)
    ends = [0, *(span.end for span in masked.spans)]
    assert all(end <= span.start < span.end for end, span in zip(ends, masked.spans, strict=False))
    assert all(text[span.start : span.end] == span.value for span in masked.spans)
    between = [text[end : span.start] for end, span in zip(ends, masked.spans, strict=False)]
    left = iter(masked.text)
    assert all(sign in left for sign in "".join([*between, text[ends[-1] :]]))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_masking_twice_is_masking_once(text: str) -> None:
    masked = mask(text).text
    assert mask(masked).text == masked


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS)
def test_an_answer_masked_with_its_question_is_clean(question: str, answer: str) -> None:
    pseudonyms = Pseudonyms()
    mask(question, pseudonyms)
    assert is_clean(mask(answer, pseudonyms).text)
