"""The report of a model that was trained elsewhere: where it answers, what it cost, and what nobody could measure."""

import pytest

from paragraf.evaluate import Measure
from paragraf.intervals import Estimate
from paragraf.report import RunFacts, render
from tests.pages import estimate, example, facts, remote, text_of


def elsewhere(trained_tokens: int | None = 1234, base: Estimate | None = None) -> RunFacts:
    """A run without losses, and with a base model that has this estimate, none if it was not asked."""
    given = facts(
        loss_fall=Estimate.unknown(), examples=[example("q-1", "praca").model_copy(update={"base_outcome": None})]
    )
    right = Measure(name="accurate", better="higher", base=base or Estimate.unknown(), tuned=estimate(0.5, 0.3, 0.7))
    loss = Measure(name="answer_loss", better="lower", base=Estimate.unknown(), tuned=Estimate.unknown())
    scores = given.scores.model_copy(update={"measures": [loss, right], "slices": []})
    return given.model_copy(update={"remote": remote(trained_tokens=trained_tokens), "scores": scores})


def page_of(given: RunFacts) -> str:
    return " ".join(text_of(render(given)["report.html"].decode()).split())


def test_the_report_says_where_the_model_answers_and_what_it_cost() -> None:
    said = page_of(elsewhere(base=estimate(0.2, 0.1, 0.4)))
    assert "Uczenie poza tą maszyną" in said
    assert "1000–3000" in said
    assert "0,00 ft:x" in said
    assert "Serwer nie podaje prawdopodobieństw, więc straty na odpowiedziach" in said
    assert "nie zmierzono go" not in said


def test_tokens_that_nobody_told_have_no_price() -> None:
    said = page_of(elsewhere(trained_tokens=None))
    assert "serwer ich nie podał" in said
    assert "nieznany" in said


def test_a_base_model_that_was_not_asked_is_told_in_words_and_is_no_zero() -> None:
    said = page_of(elsewhere())
    assert "Model bazowy nie odpowiada na pytania pod tym adresem: nie zmierzono go" in said
    assert "— → 50,0%" in said
    assert "None" not in said


@pytest.mark.parametrize("name", ["report.md", "model_card.md"])
def test_the_other_pages_name_the_place_too(name: str) -> None:
    assert "ft:x" in render(elsewhere())[name].decode().replace("\\", "")


def test_a_model_on_this_machine_has_no_such_part() -> None:
    assert "Uczenie poza" not in page_of(facts())
