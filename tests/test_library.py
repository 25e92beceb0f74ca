"""What may be laid before a model: training rows and documents, and nothing that gives a held-out row away."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from paragraf.baselines.documents import LONGEST, blocks_of, cut
from paragraf.baselines.gather import gather
from paragraf.baselines.held_out import HeldOut
from paragraf.baselines.library import Library, Passage
from paragraf.errors import BadRow, Damaged, MissingInput
from paragraf.records import Record
from paragraf.snapshots import Snapshot, Splits

TRAIN = Record(
    id="t1",
    question="Ile wynosi urlop?",
    answer="Urlop wynosi 20 albo 26 dni w roku kalendarzowym.",
    legal_basis=("art. 154 § 1 k.p.",),
    group="g1",
)
OTHER = Record(id="t2", question="Kto dziedziczy po bracie?", answer="Rodzice i rodzeństwo.", group="g2")
VALID = Record(id="v1", question="Kiedy przedawnia się czynsz?", answer="Po trzech latach.", group="g3")
SECRET = (
    "Nakaz zapłaty staje się prawomocny, jeżeli pozwany w ciągu dwóch tygodni od doręczenia nie wniesie od niego "
    "sprzeciwu."
)
TEST = Record(id="x1", question="Kiedy nakaz zapłaty staje się prawomocny?", answer=SECRET, group="g4")


def parts(*train: Record) -> Splits:
    return Splits(
        train=Snapshot.write("train", train),
        valid=Snapshot.write("valid", [VALID]),
        test=Snapshot.write("test", [TEST]),
    )


def gathered(*train: Record, documents: Path | None = None) -> Library:
    return gather(parts(*train), str(documents or ""))


def texts(library: Library) -> str:
    examples, passages = library.read()
    return "\n".join([*(f"{item.question}\n{item.answer}" for item in examples), *(item.text for item in passages)])


def test_training_rows_are_examples_and_their_answers_passages() -> None:
    library = gathered(TRAIN, OTHER)
    examples, passages = library.read()
    assert {item.row for item in examples} == {"t1", "t2"}
    [passage] = [item for item in passages if item.row == "t1"]
    assert passage == Passage(TRAIN.answer, "art. 154 § 1 k.p.", TRAIN.question, "t1", "g1")
    assert (library.examples, library.passages, library.left_out) == (2, 2, {})


def test_variants_are_no_examples() -> None:
    variant = replace(TRAIN, id="t1-n", question="Ile wynosi urolp?", origin="t1", technique="noise")
    assert gathered(TRAIN, variant).examples == 1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (replace(OTHER, id="x1"), "held_out_row"),
        (replace(OTHER, origin="v1"), "held_out_row"),
        (replace(OTHER, group="g4"), "held_out_row"),
        (replace(OTHER, question="kiedy nakaz zaplaty staje sie prawomocny"), "held_out_text"),
        (replace(OTHER, answer="Po trzech  latach"), "held_out_text"),
        (replace(OTHER, answer=f"Krótko mówiąc: {SECRET} Tak jest."), "held_out_text"),
        (replace(OTHER, answer=f"Pytanie brzmi: {TEST.question} To zależy."), "held_out_text"),
    ],
)
def test_a_training_row_that_gives_a_held_out_one_away_is_left_out(row: Record, reason: str) -> None:
    library = gathered(TRAIN, row)
    assert library.left_out == {reason: 1}
    assert [item.row for item in library.read()[0]] == ["t1"]


@pytest.mark.parametrize("name", ["notatki.txt", "notatki.md"])
def test_a_document_that_holds_a_test_answer_is_read_without_it(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    kept = "Sprzeciw wnosi się do sądu, który wydał nakaz zapłaty, na piśmie."
    (folder / name).write_text(f"{kept}\n\n{SECRET.upper()}\n\n{TEST.question} Otóż zaraz to wyjaśnimy.\n", "utf-8")
    library = gathered(TRAIN, documents=folder)
    assert library.left_out == {"held_out_text": 2}
    assert kept in texts(library)
    assert "prawomocny" not in texts(library).lower()


def test_short_words_of_a_held_out_answer_bar_nothing() -> None:
    held_out = HeldOut.of([replace(TEST, question="Czy tak?", answer="Tak.")])
    assert held_out.fault_of_text("Tak, to prawda. Czy tak?") == ""


def test_every_paragraph_of_a_held_out_answer_is_known() -> None:
    second = "Od tego dnia liczy się dwa tygodnie na wniesienie sprzeciwu do sądu, który go wydał."
    held_out = HeldOut.of([replace(TEST, answer=f"{SECRET}\n{second}")])
    assert held_out.fault_of_text(f"Jak wiadomo: {second}") == "held_out_text"


def test_statutes_are_cut_at_their_paragraphs_with_their_citations(tmp_path: Path) -> None:
    kc = {
        "1": "(uchylony)",
        "442^1": "§ 1. Roszczenie o naprawienie szkody przedaw-\n     nia się po trzech latach.\n"
        "§ 2. Jeżeli szkoda wynikła ze zbrodni, to po dwudziestu latach.",
    }
    (tmp_path / "kc.json").write_text(json.dumps(kc), "utf-8")
    assert list(blocks_of(tmp_path)) == [
        Passage("§ 1. Roszczenie o naprawienie szkody przedawnia się po trzech latach.", "art. 442(1) § 1 k.c."),
        Passage("§ 2. Jeżeli szkoda wynikła ze zbrodni, to po dwudziestu latach.", "art. 442(1) § 2 k.c."),
    ]


def test_what_is_no_longer_in_force_is_left_out(tmp_path: Path) -> None:
    article = [
        {"text": "Dawniej termin wynosił dziesięć lat od dnia zdarzenia.", "until": "2018-07-08"},
        {"text": "Obecnie termin wynosi sześć lat od dnia wymagalności.", "from": "2018-07-09"},
    ]
    (tmp_path / "kc.json").write_text(json.dumps({"118": article}), "utf-8")
    assert [block.text for block in blocks_of(tmp_path)] == ["Obecnie termin wynosi sześć lat od dnia wymagalności."]


def test_an_act_that_is_not_known_is_named_by_its_file(tmp_path: Path) -> None:
    (tmp_path / "regulamin.json").write_text(json.dumps({"3": "Najemca płaci czynsz do dziesiątego dnia miesiąca."}))
    assert [block.citation for block in blocks_of(tmp_path)] == ["art. 3 (regulamin)"]


def test_a_text_is_cited_by_its_file_and_heading(tmp_path: Path) -> None:
    text = (
        "# Najem\n\nWynajmujący wydaje rzecz w stanie przydatnym do użytku.\n\n"
        "## Kaucja\nZwraca się ją w miesiąc od opróżnienia lokalu, bez odsetek.\n"
    )
    (tmp_path / "a.md").write_text(text, "utf-8")
    assert [block.citation for block in blocks_of(tmp_path)] == ["a.md, Najem", "a.md, Kaucja"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"Pozew o zap\xb3at\xea", r"a\.txt: not readable as UTF-8"),
        ("kc.json", b"[1]", r"kc\.json: expected an object of article numbers"),
    ],
)
def test_a_document_that_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadRow, match=message):
        list(blocks_of(tmp_path))


def test_a_folder_without_documents_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingInput, match=r"nope: no folder with \.json, \.txt, \.md files"):
        gathered(TRAIN, documents=tmp_path / "nope")


def test_long_texts_are_cut_at_the_ends_of_sentences_and_nothing_is_lost() -> None:
    sentence = "Wynajmujący może wypowiedzieć umowę z zachowaniem terminów ustawowych."
    block = Passage(" ".join([sentence] * 40), "art. 673 k.c.")
    pieces = cut(block)
    assert all(len(piece.text) <= LONGEST and piece.text.endswith("ustawowych.") for piece in pieces)
    assert " ".join(piece.text for piece in pieces) == block.text
    assert {piece.citation for piece in pieces} == {"art. 673 k.c."}


def test_a_text_without_any_blank_is_cut_all_the_same() -> None:
    assert [len(piece.text) for piece in cut(Passage("x" * (2 * LONGEST + 1), ""))] == [LONGEST, LONGEST, 1]


def test_the_same_rows_and_documents_are_the_same_library() -> None:
    assert gathered(TRAIN, OTHER) == gathered(OTHER, TRAIN)


def test_a_damaged_library_is_not_read(tmp_path: Path) -> None:
    library = gathered(TRAIN)
    with (tmp_path / library.path / "examples.jsonl").open("a") as file:
        file.write("{}\n")
    with pytest.raises(Damaged, match=r"examples\.jsonl"):
        library.read()
