"""Pages in Chromium: what people see on a screen, on a phone and on paper."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from paragraf.gate import GateSettings, decide
from paragraf.gate.page import verdict_page
from paragraf.report import RunFacts, render
from paragraf.validation_page import validation_page
from tests.gating import contender, of_ten
from tests.pages import MEASURES, facts_of, rows, verdict_of

pytest.importorskip("websockets", reason="websockets is not installed")
from tests.browser.chromium import Browser

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed"),
]

LONG_WORD = "Rzeczpospolitej" * 20
LONG_ANSWER = "Roszczenie przedawnia się po sześciu latach.\n\nPodstawa prawna: art. 118 k.c. " * 8
ATTACKS = [
    "<script>window.attacked = 1</script>",
    '"><img src=x onerror="window.attacked = 2">',
    "<style>body { display: none }</style>",
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    opened = Browser(tmp_path_factory.mktemp("profile"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def report_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_bytes(render(widest_facts())["report.html"])
    return path


@pytest.fixture(scope="module", params=["report", "validation", "gate"])
def page(request: pytest.FixtureRequest, report_page: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if request.param == "report":
        return report_page
    path = tmp_path_factory.mktemp(request.param) / "page.html"
    text = validation_page(verdict_of([LONG_WORD, *ATTACKS])) if request.param == "validation" else widest_gate()
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("width", [1400, 390])
def test_nothing_on_a_page_is_wider_than_its_screen(browser: Browser, page: Path, width: int) -> None:
    browser.open(page, width)

    right_edges = browser.value(
        "[...document.querySelectorAll('body *')].map(one => one.getBoundingClientRect().right)"
    )

    assert browser.value("document.documentElement.scrollWidth") == width
    assert max(right_edges) <= width


@pytest.mark.parametrize("width", [1400, 390])
def test_a_screenshot_shows_text_and_pictures(browser: Browser, page: Path, width: int) -> None:
    browser.open(page, width)

    picture = browser.screenshot()

    assert picture.width == width
    assert len(picture.getcolors(maxcolors=1 << 24) or []) > 20
    assert browser.value("[...document.images].every(image => image.complete && image.naturalWidth > 400)")


def test_a_page_loads_nothing_but_itself_and_runs_nothing(browser: Browser, page: Path) -> None:
    browser.open(page, 1400)

    assert [url for url in browser.requested if not url.startswith("data:image/png")] == [page.as_uri()]
    assert browser.value("typeof window.attacked") == "undefined"
    assert browser.value("document.scripts.length") == 0
    assert browser.value("document.styleSheets.length") == 1


def test_the_first_screen_holds_the_result_the_warning_and_the_key_figures(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_bytes(render(facts_of(["słowo"]))["report.html"])

    browser.open(path, 1400)

    for part in (".headline", ".note", ".tiles"):
        assert browser.value(f"document.querySelector('{part}').getBoundingClientRect().bottom") < 700


def test_paper_shows_what_the_screen_folds_away(browser: Browser, report_page: Path) -> None:
    browser.open(report_page, 1400)

    folded = browser.value("document.querySelector('details > p').checkVisibility()")
    browser.show_as("print")
    printed = browser.value("document.querySelector('details > p').checkVisibility()")
    browser.show_as("screen")

    assert (folded, printed) == (False, True)


def test_a_page_prints_on_a4(browser: Browser, page: Path) -> None:
    browser.open(page, 1400)

    paper = browser.pdf()

    assert paper.startswith(b"%PDF-")
    assert b"/MediaBox [0 0 595" in paper or b"/MediaBox [0 0 594.9" in paper


def widest_gate() -> str:
    """A verdict of contenders with long and attacking names, who differ on many items, one as good without training."""
    names = [LONG_WORD, ATTACKS[0], ATTACKS[1]]
    challenger, champion, search = (
        contender(name, of_ten(right), role=role)
        for name, right, role in zip(names, (9, 3, 9), ("trained", "trained", "baseline"), strict=True)
    )
    return verdict_page(decide(challenger, champion, [search], GateSettings()))


def widest_facts() -> RunFacts:
    """A run with the widest of everything: long words and answers in every place, huge counts, and attacks."""
    given = facts_of([LONG_WORD, LONG_ANSWER, *ATTACKS])
    scores = given.scores.model_copy(update={"measures": [*MEASURES, *given.scores.measures]})
    return given.model_copy(update={"scores": scores, "raw": rows(1_000_000_000), "train": rows(900_000_000)})
