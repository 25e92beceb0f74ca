"""What a file may hold and still be read, and how every file that may not is refused."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paragraf.encodings import guess, is_damaged_utf8, wide_encoding
from paragraf.errors import BadRow, MissingInput, NoPermission, ParagrafError
from paragraf.lines import Place
from paragraf.reader import Row, read_rows

POLISH = "Czy zażalenie wnosi się w terminie tygodniowym, jeżeli sąd nie orzekł inaczej? Źródło: kodeks, część ósma."
GOOD = '{"question": "Ile wynosi zachowek?", "answer": "Połowę udziału."}\n'.encode()
ROW = {"question": "Ile wynosi zachowek?", "answer": "Połowę udziału."}
BOM = b"\xef\xbb\xbf"


def a_file(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def rows_of(path: Path) -> list[tuple[int, Row]]:
    return list(read_rows(path))


def polish_row(encoding: str) -> bytes:
    return f'{{"question": "{POLISH}", "answer": "tak"}}\n'.encode(encoding)


@pytest.mark.parametrize(
    ("name", "content", "numbers"),
    [
        ("plain.jsonl", GOOD + GOOD, [1, 2]),
        ("no-last-end.jsonl", GOOD + GOOD.rstrip(), [1, 2]),
        ("other-ending.NDJSON", GOOD, [1]),
        ("mark.jsonl", BOM + GOOD, [1]),
        ("two-marks.jsonl", BOM + GOOD + BOM + GOOD, [1, 2]),
        ("crlf.jsonl", (GOOD + GOOD).replace(b"\n", b"\r\n"), [1, 2]),
        ("cr.jsonl", (GOOD + GOOD).replace(b"\n", b"\r"), [1, 2]),
        ("blank.jsonl", b"\n  \n" + GOOD + b"\r\n\n\t\n" + GOOD + b"\n\n", [3, 7]),
        ("array.json", BOM + b"[" + GOOD + b", " + GOOD.replace(b"\n", b"\r\n") + b"]", [1, 2]),
        ("object.json", b'{"version": {"of": 1}, "data": [' + GOOD + b"," + GOOD + b'], "more": "x"}', [1, 2]),
        ("comma.csv", BOM + "question,answer\nIle wynosi zachowek?,Połowę udziału.\n".encode(), [2]),
        ("semicolon.csv", "question;answer\r\n;\r\nIle wynosi zachowek?;Połowę udziału.\r\n".encode(), [3]),
        ("tab.tsv", "question\tanswer\tmore, or less\nIle wynosi zachowek?\tPołowę udziału.\t-".encode(), [2]),
        ("cr.csv", '"question","answer",\r"Ile wynosi zachowek?","Połowę udziału.",'.encode(), [2]),
    ],
)
def test_harmless_differences_give_the_same_rows(tmp_path: Path, name: str, content: bytes, numbers: list[int]) -> None:
    found = rows_of(a_file(tmp_path, name, content))
    assert [number for number, _ in found] == numbers
    assert all({"question": row["question"], "answer": row["answer"]} == ROW for _, row in found)


def test_unicode_line_ends_inside_a_string_do_not_end_the_line(tmp_path: Path) -> None:
    content = '{"question": "jeden\u2028dwa\u0085trzy\x0b"}\n{"question": "b"}'.replace("\x0b", "\\u000b").encode()
    found = rows_of(a_file(tmp_path, "ends.jsonl", content))
    assert found == [(1, {"question": "jeden\u2028dwa\u0085trzy\x0b"}), (2, {"question": "b"})]


def test_whole_surrogate_pairs_and_escaped_nul_come_through_for_cleaning(tmp_path: Path) -> None:
    path = a_file(tmp_path, "escapes.jsonl", rb'{"question": "\ud83d\ude00 a\u0000b"}')
    assert rows_of(path) == [(1, {"question": "\U0001f600 a\x00b"})]


def test_a_csv_cell_may_hold_lines_quotes_and_the_delimiter(tmp_path: Path) -> None:
    path = a_file(tmp_path, "cells.csv", b'a;b\n"1\n\n2";"x ""y"";z"\n3;4\n')
    assert rows_of(path) == [(2, {"a": "1\n\n2", "b": 'x "y";z'}), (5, {"a": "3", "b": "4"})]


def test_lines_keep_their_numbers_where_pieces_of_the_file_meet(tmp_path: Path) -> None:
    lines = [f'{{"n": {number}, "text": "{"ż" * (number % 700)}"}}' for number in range(1, 2000)]
    path = a_file(tmp_path, "pieces.jsonl", "\r\n".join(lines).encode())
    assert [(number, row["n"]) for number, row in rows_of(path)] == [(number, number) for number in range(1, 2000)]


def test_parquet_rows_are_numbered_from_one(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow.parquet import write_table

    path = tmp_path / "rows.parquet"
    write_table(pyarrow.table({"question": ["a", "ż"], "choices": [{"A": "x"}, None], "basis": [["art. 1"], []]}), path)
    assert rows_of(path) == [
        (1, {"question": "a", "choices": {"A": "x"}, "basis": ["art. 1"]}),
        (2, {"question": "ż", "choices": None, "basis": []}),
    ]


DEEP = b"[" * 200_000
FAULTS: dict[str, tuple[bytes, list[str]]] = {
    "broken.jsonl": (GOOD + b'{"question": "a" "answer": "b"}', [":2:", "not valid JSON", "column 18", "correct it"]),
    "truncated.jsonl": (GOOD + GOOD[:30], [":2:", "not valid JSON", "Unterminated string"]),
    "control.jsonl": (b'{"question": "a\x01b"}', [":1:", "not valid JSON", "control character"]),
    "two-on-a-line.jsonl": (GOOD.rstrip() + GOOD, [":1:", "line of its own"]),
    "pretty.jsonl": (b'{\n "question": "a"\n}\n', [":1:", "one JSON document", ".json"]),
    "array.jsonl": (b"[" + GOOD.rstrip() + b"]", [":1:", "expected a JSON object, found a list", ".json file"]),
    "text.jsonl": (GOOD + b'"just text"', [":2:", "expected a JSON object, found text ('just text')"]),
    "number.jsonl": (b"17", [":1:", "found a number ('17')", "write the row as {...}"]),
    "null.jsonl": (b"\n\nnull", [":3:", "found null"]),
    "nul.jsonl": (GOOD + GOOD + b'{"question": "a\0"}', [":3:", "NUL byte at byte 16", "get it again"]),
    "surrogate.jsonl": (rb'{"question": "a\ud800"}', [":1:", r"\ud800", "lone surrogate", "write the whole one"]),
    "surrogate-key.jsonl": (rb'{"\uDFFF": "a"}', [":1:", r"\udfff", "lone surrogate"]),
    "twice.jsonl": (b'{"answer": "a", "answer": "b"}', [":1:", "the key 'answer' stands 2 times", "keep the one"]),
    "twice-inside.jsonl": (b'{"a": [{"b": 1, "b": 1}]}', [":1:", "the key 'b' stands 2 times"]),
    "nan.jsonl": (GOOD + b'{"year": NaN}', [":2:", "NaN", "null or leave the field out"]),
    "infinity.jsonl": (b'{"year": -Infinity}', [":1:", "-Infinity"]),
    "too-large.jsonl": (b'{"year": 1e999}', [":1:", "a number that no computer holds (1e999"]),
    "digits.jsonl": (b'{"year": ' + b"9" * 5000 + b"}", [":1:", "a number of 5000 digits", "write it as text"]),
    "deep.jsonl": (GOOD + b'{"a": ' + DEEP + b"]" * 200_000 + b"}", [":2:", "nested 200001 deep", "more than 100"]),
    "deep-open.jsonl": (DEEP, [":1:", "nested 200000 deep", "write the row flat"]),
    "long.jsonl": (
        GOOD + b'{"a": "' + b"x" * (1 << 20) + b'"}\n' + GOOD,
        [":2:", "more than 1 MiB", "cut the document"],
    ),
    "cp1250.jsonl": (polish_row("cp1250"), [":1:", "probably CP1250", "iconv -f CP1250 -t UTF-8 "]),
    "iso.jsonl": (b'{"a": "b"}\n' + polish_row("iso8859-2"), [":2:", "ISO-8859-2", "iconv -f ISO-8859-2 -t UTF-8 "]),
    "dos.jsonl": (polish_row("cp852"), [":1:", "CP852", "iconv -f CP852 -t UTF-8 "]),
    "mac.jsonl": (polish_row("mac_latin2"), [":1:", "iconv -f MAC-CENTRALEUROPE -t UTF-8 "]),
    "utf16.jsonl": (polish_row("utf-16"), ["UTF-16;", "iconv -f UTF-16 -t UTF-8 "]),
    "utf16le.jsonl": (polish_row("utf-16-le"), ["iconv -f UTF-16LE -t UTF-8 "]),
    "utf16be.csv": ("question,answer\na,b\n".encode("utf-16-be"), ["iconv -f UTF-16BE -t UTF-8 "]),
    "utf32.json": ('[{"a": 1}]'.encode("utf-32"), ["iconv -f UTF-32 -t UTF-8 "]),
    "cp1250.csv": (f"question;answer\na;b\n{POLISH};tak\n".encode("cp1250"), [":3:", "iconv -f CP1250 -t UTF-8 "]),
    "cp1250.json": (b"[" + polish_row("cp1250") + b"]", [":1:", "iconv -f CP1250 -t UTF-8 "]),
    "flipped.jsonl": (GOOD + polish_row("utf-8").replace("ż".encode(), b"\xc5\xff", 1), [":2:", "0xC5", "damaged"]),
    "gzip.jsonl": (b"\x1f\x8b\x08\x00\x00", ["gzip", "gunzip"]),
    "excel.csv": (b"PK\x03\x04\x14\x00\x06", ["Excel", "CSV (UTF-8)"]),
    "rows.jsonl.gz": (b"\x1f\x8b\x08", ["compressed files are not read", "gunzip"]),
    "rows.xlsx": (b"PK", ["'.xlsx'", ".jsonl, .ndjson, .json, .csv, .tsv, .parquet"]),
    "noending": (GOOD, ["unknown ending ''", ".jsonl"]),
    "open.json": (b'[{"a": 1}, {"a": 2}', [":3:", "not valid JSON", "found the end"]),
    "comma.json": (b'[{"a": 1},\n {"a": 2},\n]', [":3:", "not valid JSON", "line 3, column 1"]),
    "bare.json": (b'"text"', [":1:", "expected an array of objects", "[{...}, {...}]"]),
    "lines.json": (GOOD + GOOD, [":1:", "JSON Lines?", ".jsonl"]),
    "twolists.json": (b'{"a": [], "b": []}', [":1:", "a second list ('b')", "one array of objects"]),
    "nolist.json": (GOOD, [":1:", "an object without a list of rows"]),
    "twice.json": (b'[{"a": 1}, {"a": 2, "a": 3}]', [":2:", "the key 'a' stands 2 times"]),
    "items.json": (b'[{"a": 1}, 5]', [":2:", "expected a JSON object, found a number ('5')"]),
    "follows.json": (b'[{"a": 1}] x', [":2:", "something follows the end", "found 'x'"]),
    "deep.json": (b'[{"a": ' + DEEP + b"]" * 200_000 + b"}]", [":1:", "nested 200002 deep"]),
    "nul.json": (b'[{"a": 1},\n{"a": "\0"}]', [":2:", "NUL byte"]),
    "cells.csv": (
        b"question,answer\na,b\na,b,c\n",
        [":3:", "3 cells in a row where the header has 2", "quote every cell"],
    ),
    "quote.csv": (b'question,answer\na,b\n"a,b\nc,d\n', [":3:", "not valid CSV", "close every quotation mark"]),
    "after-quote.csv": (b'question,answer\n"a"b,c\n', [":2:", "not valid CSV", "expected after"]),
    "columns.csv": (b"answer,answer\na,b\n", [":1:", "the column 'answer' stands 2 times"]),
    "nul.csv": (b"question,answer\na,b\0\n", [":2:", "NUL byte"]),
    "huge-cell.csv": (b'a,b\n1,"' + b"x\n" * 100_000 + b'"\n', [":2:", "not valid CSV", "field limit"]),
    "random.parquet": (b"PAR1 and then nothing of the kind PAR1", ["Parquet file is damaged", "get it again"]),
    "empty.parquet": (b"", ["Parquet file is damaged"]),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_damaged_file_is_refused_on_one_line_with_place_finding_and_remedy(tmp_path: Path, name: str) -> None:
    content, fragments = FAULTS[name]
    path = a_file(tmp_path, name, content)
    with pytest.raises(BadRow) as caught:
        rows_of(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert [fragment for fragment in fragments if fragment not in message] == []
    assert "\n" not in message
    assert len(message.replace(str(tmp_path), "")) < 300


@pytest.mark.parametrize("encoding", ["cp1250", "iso8859-2", "cp852", "utf-16", "utf-16-be"])
def test_the_command_in_the_message_converts_the_file(tmp_path: Path, encoding: str) -> None:
    if shutil.which("iconv") is None:
        pytest.skip("needs iconv")
    path = a_file(tmp_path, "stary plik.jsonl", polish_row(encoding))
    with pytest.raises(BadRow) as caught:
        rows_of(path)
    subprocess.run(["sh", "-c", str(caught.value).partition("convert it with: ")[2]], check=True)
    assert rows_of(tmp_path / "stary plik.utf8.jsonl") == [(1, {"question": POLISH, "answer": "tak"})]


def test_a_line_in_another_encoding_is_found_behind_good_ones(tmp_path: Path) -> None:
    path = a_file(tmp_path, "mixed.jsonl", GOOD * 300 + polish_row("cp1250") + GOOD * 300)
    with pytest.raises(BadRow, match=r"mixed\.jsonl:301: .* probably CP1250"):
        rows_of(path)


def test_bytes_that_were_utf8_once_are_told_from_another_encoding() -> None:
    assert is_damaged_utf8(POLISH.encode()[:-1] + b"\xc5")
    assert not is_damaged_utf8("CZĘŚĆ ŻÓŁĆ".encode("iso8859-2"))


@pytest.mark.parametrize(
    ("sample", "encoding"),
    [
        (b"b\xb9d\x9f zdr\xf3w", "CP1250"),
        (b"\xb9", "CP1250"),
        (b"\x84art. 5\x94 \x96 \xa7 1", "CP1250"),
        (bytes(range(128, 160)), ""),
        (b"\xff\xfe\x81", ""),
    ],
)
def test_the_encoding_of_a_few_letters_is_guessed_only_if_they_are_polish(sample: bytes, encoding: str) -> None:
    assert guess(sample) == encoding


def test_zeroes_alone_are_no_utf16() -> None:
    assert wide_encoding(b"\0" * 4096) == ""


@pytest.mark.parametrize(
    ("name", "content", "bad", "good"),
    [
        ("a.jsonl", GOOD + b"{\n" + GOOD + b"\0\n" + b"x" * 2_000_000 + b"\n" + GOOD, [2, 4, 5], [1, 3, 6]),
        ("b.jsonl", GOOD + POLISH.encode().replace("ż".encode(), b"\xc5x", 1) + b"\n" + GOOD, [2], [1, 3]),
        ("c.json", b'[{"a": 1}, 5, {"a": 2}]', [2], [1, 3]),
        ("d.csv", b'a,b\n1,2\n1,2,3\n"1"x,2\n1,2\n', [3, 4], [2, 5]),
    ],
)
def test_reading_goes_on_after_a_row_that_was_set_aside(
    tmp_path: Path, name: str, content: bytes, bad: list[int], good: list[int]
) -> None:
    rejected: list[Place] = []
    path = a_file(tmp_path, name, content)
    found = list(read_rows(path, lambda place, error: rejected.append(place)))
    assert [number for number, _ in found] == good
    assert [place.number for place in rejected] == bad


def test_a_damaged_csv_line_always_stops_because_it_may_be_part_of_a_cell(tmp_path: Path) -> None:
    path = a_file(tmp_path, "nul.csv", b'a,b\n1,"2\n\0\n3"\n')
    with pytest.raises(BadRow, match=r"nul\.csv:3: a NUL byte"):
        list(read_rows(path, lambda place, error: None))


def test_a_damaged_parquet_file_is_refused(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow.parquet import write_table

    path = tmp_path / "rows.parquet"
    write_table(pyarrow.table({"question": [f"pytanie {number}" for number in range(1000)]}), path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(BadRow, match=r"rows\.parquet:1: the Parquet file is damaged .*; get it again\."):
        rows_of(path)


def test_a_parquet_table_with_two_columns_of_one_name_is_refused(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow.parquet import write_table

    path = tmp_path / "rows.parquet"
    write_table(pyarrow.table([[1], [2]], names=["a", "a"]), path)
    with pytest.raises(BadRow, match="a column stands twice"):
        rows_of(path)


def test_a_missing_file_is_told_from_a_damaged_one(tmp_path: Path) -> None:
    with pytest.raises(MissingInput, match=r"nowhere\.jsonl: cannot be opened .* check the path"):
        rows_of(tmp_path / "nowhere.jsonl")


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder that everybody may search, in a process that is not allowed everything."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        before = os.geteuid()
        try:
            yield folder
        finally:
            os.seteuid(before)


def test_a_file_that_may_not_be_read_is_named(unprivileged: Path) -> None:
    path = a_file(unprivileged, "secret.jsonl", GOOD)
    path.chmod(0)
    if os.geteuid() == 0:
        os.seteuid(65534)
    with pytest.raises(NoPermission, match=r"secret\.jsonl: no permission to read it; .*chmod"):
        rows_of(path)


def test_a_json_file_too_large_for_memory_is_refused_unread(tmp_path: Path) -> None:
    path = a_file(tmp_path, "large.json", b"[")
    os.truncate(path, (256 << 20) + 1)
    with pytest.raises(BadRow, match=r"larger than 256 MiB; save it as JSON Lines"):
        rows_of(path)


def test_a_line_of_200_megabytes_is_refused_within_little_memory(tmp_path: Path) -> None:
    path = a_file(tmp_path, "long.jsonl", b'{"question": "')
    os.truncate(path, 200_000_000)
    program = (
        "import sys, pathlib, paragraf.reader\n"
        "try: list(paragraf.reader.read_rows(pathlib.Path(sys.argv[1])))\n"
        "except paragraf.errors.BadRow as error: print(error)\n"
        "print(pathlib.Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])\n"
    )
    command = [sys.executable, "-c", program, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    message, peak_kilobytes = done.stdout.splitlines()
    assert "long.jsonl:1: a line of more than 1 MiB" in message
    assert int(peak_kilobytes) < 100_000


ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
SCRAPS = rb"""{"question": "a", "answer": "b"} { } [ ] " : , \ \ud800 NaN 1e999 - 7 null a ;""".split(b" ")
BYTES = [b"\n", b"\r", b"\0", b"\xef\xbb\xbf", b"\xc5", b"\xbc", b"\xff\xfe", b" "]
JSON_LIKE = st.lists(st.sampled_from([GOOD, *SCRAPS, *BYTES]), max_size=20).map(b"".join)


@pytest.mark.parametrize("ending", [".jsonl", ".json", ".csv"])
@given(content=st.binary(max_size=200) | JSON_LIKE | ANY_TEXT.map(lambda text: text.encode("cp1250", "ignore")))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_read_or_refused_and_nothing_else(tmp_path: Path, ending: str, content: bytes) -> None:
    path = a_file(tmp_path, f"any{ending}", content)
    try:
        found = rows_of(path)
    except ParagrafError as error:
        assert "\n" not in str(error)
    else:
        assert all(isinstance(row, dict) for _, row in found)
