import re
from pathlib import Path

import pytest

from paragraf.baselines.contenders import Contest
from paragraf.diagnose import Finding
from paragraf.evaluate import Measure, SliceScores
from paragraf.intervals import Estimate
from paragraf.publish import verify
from paragraf.report import RunFacts, UpdateFacts, change, render, report, write_pages
from paragraf.report_views import chosen_examples, unproven_areas
from paragraf.update.scores import AgeScores, UpdateScores
from paragraf.validation_page import validation_page
from paragraf.workspace import at_rest
from tests.pages import (
    CONTEST,
    HOSTILE,
    VERDICT,
    Skeleton,
    as_harmless,
    contender,
    estimate,
    example,
    facts,
    facts_of,
    text_of,
)

FIGURES = {"comparison": b"PNG", "data": b"PNG", "training": b"PNG"}


def test_the_headline_gives_the_fall_of_the_loss_with_its_interval_and_number_of_questions() -> None:
    text = text_of(page_of(facts(loss_fall=estimate(0.786, 0.751, 0.812))))

    assert "Fine-tuning obniżył stratę na odpowiedziach o 78,6%" in text
    assert "od 75,1% do 81,2%; n = 120" in text


@pytest.mark.parametrize(
    ("fall", "words"),
    [
        (Estimate(value=-0.2, low=-0.3, high=-0.1, n=50), "podniósł stratę na odpowiedziach o 20,0%"),
        (Estimate(value=0.02, low=-0.03, high=0.05, n=9), "nie zmienił straty na odpowiedziach na tyle"),
        (Estimate.unknown(), "Nie zmierzono, jak fine-tuning zmienił stratę"),
    ],
)
def test_the_headline_does_not_call_a_loss_a_gain(fall: Estimate, words: str) -> None:
    files = write_pages(facts(loss_fall=fall), FIGURES)

    for name in ("report.html", "report.md"):
        assert words in text_of(files[name].decode())
        assert "obniżył" not in files[name].decode()


def test_a_report_says_that_a_small_machine_wrote_it_and_that_it_is_no_legal_advice() -> None:
    html = page_of(facts())

    assert "To nie jest porada prawna." in html
    assert "napisała maszyna" in html
    assert "135 mln parametrów" in html


def test_a_larger_base_is_not_called_small() -> None:
    assert "135 mln" not in page_of(facts(base_name="bielik-11b"))


def test_all_sections_are_there_in_polish() -> None:
    titles = re.findall(r"<h2[^>]*>([^<]+)</h2>", page_of(facts()))

    assert titles == [
        "Decyzja",
        "Pytania, które rozstrzygnęły",
        "Do czego nie wolno używać tego modelu",
        "Model bazowy a model po fine-tuningu",
        "Bezpieczeństwo",
        "Sposoby bez fine-tuningu i z nim",
        "Przykładowe odpowiedzi",
        "Droga danych",
        "Kontrola danych",
        "Krzywe treningu",
        "Diagnoza",
        "Eksport",
        "Ustawienia",
        "Wersje i skróty",
    ]


def test_the_markdown_has_the_same_sections_and_links_its_figures() -> None:
    files = render(facts())
    text = files["report.md"].decode()

    assert text.count("\n## ") == 12
    links = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert links == ["figures/comparison.png", "figures/data.png", "figures/training.png"]
    assert all(files[link].startswith(b"\x89PNG") for link in links)


def test_measures_show_value_interval_number_and_whether_the_intervals_part() -> None:
    text = text_of(page_of(facts()))

    assert "Strata na odpowiedziach" in text
    assert "3,800 3,610–3,990 n = 120" in text
    assert "rozłączne: lepiej" in text
    assert "— brak pomiaru" in text


def test_an_update_shows_what_it_began_with_what_was_replayed_and_old_tests_beside_new_ones() -> None:
    loss = Measure(name="answer_loss", better="lower", base=estimate(1.2, 1.1, 1.3), tuned=estimate(1.35, 1.2, 1.5))
    old = AgeScores(age="old", rows=40, answered=8, rise=estimate(0.15, 0.11, 0.19), measures=[loss])
    scores = UpdateScores(old=old, new=AgeScores(age="new", rows=6))
    update = UpdateFacts(parent="4", versions=["1", "4"], new=80, replayed=18, wanted=20, scores=scores)
    files = write_pages(facts().model_copy(update={"update": update}), FIGURES)

    assert "Douczony z wersji | 4" in files["model_card.md"].decode()
    for name in ("report.html", "report.md"):
        text = text_of(files[name].decode())
        assert "Co model zapomniał, a czego się douczył" in text
        assert "Model z wersji 4 uczył się dalej na 80" in text.replace("\N{NO-BREAK SPACE}", " ")
        assert "1,350" in text
        assert "0,150" in text
    assert "Co model zapomniał" not in page_of(facts())


def test_ways_without_fine_tuning_stand_beside_it_with_their_time_tokens_and_cost() -> None:
    text = text_of(page_of(facts()))

    assert "Najlepszy sposób bez fine-tuningu: Model bazowy, materiały (RAG), trafnych odpowiedzi 40,0%" in text
    assert "Z fine-tuningiem: Po fine-tuningu, 70,0%. Przedziały są rozłączne: fine-tuning wygrywa." in text
    assert "50,0% 45,0%–55,0% 1,2 410 + 78 12,50 PLN" in text
    assert "Ceny: z dnia 2025-01-31." in text


@pytest.mark.parametrize(
    ("untrained", "tuned", "said"),
    [(0.4, 0.41, "8 pytań tego nie rozstrzygają"), (0.7, 0.3, "bez fine-tuningu jest lepiej")],
)
def test_a_way_without_fine_tuning_may_win(untrained: float, tuned: float, said: str) -> None:
    contest = CONTEST.model_copy(update={"contenders": [contender("base_rag", untrained), contender("tuned", tuned)]})

    assert said in text_of(page_of(facts().model_copy(update={"contest": contest})))


def test_without_baselines_there_is_no_part_about_them() -> None:
    files = write_pages(facts().model_copy(update={"contest": Contest.empty()}), FIGURES)

    assert all("Sposoby" not in content.decode() for content in files.values())


def test_a_report_begins_with_the_decision_and_what_to_use_instead() -> None:
    html = page_of(facts())
    text = text_of(html)

    assert html.index('class="verdict') < html.index('class="note"') < html.index("<h2")
    assert "Wstrzymać HOLD Nowy model na razie nie zastępuje bazowego" in text
    assert "Nie warto trenować: użyj „Model bazowy, materiały (RAG)”." in text
    assert html.index('id="decyzja"') < html.index('id="roznice"') < html.index('id="wynik"')


def test_the_markdown_begins_with_the_decision_in_a_paragraph_of_its_own() -> None:
    _, decision, advice, *_ = write_pages(facts(), FIGURES)["report.md"].decode().strip().split("\n\n")

    assert decision.startswith("**Wstrzymać (HOLD).** Żadna reguła nie jest na pewno złamana")
    assert advice == "**Nie warto trenować: użyj „Model bazowy, materiały (RAG)”.**"


def test_a_question_that_one_model_alone_got_right_says_which_and_shows_both_answers() -> None:
    text = text_of(page_of(facts()))

    assert "Ile wynosi zachowek? cywilne · pytanie-001 Odpowiedź wzorcowa Połowę. Podstawa" in text
    assert "Model bazowy nietrafna Tyle, ile mówi art. 9999 k.c. Po fine-tuningu trafna Połowę udziału." in text


def test_without_safety_questions_and_differences_there_is_no_part_about_them() -> None:
    given = facts()
    silent = given.model_copy(
        update={
            "safety": given.safety.model_copy(update={"rows": 0}),
            "decided": given.decided.model_copy(update={"discordant": []}),
        }
    )

    files = write_pages(silent, FIGURES)

    assert all("Bezpieczeństwo" not in files[name].decode() for name in ("report.html", "report.md"))
    assert 'id="roznice"' not in files["report.html"].decode()


def test_areas_that_the_test_hardly_asked_about_are_named_as_unproven() -> None:
    asked = [
        SliceScores(name=f"area:{area}", measures=[Measure(name="accurate", better="higher", base=found, tuned=found)])
        for area, found in (
            ("cywilne", Estimate(value=0.5, low=0.3, high=0.7, n=30)),
            ("karne", Estimate(value=0.5, low=0.3, high=0.7, n=29)),
        )
    ]

    assert unproven_areas(asked, {"cywilne": 9, "praca": 400, "": 3}) == ["karne", "praca"]
    assert "nie sprawdził na co najmniej 30 pytaniach: praca." in text_of(page_of(facts()))


def test_what_was_not_measured_is_a_dash_and_never_none() -> None:
    files = write_pages(facts(), FIGURES)

    for name in ("report.html", "report.md"):
        assert not re.search(r"\b(None|nan|inf)\b", Skeleton(files[name].decode()).text)


@pytest.mark.parametrize(
    ("better", "base", "tuned", "expected"),
    [
        ("lower", (1.0, 2.0), (0.1, 0.9), "better"),
        ("lower", (0.1, 0.9), (1.0, 2.0), "worse"),
        ("higher", (0.1, 0.2), (0.3, 0.4), "better"),
        ("higher", (0.3, 0.4), (0.1, 0.2), "worse"),
        ("higher", (0.1, 0.3), (0.3, 0.4), "open"),
    ],
)
def test_a_change_is_told_only_when_the_intervals_part(
    better: str, base: tuple[float, float], tuned: tuple[float, float], expected: str
) -> None:
    sides = {
        name: Estimate(value=low, low=low, high=high, n=5) for name, (low, high) in (("base", base), ("tuned", tuned))
    }

    assert change(Measure.model_validate({"name": "m", "better": better, **sides})) == expected


def test_dropped_rows_are_explained_and_an_unknown_reason_keeps_its_name() -> None:
    text = text_of(page_of(facts()))

    assert "prawie takie samo pytanie i odpowiedź" in text
    assert "nowy_powód czyszczenie 2" in text
    assert "nieczytelne wiersza nie da się odczytać jako pytania z odpowiedzią" in text
    assert "wczytanie 3" in text


def test_a_run_that_hands_on_its_augmented_part_shows_the_rows_before_the_variants() -> None:
    given = facts()
    handed_on = given.model_copy(update={"splits": given.splits.with_train(given.train)})

    for text in (text_of(page_of(given)), text_of(page_of(handed_on))):
        assert "trening 70 z wariantami 77" in text
        assert text.count("wariant bez zmian") == 1


def test_failed_expectations_come_first_and_name_rows() -> None:
    html = page_of(facts())

    assert html.index("corpus C06") < html.index("raw R01")
    assert "Odpowiedzi podają przepis" in html
    assert "nie spełnia 301 z 812 wierszy" in html
    assert "q-0017" in html


def test_findings_are_told_in_polish_with_what_was_measured() -> None:
    found = Finding(problem="overfitting", symptom="validation loss rose from 1.000 to 1.200", advice="fewer epochs")

    text = text_of(page_of(facts(findings=[found])))

    assert "Przeuczenie (overfitting)." in text
    assert "validation loss rose from 1.000 to 1.200" in text
    assert "--train.epochs" in text


def test_values_that_were_computed_for_the_run_stand_beside_the_advice() -> None:
    found = Finding(
        problem="divergence", symptom="loss is nan", advice="lower it", flags=("--train.learning-rate 1e-3", "--x 2")
    )

    html = page_of(facts(findings=[found]))

    assert "<code>--train.learning-rate 1e-3 --x 2</code>" in html


def test_an_unknown_finding_keeps_its_own_words() -> None:
    found = Finding(problem="plateau", symptom="loss stood still", advice="wait")

    assert "Co zmienić: wait." in text_of(page_of(facts(findings=[found])))


def test_examples_are_taken_from_every_area_in_turn() -> None:
    examples = [example(str(place), area) for place, area in enumerate(["a"] * 9 + ["b", "c"])]

    assert [item.id for item in chosen_examples(examples)] == ["0", "9", "10", "1", "2", "3", "4", "5"]


def test_a_long_answer_is_folded_and_still_there_whole() -> None:
    long = "To jest zdanie o prawie. " * 30 + "KONIEC"

    html = page_of(facts(examples=[example("q-1", "a", tuned=long)]))

    assert html.count("<details><summary><span class=") == 1
    assert html.count("KONIEC") == 1


def test_the_page_loads_nothing_and_its_policy_forbids_scripts() -> None:
    for html in (page_of(facts()), validation_page(VERDICT)):
        skeleton = Skeleton(html)
        policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

        assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in html
        assert '<html lang="pl">' in html
        assert all(address.startswith(("data:image/png;base64,", "#")) for address in skeleton.addresses)
        assert not {element[0] for element in skeleton.elements} & {"script", "link", "iframe", "object", "form"}
        assert not re.search(r"url\(|@import|https?://", html)


def test_every_picture_has_words_in_its_place() -> None:
    alternatives = re.findall(r'<img src="data:[^"]+" alt="([^"]*)"', page_of(facts()))

    assert len(alternatives) == 3
    assert all(len(words) > 40 for words in alternatives)


def test_hostile_text_never_becomes_markup_in_the_report() -> None:
    harmless, hostile = (page_of(facts_of(texts)) for texts in (as_harmless(HOSTILE), HOSTILE))

    assert Skeleton(hostile).elements == Skeleton(harmless).elements
    assert "{{7*7}}" in hostile
    assert "<script>alert(1)</script>" in Skeleton(hostile).text
    assert "&lt;script&gt;alert(2)" in Skeleton(hostile).text
    assert not re.search("[\x00\x07\x1b\x9b\u202e\u2066]", hostile)


@pytest.mark.parametrize("name", ["report.md", "model_card.md", "data_card.md"])
def test_hostile_text_never_becomes_markup_in_markdown(name: str) -> None:
    markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")
    reader = markdown_it.MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    harmless, hostile = (
        Skeleton(reader.render(write_pages(facts_of(texts), FIGURES)[name].decode()))
        for texts in (as_harmless(HOSTILE), HOSTILE)
    )

    assert hostile.elements == harmless.elements
    assert hostile.addresses == harmless.addresses
    assert "[kliknij](javascript:alert(1))" in hostile.text
    assert "komórka | druga || ~~trzecia~~ **gruba** `kod` _pochyła_" in hostile.text
    assert "\x1b" not in hostile.text


def test_the_same_facts_give_the_same_bytes() -> None:
    assert render(facts()) == render(facts())


def test_a_report_is_published_whole_under_the_name_of_its_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARAGRAF_HOME", str(tmp_path))

    published = report(facts(run="../żwawy ryś/2"))

    folder = at_rest(published.path)
    assert folder.parent == tmp_path / "reports"
    assert re.fullmatch(r"wawy-ry-2-[0-9a-f]{12}", folder.name)
    assert verify(folder) == published.digest
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*")) == [
        "data_card.md",
        "figures/comparison.png",
        "figures/data.png",
        "figures/training.png",
        "manifest.json",
        "model_card.md",
        "report.html",
        "report.md",
    ]


def test_another_result_of_the_same_run_is_another_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARAGRAF_HOME", str(tmp_path))

    first, second = report(facts()), report(facts(loss_fall=estimate(0.5, 0.4, 0.6)))

    assert first.path != second.path
    assert report(facts()) == first


def page_of(given: RunFacts) -> str:
    return write_pages(given, FIGURES)["report.html"].decode()
