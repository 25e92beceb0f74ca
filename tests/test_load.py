"""What comes in from files and folders, under which ids, and when a run stops."""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from paragraf.errors import BadRow, MissingInput, NoPermission, ParagrafError, TooFewRows
from paragraf.load import LoadSettings, load
from paragraf.records import Kept

EXAMS = Path(__file__).parents[2] / "shared" / "data" / "exams-2012-2019.jsonl"


def line(question: str, answer: str = "Tak.", **more: object) -> str:
    return json.dumps({"question": question, "answer": answer} | more, ensure_ascii=False) + "\n"


def a_file(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("".join(lines), "utf-8")
    return path


def read(settings: LoadSettings) -> Kept:
    return Kept.of(load(settings))


def refusal(kind: type[ParagrafError], path: Path, **more: object) -> str:
    with pytest.raises(kind) as caught:
        read(LoadSettings.model_validate({"source": str(path)} | more))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_records_come_in_file_order_and_know_their_places(tmp_path: Path) -> None:
    path = a_file(tmp_path, "corpus.jsonl", line("Czy A?", id="a"), "\n", line("Czy B?", id="b"))
    kept = read(LoadSettings(source=str(path)))
    assert [(record.id, record.question, record.source) for record in kept.records] == [
        ("a", "Czy A?", "corpus.jsonl:1"),
        ("b", "Czy B?", "corpus.jsonl:3"),
    ]
    assert kept.dropped == []


def test_the_files_of_a_folder_are_read_in_name_order_each_in_its_own_format(tmp_path: Path) -> None:
    (tmp_path / "nested").mkdir()
    a_file(tmp_path, "2.csv", "question;answer\nCzy C?;Nie.\n")
    a_file(tmp_path, "1.jsonl", '{"instruction": "Czy A?", "output": "Tak."}\n')
    messages = [{"role": "user", "content": "Czy B?"}, {"role": "assistant", "content": "Tak."}]
    a_file(tmp_path, "10.json", json.dumps([{"messages": messages}]))
    a_file(tmp_path, "README.md", "# About")
    a_file(tmp_path, ".hidden", "x")
    kept = read(LoadSettings(source=str(tmp_path)))
    assert [(record.question, record.source) for record in kept.records] == [
        ("Czy A?", "1.jsonl:1"),
        ("Czy B?", "10.json:1"),
        ("Czy C?", "2.csv:2"),
    ]


def test_a_row_without_an_id_gets_one_of_its_content_and_equal_rows_are_numbered(tmp_path: Path) -> None:
    path = a_file(tmp_path, "corpus.jsonl", line("Czy?"), line("Czy?"), line("Czy?", "Nie."), line("Czy?", id=None))
    made = "q-" + hashlib.sha256(b"Czy?\nTak.").hexdigest()[:12]
    other = "q-" + hashlib.sha256(b"Czy?\nNie.").hexdigest()[:12]
    ids = [record.id for record in read(LoadSettings(source=str(path))).records]
    assert ids == [made, f"{made}-2", other, f"{made}-3"]


def test_an_id_that_comes_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    a_file(tmp_path, "a.jsonl", line("Czy?", id="x1"))
    a_file(tmp_path, "b.jsonl", line("Czy nie?", id="x2"), line("Czy tak?", id="x1"))
    message = refusal(BadRow, tmp_path)
    assert f"{tmp_path}/b.jsonl:2: the id 'x1' is already that of {tmp_path}/a.jsonl:1" in message
    assert "give each row its own id" in message


def test_exam_items_of_one_number_are_numbered_on_because_the_id_is_ours(tmp_path: Path) -> None:
    item = {"choices": {"A": "tak", "B": "nie"}, "id": 1, "year": 2020, "area": "karne"}
    path = a_file(tmp_path, "exam.jsonl", line("Czy?", "A", **item), line("Czy nie?", "B", **item))
    assert [record.id for record in read(LoadSettings(source=str(path))).records] == ["2020-1", "2020-1-2"]


def test_named_fields_are_read_under_our_names(tmp_path: Path) -> None:
    path = a_file(tmp_path, "corpus.csv", "nr,pytanie,odpowiedź\n7,Czy?,Tak.\n")
    fields = {"id": "nr", "question": "pytanie", "answer": "odpowiedź"}
    record = read(LoadSettings(source=str(path), fields=fields)).records[0]
    assert (record.id, record.question, record.answer) == ("7", "Czy?", "Tak.")


def test_a_row_that_lacks_a_field_is_named_with_the_remedy(tmp_path: Path) -> None:
    path = a_file(tmp_path, "corpus.csv", "pytanie,odpowiedź\nCzy?,Tak.\n")
    message = refusal(BadRow, path)
    assert message.startswith(f"{path}:2: no field 'question'")
    assert "found the fields 'pytanie', 'odpowiedź'" in message
    assert "--load.fields question=NAME" in message
    assert message.endswith("Or set such rows aside with --load.bad-rows quarantine.")


def test_a_format_that_is_named_is_not_guessed(tmp_path: Path) -> None:
    path = a_file(tmp_path, "corpus.jsonl", line("Czy?"))
    assert "no field 'messages'" in refusal(BadRow, path, format="openai")


def test_quarantine_sets_bad_rows_aside_with_their_reason(tmp_path: Path) -> None:
    path = a_file(
        tmp_path, "corpus.jsonl", '{"foo": 1}\n', line("Czy A?", id="a"), "{\n", line("Czy B?", id="a"), "5\n"
    )
    kept = read(LoadSettings(source=str(path), bad_rows="quarantine", max_bad_share=0.8))
    assert [record.id for record in kept.records] == ["a"]
    assert kept.counts() == {"bad_row": 4}
    assert [item.record.source for item in kept.dropped] == [f"corpus.jsonl:{number}" for number in (1, 3, 4, 5)]
    assert [item.detail.partition(": ")[2][:20] for item in kept.dropped] == [
        "no field 'question' ",
        "not valid JSON: Expe",
        "the id 'a' is alread",
        "expected a JSON obje",
    ]


def test_quarantine_stops_above_the_share_that_is_allowed(tmp_path: Path) -> None:
    lines = [line(f"Czy {number}?") for number in range(98)]
    path = a_file(tmp_path, "corpus.jsonl", *lines[:50], "{\n", *lines[50:], "{\n")
    message = refusal(BadRow, path, bad_rows="quarantine")
    assert message.startswith("2 of 100 rows cannot be read, more than load.max_bad_share=0.01 allows; the first: ")
    assert f"{path}:51: not valid JSON" in message
    kept = read(LoadSettings(source=str(path), bad_rows="quarantine", max_bad_share=0.02))
    assert (len(kept.records), len(kept.dropped)) == (98, 2)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.jsonl", ""),
        ("blank.jsonl", "\n \n\r\n"),
        ("mark.jsonl", "\ufeff"),
        ("empty.json", ""),
        ("array.json", "[]"),
        ("object.json", '{"rows": [], "of": 1}'),
        ("empty.csv", ""),
        ("header.csv", "question,answer\n"),
        ("header.tsv", "question\tanswer\r\n\r\n"),
    ],
)
def test_a_file_without_rows_is_refused(tmp_path: Path, name: str, content: str) -> None:
    path = a_file(tmp_path, name, content)
    assert refusal(TooFewRows, path).startswith(f"{path}: no rows;")


def test_a_source_of_nothing_but_bad_rows_is_refused_even_when_all_may_be_bad(tmp_path: Path) -> None:
    path = a_file(tmp_path, "corpus.jsonl", "{\n")
    message = refusal(TooFewRows, path, bad_rows="quarantine", max_bad_share=1)
    assert message.startswith(f"{path}: no rows that can be read; the first: {path}:1: not valid JSON")


@pytest.mark.parametrize("source", ["nowhere.jsonl", "x" * 300, "a\0b", "/dev/null"])
def test_a_source_that_is_not_there_is_named(tmp_path: Path, source: str) -> None:
    message = refusal(MissingInput, tmp_path / source)
    assert "check load.source" in message


def test_a_folder_without_files_to_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "nested").mkdir()
    a_file(tmp_path, "README.md", "# About")
    assert "the folder holds no files to read" in refusal(MissingInput, tmp_path)


def test_a_foreign_file_in_a_folder_is_not_passed_over(tmp_path: Path) -> None:
    a_file(tmp_path, "a.jsonl", line("Czy?"))
    a_file(tmp_path, "b.docx", "x")
    assert "b.docx: unknown ending '.docx'" in refusal(BadRow, tmp_path)


@pytest.fixture
def locked_folder() -> Iterator[Path]:
    """A folder that this process, for the time of the test, may not read."""
    with tempfile.TemporaryDirectory() as name:
        before = os.geteuid()
        Path(name).chmod(0)
        if before == 0:
            os.seteuid(65534)
        try:
            yield Path(name)
        finally:
            os.seteuid(before)
            Path(name).chmod(0o700)


def test_a_source_that_may_not_be_read_is_named(locked_folder: Path) -> None:
    assert "no permission to read it" in refusal(NoPermission, locked_folder)
    assert "no permission to read it" in refusal(NoPermission, locked_folder / "rows.jsonl")


def test_a_field_that_we_do_not_have_cannot_be_named() -> None:
    with pytest.raises(ValidationError, match="'qestion' is none of our fields"):
        LoadSettings(fields={"qestion": "pytanie"})


def test_every_setting_says_what_it_does() -> None:
    assert [name for name, field in LoadSettings.model_fields.items() if not field.description] == []


def test_the_sample_of_the_package_is_the_default() -> None:
    kept = read(LoadSettings())
    assert len(kept.records) > 400
    assert kept.dropped == []


def test_the_real_exams_load_whole() -> None:
    if not EXAMS.is_file():
        pytest.skip("needs the exam file beside the project")
    kept = read(LoadSettings(source=str(EXAMS)))
    assert kept.summary() == "Kept 1451 of 1451 rows; dropped: none."
    assert len({record.id for record in kept.records}) == 1451
    assert {record.item_type for record in kept.records} == {"exam"}


NAMES = st.sampled_from(["question", "answer", "id", "choices", "messages", "role", "content", "year", "legal_basis"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.sampled_from(["user", "A"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=8,
)
ROWS = st.lists(st.dictionaries(NAMES, VALUES, max_size=6), max_size=4)


@given(content=st.binary(max_size=300) | ROWS.map(lambda rows: "\n".join(map(json.dumps, rows)).encode()))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_load_or_are_refused_and_nothing_else(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.jsonl"
    path.write_bytes(content)
    try:
        kept = read(LoadSettings(source=str(path)))
    except ParagrafError as error:
        assert "\n" not in str(error)
    else:
        assert kept.records
        assert all(record.id and record.source for record in kept.records)


def test_lines_of_several_encodings_are_read_each_in_its_own_and_counted(tmp_path: Path) -> None:
    question, answer = "Czy sąd może odroczyć wykonanie żądania?", "Tak, jeżeli zażąda tego dłużnik; źródło: ćwiczenia."
    path = tmp_path / "mixed.jsonl"
    encodings = ["utf-8", "cp1250", "iso8859-2", "utf-8"]
    path.write_bytes(b"".join(line(question, answer).encode(encoding) for encoding in encodings))
    assert "--load.encoding auto" in refusal(BadRow, path)
    kept = read(LoadSettings(source=str(path), encoding="auto"))
    assert [(record.question, record.answer) for record in kept.records] == [(question, answer)] * 4
    assert [change.reasons for change in kept.changed] == [("decoded_cp1250",), ("decoded_iso-8859-2",)]


def test_a_line_in_no_encoding_of_polish_is_one_bad_row(tmp_path: Path) -> None:
    path = tmp_path / "mixed.jsonl"
    path.write_bytes(line("Czy można?").encode() * 3 + b'{"question": "\xff\xfe\xfd\x90\x81", "answer": "x"}\n')
    kept = read(LoadSettings(source=str(path), encoding="auto", bad_rows="quarantine", max_bad_share=0.5))
    assert [item.record.source for item in kept.dropped] == ["mixed.jsonl:4"]
