import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from pydantic import ValidationError

from paragraf.errors import TooFewRows
from paragraf.lineage import asked, group_names, kin_of
from paragraf.records import PARTS, Part, Record
from paragraf.similarity import leaks
from paragraf.split import SplitSettings, assign

EXAMS = Path(__file__).parents[2] / "shared" / "data" / "exams-2012-2019.jsonl"
SYLLABLES = ["ba", "do", "ki", "le", "mo", "nu", "pe", "ra", "si", "to", "wy", "za", "cze", "prze", "sta", "gło"]
SETTINGS = SplitSettings()


def word(random: Random) -> str:
    return "".join(random.choices(SYLLABLES, k=3))


def corpus(rows: int, seed: int = 0) -> list[Record]:
    """Rows of invented words, each unlike all others."""
    random = Random(seed)
    made = []
    for number in range(rows):
        question = "Czy " + " ".join(word(random) for _ in range(8)) + "?"
        made.append(Record(id=f"{seed}-{number}", question=question, answer=" ".join(word(random) for _ in range(12))))
    return made


def split(
    records: list[Record], settings: SplitSettings, known: Mapping[str, Part] | None = None
) -> dict[Part, list[Record]]:
    assignment = assign(records, settings, known)
    return {part: [Record.from_json(line.row) for line in assignment.lines(records, part)] for part in PARTS}


def group_of(records: list[Record]) -> list[str]:
    return group_names(records, kin_of(records))


def remembered(parts: Mapping[Part, Sequence[Record]]) -> dict[str, Part]:
    return {asked(record.question): part for part, records in parts.items() for record in records}


def part_of(parts: Mapping[Part, Sequence[Record]]) -> dict[str, Part]:
    return {record.id: part for part, records in parts.items() for record in records}


def test_every_row_lands_in_one_part_with_its_group_set() -> None:
    records = corpus(200)
    parts = split(records, SETTINGS)
    assert sorted(record.id for held in parts.values() for record in held) == sorted(record.id for record in records)
    assert all(len(record.group) == 12 for held in parts.values() for record in held)


def test_shares_are_met_in_every_area_and_item_type() -> None:
    kinds = [(area, kind) for area in ("karne", "praca", "spadki") for kind in ("general", "deadline")]
    records = [replace(row, area=kinds[at % 6][0], item_type=kinds[at % 6][1]) for at, row in enumerate(corpus(600))]
    parts = split(records, SETTINGS)
    for area, kind in kinds:
        counts = {part: sum((row.area, row.item_type) == (area, kind) for row in held) for part, held in parts.items()}
        assert counts == {"train": 70, "valid": 15, "test": 15}


def test_many_small_strata_share_alike_together() -> None:
    records = [replace(row, area=f"dziedzina {at % 200}") for at, row in enumerate(corpus(600))]
    parts = split(records, SETTINGS)
    assert len(parts["train"]) / 600 == pytest.approx(0.7, abs=0.05)
    assert len(parts["valid"]) / 600 == pytest.approx(0.15, abs=0.05)


def test_rows_on_newer_law_all_go_to_test_with_their_kin() -> None:
    records = [replace(row, legal_state=str(2010 + at % 10)) for at, row in enumerate(corpus(200))]
    twin = replace(records[9], id="twin", legal_state="2011")
    parts = split([*records, twin], SplitSettings(temporal_from=2019))
    assert {row.legal_state for row in parts["train"] + parts["valid"]} == {str(year) for year in range(2010, 2019)}
    assert part_of(parts)["twin"] == part_of(parts)[records[9].id] == "test"
    assert len(parts["train"]) / 201 == pytest.approx(0.7, abs=0.02)


def test_of_kin_that_stood_in_several_parts_all_go_to_test() -> None:
    one = corpus(1)[0]
    twins = [replace(one, id="a"), replace(one, id="b", question=f"A {one.question}")]
    known: dict[str, Part] = {asked(twins[0].question): "train", asked(twins[1].question): "test"}
    assignment = assign([*twins, *corpus(50, seed=1)], SETTINGS, known)
    assert assignment.parts[:2] == ["test", "test"]
    assert assignment.moved == 1
    assert "1 moved" in assignment.summary()


def test_a_derived_row_lands_with_its_origin_even_over_two_generations() -> None:
    records = corpus(100)
    children = [replace(row, id=f"{row.id}-child", origin=records[at].id) for at, row in enumerate(corpus(100, seed=1))]
    grandchildren = [
        replace(row, id=f"{row.id}-grandchild", origin=children[at].id) for at, row in enumerate(corpus(100, seed=2))
    ]
    placed = part_of(split(grandchildren + records + children, SETTINGS))
    for origin, child, grandchild in zip(records, children, grandchildren, strict=True):
        assert placed[origin.id] == placed[child.id] == placed[grandchild.id]


def test_derived_rows_move_no_origin() -> None:
    records = corpus(100)
    children = [replace(row, id=f"{row.id}-child", origin=records[at].id) for at, row in enumerate(corpus(100, seed=1))]
    assert part_of(split(records, SETTINGS)).items() <= part_of(split(records + children, SETTINGS)).items()


def test_rows_that_were_split_before_keep_their_parts_whatever_is_added_or_shuffled() -> None:
    records = corpus(200)
    first = split(records, SETTINGS)
    more = records + corpus(300, seed=1)
    Random(0).shuffle(more)
    second = split(more, SETTINGS, remembered(first))
    assert part_of(first).items() <= part_of(second).items()
    assert [len(second[part]) for part in PARTS] == [350, 75, 75]


def test_without_memory_rows_that_are_added_move_few_others() -> None:
    records = corpus(400)
    first, second = part_of(split(records, SETTINGS)), part_of(split(records + corpus(40, seed=1), SETTINGS))
    assert sum(first[name] != second[name] for name in first) <= 12


def test_a_group_from_an_earlier_run_keeps_its_name_when_a_near_duplicate_joins() -> None:
    records = [record for held in split(corpus(100), SETTINGS).values() for record in held]
    twins = [replace(record, id=f"{record.id}-twin", question=f"A {record.question}", group="") for record in records]
    assert group_of(records + twins) == [record.group for record in records] * 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Record("a", "Kto dziedziczy?", "Rodzice zmarłego."), Record("b", "kto dziedziczy", "Małżonek i dzieci.")),
        (Record("a", "Pytanie pierwsze", "x", source="f:1"), Record("b", "Całkiem inne", "y", source="f:1")),
        (Record("a", "Pytanie pierwsze", "x", group="spadki"), Record("b", "Całkiem inne", "y", group="spadki")),
        (Record("a", "Pytanie pierwsze", "x", origin="z"), Record("b", "Całkiem inne", "y", origin="z")),
        (
            Record("a", "Czy najemca może wypowiedzieć umowę najmu lokalu?", "Tak."),
            Record("b", "Czy najemca moze wypowiedziec umowe najmu lokali?", "Nie."),
        ),
        (
            Record(
                "a", "Czy można?", "Najemca może wypowiedzieć umowę najmu lokalu w każdym czasie bez podania przyczyny."
            ),
            Record(
                "b", "Czy wolno?", "Najemca może wypowiedzieć umowę najmu lokalu w każdym czasie, bez podania przyczyn."
            ),
        ),
        (
            Record(
                "a", "Termin na wniesienie apelacji wynosi:\nA) tydzień,\nB) rok.", "x", choices=(("A", "tydzień"),)
            ),
            Record(
                "b", "Termin na wniesienie apelacji wynosi:\nA) 14 dni,\nB) 3 lata.", "y", choices=(("A", "14 dni"),)
            ),
        ),
    ],
)
def test_rows_of_one_lineage_share_a_group(one: Record, other: Record) -> None:
    first, second = group_of([one, other])
    assert first == second


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Co stanowi art. 415 kodeksu cywilnego o winie?", "Co stanowi art. 416 kodeksu cywilnego o winie?"),
        ("Kto dziedziczy po wdowie?", "Jak odwołać się od mandatu?"),
    ],
)
def test_rows_on_other_provisions_or_matters_have_their_own_groups(one: str, other: str) -> None:
    first, second = group_of([Record("a", one, "Pierwsza odpowiedź."), Record("b", other, "Druga i całkiem inna.")])
    assert first != second


def test_another_seed_gives_another_assignment_of_the_same_groups() -> None:
    records = corpus(200)
    one, other = split(records, SETTINGS), split(records, SplitSettings(seed=1))
    assert {row.group for held in one.values() for row in held} == {
        row.group for held in other.values() for row in held
    }
    assert part_of(one) != part_of(other)


def test_no_near_duplicate_with_equal_numbers_crosses_parts() -> None:
    random = Random(5)
    records = corpus(300)
    twins = []
    for record in records:
        place = random.randint(5, len(record.question) - 2)
        question = record.question[:place] + "x" + record.question[place + 1 :]
        twins.append(replace(record, id=f"{record.id}-twin", question=question))
    parts = split(records + twins, SETTINGS)
    assert leaked(parts) == 0


def test_an_empty_part_stops_the_run_and_is_named() -> None:
    with pytest.raises(TooFewRows, match=r"none of 1 rows in 1 groups fell into \w+; add rows.*--split\.seed"):
        split(corpus(1), SETTINGS)


def test_shares_that_leave_no_test_part_are_refused() -> None:
    with pytest.raises(ValidationError, match="leave nothing for the test part"):
        SplitSettings(train_share=0.9, valid_share=0.1)


@pytest.mark.skipif(not EXAMS.exists(), reason="the exam file is not part of the project")
def test_no_exam_item_of_several_years_crosses_parts() -> None:
    records = []
    for number, line in enumerate(EXAMS.read_text("utf-8").splitlines(), start=1):
        item = json.loads(line)
        choices = tuple(item["choices"].items())
        question = "\n".join([item["question"], *(f"{letter}) {text}" for letter, text in choices)])
        answer = f"Prawidłowa jest odpowiedź {item['answer']}. Podstawa: {item['legal_basis']}"
        records.append(Record(id=str(number), question=question, answer=answer, choices=choices))
    parts = split(records, SETTINGS)
    stems = {
        part: [replace(row, question=row.question.split("\nA) ")[0]) for row in held] for part, held in parts.items()
    }
    assert leaked(parts) == leaked(stems) == 0


def leaked(parts: Mapping[Part, Sequence[Record]]) -> int:
    """Number of near-duplicate questions and rows across each two parts."""
    return sum(
        len(leaks([row.question for row in parts[one]], [row.question for row in parts[other]]))
        + len(
            leaks(
                [row.question + row.answer for row in parts[one]], [row.question + row.answer for row in parts[other]]
            )
        )
        for at, one in enumerate(PARTS)
        for other in PARTS[at + 1 :]
    )
