import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from paragraf.diagnose import Finding, Point
from paragraf.evaluate import Example, Measure, Scores
from paragraf.figures import comparison, data_way, training_curves, way_of_rows
from paragraf.format import Chats
from paragraf.intervals import Estimate
from paragraf.markup import escape_markdown, printable, shortened
from paragraf.models import WHEEL_MODEL, Base, Model
from paragraf.publish import verify
from paragraf.records import Snapshot, Splits
from paragraf.report import RunFacts, change, chosen_examples, render, report, write_pages
from paragraf.validation_page import validation_page
from paragraf.verdict import Check, Verdict
from paragraf.wording import counted, number, observed, percent
from paragraf.workspace import at_rest

DIGEST = hashlib.sha256(b"rows").hexdigest()
ANSWER = "Termin wynosi trzy lata. Podstawa prawna: art. 118 k.c."
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style></details></table><iframe src=//zly.pl>",
    "--><svg/onload=alert(1)>",
    "&lt;script&gt;alert(2)&lt;/script&gt;",
    "{{7*7}}{% raw %}{{ facts }}",
    "[kliknij](javascript:alert(1)) ![x](//zly.pl/x.png) <https://zly.pl>",
    "[kliknij]: //zly.pl",
    "komórka | druga || ~~trzecia~~ **gruba** `kod` _pochyła_",
    "# nagłówek",
    "- punkt",
    "1. punkt",
    "```\nblok\n```",
    "\n\n---\n\n> cytat\n\n    kod\n",
    "\x1b[31mczerwony\x1b[0m \x00 \x07 \x9b2J",
    "\u202eodwrócony\u2066",
    "$x^2$ \\(y\\) @ktoś ktos@zly.pl www.zly.pl",
]


class Skeleton(HTMLParser):
    """Elements with the names of their attributes, addresses that are loaded or linked, and the text between."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, ...]] = []
        self.addresses: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, *(name for name, _ in attrs)))
        self.text += " "
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action", "srcset", "style")]

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.elements.append(("comment",))


def test_the_headline_gives_the_fall_of_the_loss_with_its_interval_and_number_of_questions() -> None:
    text = text_of(page_of(facts(loss_fall=estimate(0.786, 0.751, 0.812))))

    assert "Fine-tuning obniżył stratę na odpowiedziach o 78,6%" in text
    assert "od 75,1% do 81,2%; n = 120 pytań testowych" in text


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
        "Model bazowy a model po fine-tuningu",
        "Droga danych",
        "Kontrola danych",
        "Krzywe treningu",
        "Diagnoza",
        "Przykładowe odpowiedzi",
        "Ustawienia",
        "Wersje i skróty",
    ]


def test_the_markdown_has_the_same_sections_and_links_its_figures() -> None:
    files = render(facts())
    text = files["report.md"].decode()

    assert text.count("\n## ") == 8
    links = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert links == ["figures/comparison.png", "figures/data.png", "figures/training.png"]
    assert all(files[link].startswith(b"\x89PNG") for link in links)


def test_measures_show_value_interval_number_and_whether_the_intervals_part() -> None:
    text = text_of(page_of(facts()))

    assert "Strata na odpowiedziach" in text
    assert "3,800 3,610–3,990 n = 120" in text
    assert "rozłączne: lepiej" in text
    assert "Powściągliwość" in text
    assert "— brak pomiaru" in text


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


def test_the_way_of_rows_ends_each_dropped_bar_where_the_next_begins() -> None:
    bars = way_of_rows(rows(10, bad_row=1), rows(7, too_short=2, not_polish=1), PARTS, rows(80))

    assert [(bar.label, bar.start, bar.rows) for bar in bars[:5]] == [
        ("na wejściu", 0, 11),
        ("− za krótkie", 9, 2),
        ("− nieczytelne", 8, 1),
        ("− nie po polsku", 7, 1),
        ("po czyszczeniu", 0, 7),
    ]


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


def test_an_unknown_finding_keeps_its_own_words() -> None:
    found = Finding(problem="plateau", symptom="loss stood still", advice="wait")

    assert "plateau." in text_of(page_of(facts(findings=[found])))
    assert "Co zmienić: wait." in text_of(page_of(facts(findings=[found])))


def test_examples_are_taken_from_every_area_in_turn() -> None:
    examples = [example(str(place), area) for place, area in enumerate(["a"] * 9 + ["b", "c"])]

    assert [item.id for item in chosen_examples(examples)] == ["0", "9", "10", "1", "2", "3", "4", "5"]


def test_a_long_answer_is_folded_and_still_there_whole() -> None:
    long = "To jest zdanie o prawie. " * 30 + "KONIEC"

    html = page_of(facts(examples=[example("q-1", "a", tuned=long)]))

    assert html.count("<details><summary><span") == 1
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


def test_hostile_text_never_becomes_markup_in_markdown() -> None:
    markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")
    reader = markdown_it.MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    harmless, hostile = (
        Skeleton(reader.render(write_pages(facts_of(texts), FIGURES)["report.md"].decode()))
        for texts in (as_harmless(HOSTILE), HOSTILE)
    )

    assert hostile.elements == harmless.elements
    assert hostile.addresses == harmless.addresses
    assert "[kliknij](javascript:alert(1))" in hostile.text
    assert "komórka | druga || ~~trzecia~~ **gruba** `kod` _pochyła_" in hostile.text
    assert "\x1b" not in hostile.text


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


def test_figures_are_drawn_whatever_their_labels_say() -> None:
    assert render(facts_of(HOSTILE))["figures/data.png"].startswith(b"\x89PNG")


def test_figures_are_drawn_from_nothing_too() -> None:
    none = rows(0)

    for picture in (
        training_curves([]),
        comparison([]),
        data_way(none, none, Splits(train=none, valid=none, test=none), none),
    ):
        assert picture.startswith(b"\x89PNG")


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
        "figures/comparison.png",
        "figures/data.png",
        "figures/training.png",
        "manifest.json",
        "report.html",
        "report.md",
    ]


def test_another_result_of_the_same_run_is_another_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARAGRAF_HOME", str(tmp_path))

    first, second = report(facts()), report(facts(loss_fall=estimate(0.5, 0.4, 0.6)))

    assert first.path != second.path
    assert report(facts()) == first


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.78149, "3,781"),
        (-0.5, "−0,500"),
        (-0.0001, "0,000"),
        (1234, "1234"),
        (212345, "212\N{NO-BREAK SPACE}345"),
        (4.2e12, "4,2 · 10^12"),
        (float("nan"), "—"),
        (None, "—"),
    ],
)
def test_numbers_are_written_the_polish_way(value: float | None, text: str) -> None:
    assert number(value) == text


def test_shares_are_written_in_percent() -> None:
    assert [percent(share) for share in (0.786, 0.0, 1.0, None)] == ["78,6%", "0,0%", "100,0%", "—"]


@pytest.mark.parametrize(
    ("count", "noun"), [(1, "wiersz"), (2, "wiersze"), (12, "wierszy"), (22, "wiersze"), (0, "wierszy")]
)
def test_nouns_follow_their_numbers(count: int, noun: str) -> None:
    assert counted(count, "wiersz", "wiersze", "wierszy") == f"{count}\N{NO-BREAK SPACE}{noun}"


def test_found_values_are_told_in_polish_where_they_can_be() -> None:
    assert observed("3 of 840 rows fail") == "nie spełnia 3 z 840 wierszy"
    assert observed("0.61") == "0,61"
    assert observed("['train', 'test']") == "['train', 'test']"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("art. 118 § 1 k.c. (zob. wyrok)", "art. 118 § 1 k.c. (zob. wyrok)"),
        ("a|b", "a\\|b"),
        ("[x](y)", "\\[x\\](y)"),
        ("# x", "\\# x"),
        ("12. x", "12\\. x"),
        ("0.61", "0.61"),
        ("<b>", "&lt;b&gt;"),
        ("https://zly.pl www.zly.pl a@zly.pl", "https\\://zly.pl www\\.zly.pl a@\N{WORD JOINER}zly.pl"),
        ("dwa\n\nwiersze", "dwa wiersze"),
    ],
)
def test_markdown_is_escaped_where_it_would_mean_something(text: str, escaped: str) -> None:
    assert escape_markdown(text) == escaped


def test_control_characters_are_shown_as_pictures() -> None:
    assert printable("a\x1b[0m\r\n\x7f\u202e\ud800ż") == "a␛[0m\n␡\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}ż"


def test_a_shortened_text_ends_with_a_word() -> None:
    assert shortened("Zażółć gęślą jaźń", 14) == "Zażółć gęślą …"
    assert shortened(" " * 20 + "jaźń", 14) == "jaźń"
    assert shortened("ż" * 20, 5) == "żżżżż …"


def page_of(given: RunFacts) -> str:
    return write_pages(given, FIGURES)["report.html"].decode()


def text_of(html: str) -> str:
    return " ".join(Skeleton(html).text.split())


def rows(count: int, **dropped: int) -> Snapshot:
    return Snapshot(path="rows/x", digest=DIGEST, rows=count, dropped=dropped)


def estimate(value: float, low: float, high: float) -> Estimate:
    return Estimate(value=value, low=low, high=high, n=120)


def measure(name: str, base: float, tuned: float) -> Measure:
    sides = [estimate(value, value * 0.95, value * 1.05) for value in (base, tuned)]
    return Measure(name=name, better="lower" if base > tuned else "higher", base=sides[0], tuned=sides[1])


def example(name: str, area: str, tuned: str = ANSWER) -> Example:
    return Example(id=name, area=area, question="Kiedy przedawnia się dług?", expected=ANSWER, base="", tuned=tuned)


FIGURES = {"comparison": b"PNG", "data": b"PNG", "training": b"PNG"}
PARTS = Splits(train=rows(70), valid=rows(15), test=rows(15))
VERDICT = Verdict(
    checks=[
        Check(suite="raw", rule="R01", text="New rule", severity="critical", passed=True, observed="840"),
        Check(
            suite="corpus",
            rule="C06",
            text="Answers cite a provision",
            severity="warning",
            passed=False,
            observed="301 of 812 rows fail",
            failing=301,
            rows=["q-0017"],
        ),
    ]
)
MEASURES = [
    measure("answer_loss", 3.8, 0.8),
    measure("perplexity", 44.7, 2.2),
    measure("bits_per_character", 2.3, 0.5),
    measure("citation_presence", 0.05, 0.9),
    measure("citation_f1", 0.01, 0.3),
    measure("polish", 0.4, 0.95),
    measure("well_formed", 0.1, 0.85),
    measure("repetition", 0.4, 0.38),
    Measure(name="individual_case_restraint", better="higher", base=Estimate.unknown(), tuned=Estimate.unknown()),
]
HISTORY = [
    Point(step=0, eval_loss=3.8),
    *(Point(step=step, loss=4 / step, grad_norm=1.5, learning_rate=1e-3) for step in range(1, 41)),
    Point(step=40, eval_loss=0.9),
]


def facts(
    run: str = "żwawy-ryś",
    loss_fall: Estimate = estimate(0.786, 0.751, 0.812),
    base_name: str = WHEEL_MODEL,
    findings: list[Finding] | None = None,
    examples: list[Example] | None = None,
) -> RunFacts:
    base = Base(path="models/base", digest=DIGEST, name=base_name, tokenizer=DIGEST, template=DIGEST)
    return RunFacts(
        run=run,
        source="dane/pytania.jsonl",
        raw=rows(120, bad_row=3),
        clean=rows(100, near_duplicate=18, nowy_powód=2),
        splits=PARTS,
        train=rows(77, variant_equals_origin=1),
        verdict=VERDICT,
        chats=Chats(
            path="chats/x",
            digest=DIGEST,
            tokens={"train": 21000, "valid": 4000, "test": 4100},
            rows={"train": 77, "valid": 15, "test": 15},
            learned_share=0.6,
            longest=512,
            dropped=0,
        ),
        model=Model(path="models/x", digest=DIGEST, base=base, backend="lora"),
        history=HISTORY,
        findings=findings or [],
        scores=Scores(
            rows=120,
            answered=40,
            loss_fall=loss_fall,
            measures=MEASURES,
            examples=[example("q-1", "prawo cywilne")] if examples is None else examples,
        ),
        settings={"train.epochs": "1.0"},
        versions={"python": "3.11.2"},
    )


def facts_of(texts: list[str]) -> RunFacts:
    """A run in which every string that could come from rows, names or settings is one of `texts` or all of them."""
    everything = " ".join(texts)
    given = facts(
        run=everything,
        base_name=everything,
        findings=[Finding(problem=everything, symptom=everything, advice=everything)],
        examples=[
            Example(id=text, area=text, question=text, expected=text, base=everything, tuned=text) for text in texts
        ],
    )
    scores = given.scores.model_copy(update={"measures": [measure(text, 0.4, 0.9) for text in texts]})
    return given.model_copy(
        update={
            "source": everything,
            "clean": rows(100, **dict.fromkeys(texts, 1)),
            "verdict": verdict_of(texts),
            "model": given.model.model_copy(update={"backend": everything}),
            "scores": scores,
            "settings": {text: text for text in [everything, *texts]},
            "versions": {text: text for text in texts},
        }
    )


def verdict_of(texts: list[str]) -> Verdict:
    return Verdict(
        checks=[
            Check(
                suite=text, rule=text, text=text, severity="info", passed=False, observed=text, failing=1, rows=[text]
            )
            for text in texts
        ]
    )


def as_harmless(texts: list[str]) -> list[str]:
    """Texts of the same lengths in words that mean nothing; letters keep them apart."""
    return [re.sub(r"[^\s]", chr(ord("a") + place), text) for place, text in enumerate(texts)]
