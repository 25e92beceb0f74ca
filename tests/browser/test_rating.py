"""The raters' pages in Chromium: keys, clicks, reloads, two people at once, hostile answers, a server that dies."""

import os
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.server import free_port
from paragraf.compare.sealing import BlindTest, seal_up
from paragraf.compare.settings import BlindSettings
from paragraf.compare.sides import Pair, Pairs
from paragraf.compare.votes import VoteBook
from tests.blind import FIRST, SECOND, blind_test, links_of, served, votes_of
from tests.pages import HOSTILE
from tests.running import start
from tests.waiting import wait_for

pytest.importorskip("websockets", reason="websockets is not installed")
from tests.browser.chromium import Browser

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed"),
]

ATTACKS = [*HOSTILE, "<script>window.attacked = 1</script>", '"><img src=x onerror="window.attacked = 2">']
HUGE = "Rzeczpospolitej" * 4000 + "\n" + "Podstawa prawna: art. 118 k.c. " * 2000
# the least contrast of all texts on the page with what lies behind them (WCAG 2.2, 1.4.3)
CONTRAST = """
(() => {
  const light = color => color.slice(0, 3).map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const parts = color => color.match(/[\\d.]+/g).map(Number);
  const behind = one => { const c = parts(getComputedStyle(one).backgroundColor);
    return c.length === 4 && c[3] === 0 ? (one.parentElement ? behind(one.parentElement) : [255, 255, 255]) : c; };
  const texts = [...document.querySelectorAll("body *")].filter(one => one.checkVisibility() &&
    [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()));
  return Math.min(...texts.map(one => {
    const [a, b] = [light(parts(getComputedStyle(one).color)), light(behind(one))].sort((x, y) => y - x);
    return (a + .05) / (b + .05); }));
})()
"""


@pytest.fixture(scope="module")
def browsers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browser, Browser]]:
    both = Browser(tmp_path_factory.mktemp("profile")), Browser(tmp_path_factory.mktemp("profile"))
    yield both
    for browser in both:
        browser.close()


@pytest.fixture
def browser(browsers: tuple[Browser, Browser]) -> Browser:
    return browsers[0]


@pytest.fixture
def links() -> Iterator[tuple[BlindTest, str, str]]:
    test = blind_test(count=6)
    with served(test) as (address, paths):
        yield test, address + paths["anna"], address + paths["jan"]


Links = tuple[BlindTest, str, str]


def at(browser: Browser) -> str:
    """The end of the address: which question is open."""
    return str(browser.value("location.pathname.split('/').slice(3).join('/') + location.search"))


def test_a_whole_test_is_done_with_the_keyboard_alone(browser: Browser, links: Links) -> None:
    test, anna, _ = links
    browser.visit(anna, 1400)
    while browser.value("document.activeElement.textContent") != "Zacznij: pytanie 1":
        browser.press("Tab")
    with browser.loading():
        browser.press("Enter")
    for key in ("1", "b", "0", "3", "a"):
        browser.press(key)
        with browser.loading():
            browser.press("Enter")
    assert at(browser) == "6?saved=5"
    browser.press("k")
    browser.write("Kolejne 1 zdanie: 2 i 3")
    browser.press("0")
    browser.press("Tab")
    browser.press("2")
    with browser.loading():
        browser.press("Enter")
    assert at(browser) == ""
    assert "Wszystko ocenione" in browser.value("document.querySelector('h1').textContent")
    said = votes_of(test, "anna")
    assert [said[item][0] for item in range(1, 7)] == ["left", "right", "tie", "both_bad", "left", "right"]
    assert said[6][1] == "Kolejne 1 zdanie: 2 i 30"


def test_without_a_choice_nothing_is_sent(browser: Browser, links: Links) -> None:
    test, anna, _ = links
    browser.visit(f"{anna}/1", 1400)
    browser.press("Enter")
    browser.click("button")
    assert at(browser) == "1"
    assert browser.value("document.activeElement.name") == "choice"
    assert votes_of(test, "anna") == {}


@pytest.mark.parametrize("scripts", [True, False])
def test_a_double_click_is_one_vote(browser: Browser, links: Links, scripts: bool) -> None:
    test, anna, _ = links
    browser.ask("Emulation.setScriptExecutionDisabled", value=not scripts)
    try:
        browser.visit(f"{anna}/1", 390)
        browser.click("[value=tie]")
        with browser.loading():
            browser.click("button", times=2)
        assert at(browser) == "2?saved=1"
    finally:
        browser.ask("Emulation.setScriptExecutionDisabled", value=False)
    assert votes_of(test, "anna") == {1: ("tie", "", 1)}
    assert len(VoteBook(test).read()) == 1


def test_a_reload_in_the_middle_of_a_vote_loses_no_word(browser: Browser, links: Links) -> None:
    test, anna, _ = links
    browser.visit(f"{anna}/1", 1400)
    browser.press("2")
    browser.press("k")
    browser.write("Trafna podstawa.")
    with browser.loading():
        browser.ask("Page.reload")
    assert votes_of(test, "anna") == {}
    assert browser.value("document.querySelector(':checked').value") == "right"
    browser.press("k")
    with browser.loading():
        browser.press("Enter", "Ctrl")
    assert votes_of(test, "anna") == {1: ("right", "Trafna podstawa.", 1)}


def test_whoever_goes_back_sees_the_vote_and_can_change_it(browser: Browser, links: Links) -> None:
    test, anna, _ = links
    browser.visit(f"{anna}/1", 1400)
    browser.press("1")
    with browser.loading():
        browser.press("Enter")
    with browser.loading():
        browser.ask("Runtime.evaluate", expression="history.back()")
    assert at(browser) == "1"
    assert browser.value("document.querySelector(':checked').value") == "left"
    browser.press("0")
    with browser.loading():
        browser.press("Enter")
    assert votes_of(test, "anna") == {1: ("tie", "", 2)}


def test_a_second_tab_that_knows_nothing_of_the_vote_asks_before_it_changes_it(
    browsers: tuple[Browser, Browser], links: Links
) -> None:
    (one, other), (test, anna, _) = browsers, links
    for browser in browsers:
        browser.visit(f"{anna}/1", 1400)
    one.press("1")
    with one.loading():
        one.press("Enter")
    other.press("2")
    with other.loading():
        other.press("Enter")
    assert "jest już głos" in other.value("document.querySelector('[role=alert]').textContent")
    assert votes_of(test, "anna") == {1: ("left", "", 1)}
    assert other.value("document.querySelector(':checked').value") == "right"
    with other.loading():
        other.press("Enter")
    assert votes_of(test, "anna") == {1: ("right", "", 2)}


def test_two_people_at_once_lose_and_double_nothing(browsers: tuple[Browser, Browser], links: Links) -> None:
    test, *both = links
    keys = {"anna": "120312", "jan": "213021"}

    def rate(browser: Browser, link: str, pressed: str) -> None:
        browser.visit(f"{link}/1", 1400)
        for key in pressed:
            browser.press(key)
            with browser.loading():
                browser.press("Enter")

    threads = [
        threading.Thread(target=rate, args=(browser, link, pressed))
        for browser, link, pressed in zip(browsers, both, keys.values(), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    choices = {"1": "left", "2": "right", "0": "tie", "3": "both_bad"}
    for rater, pressed in keys.items():
        expected = {item: (choices[key], "", 1) for item, key in enumerate(pressed, start=1)}
        assert votes_of(test, rater) == expected
    assert len(VoteBook(test).read()) == 12


@pytest.mark.parametrize("width", [1400, 390])
def test_hostile_answers_are_shown_as_text_and_fit_the_screen(browser: Browser, width: int) -> None:
    attacks = "\n".join(ATTACKS)
    pairs = Pairs(FIRST, SECOND, [Pair("q1", attacks, attacks, HUGE), Pair("q2", HUGE, HUGE, "")], equal=0)
    test = seal_up(pairs, BlindSettings(first=FIRST, second=SECOND, raters=("anna",)))
    with served(test) as (address, paths):
        for number, shown in enumerate(test.sheets()["anna"].items, start=1):
            browser.visit(f"{address}{paths['anna']}/{number}", width)
            texts = browser.value("[...document.querySelectorAll('.text')].map(one => one.textContent)")
            letters = ["".join(letter for letter in text if letter.isalnum()) for text in texts]
            wanted = [shown.left or "(pusta odpowiedź)", shown.right or "(pusta odpowiedź)"]
            assert letters == ["".join(letter for letter in text if letter.isalnum()) for text in wanted]
            assert browser.value("document.documentElement.scrollWidth") == width
            assert browser.value("typeof window.attacked") == "undefined"
            assert browser.value("document.querySelectorAll('main :is(img, script, iframe, svg, a)').length") == 0
            assert all(url.startswith((address, "data:,")) for url in browser.requested)


@pytest.mark.parametrize("width", [1400, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_the_screen_and_can_be_read_and_touched(
    browser: Browser, links: Links, width: int, scheme: str
) -> None:
    browser.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    for page in ("", "/2", "/13"):
        browser.visit(links[1] + page, width)
        assert browser.value("document.documentElement.scrollWidth") == width
        assert browser.value(CONTRAST) >= 4.5
        assert browser.value("document.documentElement.lang") == "pl"
        assert browser.value("document.querySelectorAll('h1').length") == 1
        sizes = "[...document.querySelectorAll('button, .button, .choices label')].map(one => one.offsetHeight)"
        assert min(browser.value(sizes), default=44) >= 44


def test_every_field_has_a_label_and_what_has_the_focus_is_marked(browser: Browser, links: Links) -> None:
    browser.visit(f"{links[1]}/1", 1400)
    fields = "[...document.querySelectorAll('input:not([type=hidden]), textarea')]"
    labels = browser.value(f"{fields}.map(one => one.labels[0].textContent.trim().replace(/\\s+/g, ' '))")
    assert labels[:4] == ["Lepsza odpowiedź 1 1", "Lepsza odpowiedź 2 2", "Remis 0", "Obie złe 3"]
    assert labels[4].startswith("Komentarz")
    browser.press("Tab")
    assert browser.value("document.activeElement.textContent") == "Przejdź do oceny"
    assert browser.value("document.activeElement.getBoundingClientRect().left") >= 0
    marked = "document.activeElement.closest('label') || document.activeElement"
    for _ in range(6):
        assert browser.value(f"parseFloat(getComputedStyle({marked}).outlineWidth)") >= 2
        browser.press("Tab")


def test_a_server_that_is_killed_in_the_middle_of_a_vote_loses_and_doubles_nothing(
    browser: Browser, workspace: Path
) -> None:
    test = blind_test(count=6)
    port = str(free_port())
    link = links_of(test, f"http://127.0.0.1:{port}")["anna"]
    server = serve(workspace, port)
    try:
        browser.visit(f"{link}/1", 1400)
        for number in range(1, 5):
            browser.press("1")
            browser.press("Enter")
            if number % 2:  # the vote is on its way
                os.kill(server.pid, signal.SIGKILL)
                server.wait()
                server = serve(workspace, port)
                browser.visit(f"{link}/{number}", 1400)
                browser.press("1")
                with browser.loading():
                    browser.press("Enter")
            else:
                wait_for(lambda number=number: number in votes_of(test, "anna"), 60)
                browser.visit(f"{link}/{number + 1}", 1400)
        assert votes_of(test, "anna") == dict.fromkeys(range(1, 5), ("left", "", 1))
    finally:
        server.kill()
        server.wait()


def serve(workspace: Path, port: str) -> "subprocess.Popen[bytes]":
    """`paragraf compare serve`, as soon as it answers."""
    process, log = start("compare", workspace, "serve", "--port", port)
    wait_for(lambda: answers(port) or process.poll() is not None, 60)
    assert process.poll() is None, log.read_text()
    return process


def answers(port: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(port))) == 0
