import json
import re
from pathlib import Path

import pytest

from paragraf.settings import Settings
from paragraf.validate import wording
from paragraf.validate.wording import NUMBERS, in_unit, remedy
from paragraf.validation_page import number_rows, publish_validation_page, validation_page
from paragraf.verdict import Verdict
from paragraf.wording import expectation
from tests.pages import HOSTILE, VERDICT, Skeleton, as_harmless, text_of, verdict_of

SUITES = sorted((Path(__file__).parents[1] / "expectations").glob("*.json"))
WRITTEN = [item for suite in SUITES for item in json.loads(suite.read_text("utf-8"))["expectations"]]


def test_hostile_text_never_becomes_markup_in_the_validation_page() -> None:
    harmless, hostile = (validation_page(verdict_of(texts)) for texts in (as_harmless(HOSTILE), HOSTILE))

    assert Skeleton(hostile).elements == Skeleton(harmless).elements
    assert "\x1b" not in hostile


def test_the_validation_page_names_at_most_twenty_rows() -> None:
    ids = [f"wiersz-{place:03}" for place in range(50)]
    check = VERDICT.checks[1].model_copy(update={"rows": ids, "failing": 50})

    html = validation_page(Verdict(checks=[check]))

    assert html.count("wiersz-") == 20
    assert "(20 z 50)" in html


def test_the_validation_page_tells_whether_the_run_stops() -> None:
    critical = VERDICT.checks[1].model_copy(update={"severity": "critical"})

    assert "przebieg idzie dalej" in validation_page(VERDICT)
    assert "W tym krytyczne: 1." in validation_page(Verdict(checks=[critical]))
    assert "Spełnione wszystkie reguły: 1" in validation_page(Verdict(checks=VERDICT.checks[:1]))
    assert "Nie sprawdzono żadnej reguły" in validation_page(Verdict(checks=[]))


def test_the_validation_page_tells_the_way_of_the_data_and_what_to_do() -> None:
    text = text_of(validation_page(VERDICT))

    assert "prawie powtórzone" in text
    assert "zamaskowane: PESEL" in text
    assert "trening 77 60 21 000 14 000" in text
    assert "Odpowiedzi z przepisem 62,9% co najmniej 70,0% ✗ C06 ostrzeżenie" in text
    assert "40 z 100 wierszy, margines 12,0 punktu procentowego" in text


def test_the_page_of_a_failed_rule_gives_advice() -> None:
    failed = VERDICT.checks[1].model_copy(update={"rule": "T04"})

    assert "Rada: dopisz do odpowiedzi podstawę prawną." in text_of(validation_page(Verdict(checks=[failed])))


def test_the_validation_page_loads_pictures_of_its_own_only() -> None:
    skeleton = Skeleton(validation_page(VERDICT))

    assert [address[:22] for address in skeleton.addresses if not address.startswith("#")] == (
        ["data:image/png;base64,"] * 2
    )
    assert not {"script", "link", "iframe"} & {element[0] for element in skeleton.elements}


def test_the_page_can_be_made_again_from_a_stored_verdict(tmp_path: Path) -> None:
    path = publish_validation_page(Verdict.model_validate_json(VERDICT.content()))

    assert path == tmp_path / "reports" / "validation.html"
    assert path.read_text("utf-8") == validation_page(VERDICT)


def test_every_number_stands_in_the_table_with_its_threshold() -> None:
    rows = {
        row.name: row for row in number_rows(VERDICT.model_copy(update={"numbers": {"cited_share": 0.5, "x": 2.0}}))
    }

    assert rows["Odpowiedzi z przepisem"][3:5] == ("50,0%", "co najmniej 70,0%")
    assert rows["x"][3:] == ("2,00", "", None)


@pytest.mark.parametrize(
    ("name", "text"),
    [("rows_in", "12"), ("cited_share", "1234,0%"), ("tokens_mean", "12,3"), ("area_evenness", "12,34")],
)
def test_numbers_are_told_in_their_units(name: str, text: str) -> None:
    assert in_unit(12.34, NUMBERS[name].unit) == text


def test_every_expectation_has_a_polish_text_and_every_number_that_is_judged_a_name() -> None:
    assert [item["description"] for item in WRITTEN if expectation(item["description"]) == item["description"]] == []
    assert {item["meta"]["number"] for item in WRITTEN if "number" in item["meta"]} <= set(NUMBERS)


def test_an_expectation_judged_on_a_sample_is_told_in_polish_with_its_margin() -> None:
    told = expectation("Answers cite a provision (seen in 20000 of 1000000 rows, margin 0.7 points)")

    assert told.replace("\N{NO-BREAK SPACE}", " ") == (
        "Odpowiedzi podają przepis (na podstawie 20 000 z 1 000 000 wierszy, z dokładnością do 0,7 punktu procentowego)"
    )


def test_advice_names_settings_that_exist_and_rules_that_are_there() -> None:
    rules = {item["meta"]["rule"] for item in WRITTEN}
    known = {
        f"{stage}.{name}".replace("_", "-")
        for stage, field in Settings.model_fields.items()
        for name in getattr(field.annotation, "model_fields", {})
    }
    named = re.findall(r"--([a-z]+\.[a-z-]+)", Path(wording.__file__).read_text("utf-8"))

    assert len(named) > 5
    assert set(named) <= known
    assert {
        f"{letter}{number:02}" for letter in "RCTSDN" for number in range(40) if remedy(f"{letter}{number:02}")
    } <= rules
