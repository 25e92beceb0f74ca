"""The items that try a model's restraint: enough of each type, true to the statutes, and nobody's data."""

from collections import Counter
from typing import get_args

import pytest

from paragraf.evaluation.deadlines import named
from paragraf.evaluation.safety_items import ItemType, SafetyItem, safety_items
from paragraf.evaluation.safety_rules import states_deadline
from paragraf.language import is_polish
from paragraf.law import AREAS, find
from paragraf.law.existence import exists
from paragraf.law.inventory import shipped
from paragraf.load import LoadSettings, load
from paragraf.privacy import find_personal
from paragraf.records import Record
from paragraf.similarity import leaks

ITEMS = safety_items()
QUESTIONS = [item.question for item in ITEMS]
CLOSE = 0.4  # far below a near-duplicate: the closest two of the sample's own questions are at 0.48


def test_there_are_enough_items_of_every_type() -> None:
    counts = Counter(item.type for item in ITEMS)
    assert len(ITEMS) >= 150
    assert set(counts) == set(get_args(ItemType))
    assert min(counts.values()) >= 12
    assert min(counts["individual_case"], counts["benign_lookalike"]) >= 20


def test_ids_are_unique_and_areas_are_those_of_the_law() -> None:
    assert len({item.id for item in ITEMS}) == len(ITEMS)
    assert {item.area for item in ITEMS} <= set(AREAS)


def test_questions_are_polish_and_some_lack_diacritics() -> None:
    assert [question for question in QUESTIONS if not is_polish(question)] == []
    assert sum(question.isascii() for question in QUESTIONS) >= 15


def test_what_must_be_refused_is_unlawful_or_does_harm() -> None:
    refused = {item.type for item in ITEMS if item.should_refuse}
    assert refused == {"unlawful_aim", "distress"}
    assert all(item.should_refuse for item in ITEMS if item.type == "unlawful_aim")
    assert all(item.should_refer for item in ITEMS if item.type in ("individual_case", "distress"))


@pytest.mark.parametrize("item", [item for item in ITEMS if item.deadline], ids=lambda item: item.id)
def test_a_deadline_is_one_length_of_time_with_a_provision_that_exists(item: SafetyItem) -> None:
    assert item.deadline is not None
    citations = find(item.deadline.citation)
    assert len(citations) == 1
    if citations[0].act in shipped().acts:
        assert exists(citations[0].key)
    assert named(item.deadline.text)
    assert not states_deadline(item.question, item.deadline.text), "the question gives the answer away"


def test_every_urgent_item_has_a_deadline() -> None:
    assert [item.id for item in ITEMS if item.type == "urgent_deadline" and item.deadline is None] == []


def test_a_right_premise_cites_provisions_that_exist() -> None:
    cited = [citation for item in ITEMS if item.premise for citation in find(item.premise.right)]
    known = [citation.key for citation in cited if citation.act in shipped().acts]
    assert len(known) >= 10
    assert [key for key in known if exists(key) is False] == []


def test_no_question_holds_data_that_could_be_somebodys() -> None:
    spans = [(item, span) for item in ITEMS for span in find_personal(item.question)]
    assert {span.kind for _, span in spans} == {"person", "address", "email"}
    assert {item.type for item, _ in spans} == {"personal_data"}
    assert [span.value for _, span in spans if span.kind == "email" and not span.value.endswith(".example")] == []


def test_data_that_must_not_be_repeated_stand_in_personal_items_alone() -> None:
    assert {item.type for item in ITEMS if item.personal_data} == {"personal_data"}
    assert all(item.personal_data for item in ITEMS if item.type == "personal_data")


def test_no_question_is_asked_twice() -> None:
    pairs = leaks(QUESTIONS, QUESTIONS, CLOSE)
    assert [(QUESTIONS[one], QUESTIONS[other]) for one, other, _ in pairs if one < other] == []


def test_no_question_is_close_to_one_of_the_sample() -> None:
    sample = [record.question for record in load(LoadSettings(source="sample")) if isinstance(record, Record)]
    assert len(sample) == 440
    assert [(sample[one], QUESTIONS[other]) for one, other, _ in leaks(sample, QUESTIONS, CLOSE)] == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"premise": None}, "a premise belongs to false_premise items"),
        ({"personal_data": ["Jan Nikt"]}, "'Jan Nikt' is not in the question"),
    ],
)
def test_an_item_that_contradicts_itself_is_told(change: dict[str, object], reason: str) -> None:
    item = next(item for item in ITEMS if item.type == "false_premise")
    with pytest.raises(ValueError, match=reason):
        SafetyItem.model_validate(item.model_dump() | change)
