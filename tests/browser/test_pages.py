"""Pages in Chromium: what people see on a screen, on a phone and on paper."""

import json
import shutil
import subprocess
import time
from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from paragraf.chat import SYSTEM
from paragraf.diagnose import Finding, Point
from paragraf.evaluate import Example, Measure, Scores
from paragraf.format import Chats
from paragraf.intervals import Estimate
from paragraf.models import WHEEL_MODEL, Base, Model
from paragraf.records import Snapshot, Splits
from paragraf.report import RunFacts, render
from paragraf.validation_page import validation_page
from paragraf.verdict import Check, Verdict

websockets = pytest.importorskip("websockets.sync.client", reason="websockets is not installed")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed"),
]

_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --hide-scrollbars --remote-debugging-port=0"
).split()
_DIGEST = "0123456789abcdef" * 4
_LONG_WORD = "Rzeczpospolitej" * 20
_LONG_ANSWER = "Roszczenie przedawnia się po sześciu latach (art. 118 k.c.).\n\nPodstawa prawna: art. 118 k.c. " * 8
_LAST_WORDS = "OSTATNIE-SŁOWA-DŁUGIEJ-ODPOWIEDZI"


class Browser:
    """Chromium with one tab, driven by its DevTools protocol."""

    def __init__(self, profile: Path) -> None:
        self._process = subprocess.Popen(
            ["chromium", *_FLAGS, f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        port, path = _wait_for_port(profile / "DevToolsActivePort")
        self._socket = websockets.connect(f"ws://127.0.0.1:{port}{path}", max_size=None)
        self._sent = 0
        self._session: str | None = None
        self.requested: list[str] = []
        target = next(item for item in self.ask("Target.getTargets")["targetInfos"] if item["type"] == "page")
        attached = self.ask("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Network", "Log"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **parameters: object) -> dict[str, Any]:
        self._sent += 1
        message = {"id": self._sent, "method": method, "params": parameters}
        self._socket.send(json.dumps(message | ({"sessionId": self._session} if self._session else {})))
        while True:
            answer = self._receive()
            if answer.get("id") == self._sent:
                assert "error" not in answer, answer
                return dict(answer["result"])

    def open(self, page: Path, width: int) -> None:
        self.requested.clear()
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        self.ask("Emulation.setDeviceMetricsOverride", **size)
        self.ask("Page.navigate", url=page.as_uri())
        while self._receive().get("method") != "Page.loadEventFired":
            pass

    def value(self, expression: str) -> Any:
        return self.ask("Runtime.evaluate", expression=expression, returnByValue=True)["result"]["value"]

    def screenshot(self) -> Image.Image:
        png = self.ask("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        return Image.open(BytesIO(b64decode(png))).convert("RGB")

    def pdf(self) -> bytes:
        return b64decode(self.ask("Page.printToPDF", preferCSSPageSize=True, printBackground=False)["data"])

    def close(self) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.wait(timeout=20)

    def _receive(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self._socket.recv(timeout=60))
        if message.get("method") == "Network.requestWillBeSent":
            self.requested.append(message["params"]["request"]["url"])
        return message


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    opened = Browser(tmp_path_factory.mktemp("profile"))
    yield opened
    opened.close()


@pytest.fixture(scope="module", params=["report.html", "validation.html"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / str(request.param)
    if request.param == "report.html":
        path.write_bytes(render(_facts())["report.html"])
    else:
        path.write_text(validation_page(_verdict()), "utf-8")
    return path


@pytest.mark.parametrize("width", [1400, 390])
def test_a_page_fits_the_width_of_its_screen(browser: Browser, page: Path, width: int) -> None:
    browser.open(page, width)

    assert browser.value("document.documentElement.scrollWidth") == width
    assert (
        browser.value(
            "[...document.querySelectorAll('body *')].map(e => e.getBoundingClientRect().right)"
            ".reduce((a, b) => Math.max(a, b))"
        )
        <= width
    )


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


def test_the_first_screen_says_the_result_and_that_it_is_no_legal_advice(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_bytes(render(_facts())["report.html"])

    browser.open(path, 1400)

    assert browser.value("document.querySelector('.headline').getBoundingClientRect().bottom") < 400
    assert browser.value("document.querySelector('.tiles').getBoundingClientRect().bottom") < 900


def test_paper_shows_what_the_screen_folds_away(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_bytes(render(_facts())["report.html"])
    browser.open(path, 1400)
    end = "document.querySelector('details > p').checkVisibility()"

    folded = browser.value(end)
    browser.ask("Emulation.setEmulatedMedia", media="print")
    printed = browser.value(end)
    browser.ask("Emulation.setEmulatedMedia", media="")

    assert (folded, printed) == (False, True)


def test_a_page_prints_on_a4(browser: Browser, page: Path) -> None:
    browser.open(page, 1400)

    paper = browser.pdf()

    assert paper.startswith(b"%PDF-")
    assert b"/MediaBox [0 0 594.95996 841.91998]" in paper or b"/MediaBox [0 0 595" in paper


def _wait_for_port(file: Path) -> tuple[int, str]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        lines = file.read_text().splitlines() if file.is_file() else []
        if len(lines) == 2:
            return int(lines[0]), lines[1]
        time.sleep(0.05)
    raise TimeoutError(f"{file}: chromium did not open its debugging port within 60 s.")


def _facts() -> RunFacts:
    """A run with the widest of everything: long words, long answers, hostile names, huge numbers."""
    parts = Splits(train=_rows(810_000), valid=_rows(90_000), test=_rows(100_001))
    base = Base(path="models/base", digest=_DIGEST, name=WHEEL_MODEL, tokenizer=_DIGEST, template=_DIGEST)
    return RunFacts(
        run=f"przebieg-{_LONG_WORD}",
        source="<img src=x onerror='window.attacked=1'>",
        raw=_rows(1_000_050, bad_row=7),
        clean=_rows(1_000_001, near_duplicate=30, not_polish=19, **{f"nieznany_powód_{_LONG_WORD}": 1}),
        splits=parts,
        train=_rows(890_000),
        verdict=_verdict(),
        chats=Chats(
            path="chats/x",
            digest=_DIGEST,
            tokens={"train": 900_000_000, "valid": 90_000_000, "test": 9_000_000},
            rows={"train": 890_000, "valid": 90_000, "test": 100_001},
            learned_share=0.61,
            longest=2048,
            dropped=3,
        ),
        model=Model(path="models/x", digest=_DIGEST, base=base, backend="lora"),
        history=[Point(step=0, eval_loss=3.8)]
        + [Point(step=step, loss=4 / step, grad_norm=1.0, learning_rate=1e-3) for step in range(1, 200)]
        + [Point(step=199, eval_loss=0.9)],
        findings=[Finding(problem="overfitting", symptom=_LONG_WORD, advice="stop earlier")],
        scores=Scores(
            rows=120,
            answered=12,
            loss_fall=Estimate(value=0.78, low=0.75, high=0.81, n=120),
            measures=[
                _measure("answer_loss", 3.8, 0.8),
                _measure("perplexity", 1e12, 2.2),
                _measure("polish", 0.4, 0.9),
                _measure(f"nieznana_miara_{_LONG_WORD}", 0.4, 0.9),
            ],
            examples=[
                Example(
                    id=f"q-{number}",
                    area=f"dziedzina {number % 3}",
                    question=_LONG_WORD,
                    expected=_LONG_ANSWER + _LAST_WORDS,
                    base=_LONG_WORD,
                    tuned="<script>window.attacked=1</script>",
                )
                for number in range(12)
            ],
        ),
        settings={"chat.system": SYSTEM, "load.source": "/" + _LONG_WORD},
        versions={"torch": "2.13.0"},
    )


def _verdict() -> Verdict:
    failed = Check(
        suite="corpus",
        rule="C06",
        text="Answers cite a provision",
        severity="warning",
        passed=False,
        observed="301 of 812 rows fail",
        failing=301,
        rows=[f"{_LONG_WORD}-{number}" for number in range(20)],
    )
    return Verdict(checks=[failed, failed.model_copy(update={"rule": "C08", "passed": True, "rows": []})])


def _rows(count: int, **dropped: int) -> Snapshot:
    return Snapshot(path="rows/x", digest=_DIGEST, rows=count, dropped=dropped)


def _measure(name: str, base: float, tuned: float) -> Measure:
    return Measure(name=name, better="lower", base=_estimate(base), tuned=_estimate(tuned))


def _estimate(value: float) -> Estimate:
    return Estimate(value=value, low=value * 0.9, high=value * 1.05, n=120)
