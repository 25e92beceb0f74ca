from paragraf.validation_page import validation_page
from paragraf.verdict import Verdict
from tests.pages import HOSTILE, VERDICT, Skeleton, as_harmless, verdict_of


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
