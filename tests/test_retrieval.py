"""What is looked up for a question: the right row and the right provision, though the question has other words."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paragraf.baselines.asking import Asking
from paragraf.baselines.documents import blocks_of, cut
from paragraf.baselines.library import Example, Library, Passage
from paragraf.baselines.retrieval import Index, Librarian
from paragraf.law import find
from paragraf.records import Record

GOLD = Path(__file__).parent / "gold"
SAMPLE = Path(__file__).parents[1] / "paragraf" / "data" / "sample.jsonl"
STATUTES = Path(__file__).parents[2] / "shared" / "data" / "statutes"


def lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def a_library(examples: list[Example], passages: list[Passage]) -> Library:
    return Library.write(examples, passages, {})


@pytest.fixture
def librarian() -> Librarian:
    examples = [
        Example("urlop", "Ile dni urlopu mi przysługuje?", "20 albo 26 dni.", group="urlop"),
        Example("spadek", "Jak odrzucić spadek?", "Przed sądem albo notariuszem.", group="spadek"),
        Example("najem", "Czy najemca płaci kaucję?", "Jeśli umowa tak mówi.", group="najem"),
    ]
    passages = [
        Passage("Umowa najmu lokalu może przewidywać kaucję.", "art. 6 u.o.p.l."),
        Passage("Przed sądem albo notariuszem.", "art. 1018 § 3 k.c.", "Jak odrzucić spadek?", "spadek", "spadek"),
    ]
    library = a_library(examples, passages)
    return Librarian(Asking(way="rag", examples=2, passages=2, library=library))


def asked(question: str, name: str = "x", origin: str = "", group: str = "") -> Record:
    return Record(id=name, question=question, answer="Tak.", origin=origin, group=group)


def test_rows_are_found_by_questions_in_other_words() -> None:
    rows = lines(SAMPLE)
    index = Index([f"{row['question']}\n{row['answer']}" for row in rows])
    gold = lines(GOLD / "retrieval.jsonl")
    hits = [item["row"] in [rows[number]["id"] for number in index.nearest(item["question"])[:3]] for item in gold]
    assert len(hits) == 72
    assert sum(hits) / len(hits) >= 0.85


@pytest.mark.skipif(not STATUTES.is_dir(), reason="the statutes are not here")
def test_provisions_are_found_by_questions_in_everyday_words() -> None:
    passages = [piece for block in blocks_of(STATUTES) for piece in cut(block)]
    index = Index([f"{passage.citation}\n{passage.text}" for passage in passages])
    gold = lines(GOLD / "provisions.jsonl")

    def is_found(item: dict[str, str]) -> bool:
        [wanted] = find(item["provision"])
        nearest = (passages[number].citation for number in index.nearest(item["question"])[:3])
        return wanted.level1 in [citation.level1 for name in nearest for citation in find(name)]

    assert len(gold) == 42
    assert sum(map(is_found, gold)) / len(gold) >= 0.65


def test_inflected_and_mistyped_words_are_found() -> None:
    index = Index(["Wypowiedzenie umowy najmu", "Zasiedzenie nieruchomości", "Odrzucenie spadku"])
    assert index.nearest("jak odrzucic spadek po dziadku")[0] == 2
    assert index.nearest("zasiedziałem nieruchomość")[0] == 1


def test_a_cited_provision_is_found_by_its_number() -> None:
    index = Index([f"art. {number} k.c. Tekst przepisu o zobowiązaniach." for number in range(400, 430)])
    assert index.nearest("Co mówi art. 415 k.c.?")[0] == 15


@pytest.mark.parametrize("texts", [[], ["", "..."]])
def test_where_there_are_no_words_nothing_is_found(texts: list[str]) -> None:
    assert Index(texts).nearest("Jaki jest termin?") == []


def test_what_shares_nothing_with_a_question_is_not_found() -> None:
    assert Index(["Kaucja przy najmie", "Odrzucenie spadku"]).nearest("xyzv") == []


@settings(deadline=None)
@given(st.lists(st.text("abcdefgh .", max_size=30), max_size=8), st.text("abcdefgh .", max_size=30))
def test_every_text_is_found_at_most_once_and_in_the_same_order(texts: list[str], question: str) -> None:
    first, second = Index(texts).nearest(question), Index(texts).nearest(question)
    assert first == second
    assert len(set(first)) == len(first)
    assert set(first) <= set(range(len(texts)))


def test_the_nearest_come_first(librarian: Librarian) -> None:
    found = librarian.found(asked("Kiedy najemca musi zapłacić kaucję?"))
    assert found.examples[0].row == "najem"
    assert found.passages[0].citation == "art. 6 u.o.p.l."


@pytest.mark.parametrize(
    "record",
    [
        asked("Jak odrzucić spadek?", name="spadek"),
        asked("Jak odrzucić spadek po wujku?", origin="spadek"),
        asked("Jak nie przyjąć spadku?", group="spadek"),
    ],
)
def test_a_row_never_finds_itself_its_origin_or_its_kin(librarian: Librarian, record: Record) -> None:
    found = librarian.found(record)
    assert "spadek" not in [item.row for item in (*found.examples, *found.passages)]


def test_no_more_is_found_than_was_asked_for(librarian: Librarian) -> None:
    found = librarian.found(asked("Czy najemca odrzuci spadek, urlop i kaucję?"))
    assert (len(found.examples), len(found.passages)) == (2, 2)


def test_a_way_that_lays_nothing_before_finds_nothing() -> None:
    found = Librarian(Asking()).found(asked("Jak odrzucić spadek?"))
    assert (found.examples, found.passages) == ((), ())


def test_examples_without_a_library_are_refused() -> None:
    with pytest.raises(ValueError, match="need a library"):
        Asking(way="few_shot", examples=2)
