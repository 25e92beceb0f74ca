"""Chromium without a screen, driven by its DevTools protocol: opens a page at a width, measures, pictures, prints."""

import json
import subprocess
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from websockets.sync.client import connect

_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
]
_PATIENCE_SECONDS = 60


class Browser:
    """One tab; `requested` holds the addresses that the open page asked for."""

    def __init__(self, profile: Path) -> None:
        self.requested: list[str] = []
        self._process = subprocess.Popen(
            ["chromium", *_FLAGS, f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._sent = 0
        self._loaded = False
        self._session: dict[str, str] = {}
        try:
            self._socket = connect(
                _address(profile / "DevToolsActivePort"),
                max_size=None,
                ping_interval=None,  # nobody reads while a test waits for something else
            )
            tab = next(target for target in self.ask("Target.getTargets")["targetInfos"] if target["type"] == "page")
            attached = self.ask("Target.attachToTarget", targetId=tab["targetId"], flatten=True)
            self._session = {"sessionId": attached["sessionId"]}
            for domain in ("Page", "Network"):
                self.ask(f"{domain}.enable")
        except BaseException:
            self._process.kill()
            raise

    def close(self) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.wait(timeout=_PATIENCE_SECONDS)

    def open(self, page: Path, width: int) -> None:
        """Load a page in a window of that width and wait until it is all there."""
        self.visit(page.as_uri(), width)

    def visit(self, address: str, width: int) -> None:
        """Like `open`, from a server."""
        self.requested.clear()
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        self.ask("Emulation.setDeviceMetricsOverride", **size)
        with self.loading():
            self.ask("Page.navigate", url=address)

    @contextmanager
    def loading(self) -> Iterator[None]:
        """What is done in the block leads to another page; the block ends when that is all there."""
        self._loaded = False
        yield
        while not self._loaded:
            self._receive()

    def press(self, key: str, held: Literal["", "Ctrl"] = "") -> None:
        """Press a key as a person would, and let it go."""
        text = {"Enter": "\r", "Tab": ""}.get(key, key if len(key) == 1 else "")
        code = {"Enter": 13, "Tab": 9}.get(key, ord(key.upper()[0]))
        pressed = {"key": key, "windowsVirtualKeyCode": code, "modifiers": 2 if held else 0}
        self.ask("Input.dispatchKeyEvent", type="keyDown", text="" if held else text, **pressed)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **pressed)

    def write(self, text: str) -> None:
        """Put text where the cursor is."""
        self.ask("Input.insertText", text=text)

    def click(self, selector: str, times: int = 1) -> None:
        """Click the middle of an element, once or as fast as can be."""
        self.click_on(f"document.querySelector({json.dumps(selector)})", times)

    def click_on(self, element: str, times: int = 1) -> None:
        """Click an element that an expression gives."""
        box = self.value(
            f"(one => {{ one.scrollIntoView({{block: 'center'}}); const box = one.getBoundingClientRect();"
            f" return [box.x + box.width / 2, box.y + box.height / 2] }})({element})"
        )
        at = {"x": box[0], "y": box[1], "button": "left"}
        for count in range(1, times + 1):
            for kind in ("mousePressed", "mouseReleased"):
                self._send("Input.dispatchMouseEvent", type=kind, clickCount=count, **at)

    def value(self, expression: str) -> Any:
        """Evaluate an expression beside the page, which itself may run nothing."""
        return self.ask("Runtime.evaluate", expression=expression, returnByValue=True)["result"]["value"]

    def screenshot(self) -> Image.Image:
        """The whole page, also what lies below the window."""
        png = self.ask("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        return Image.open(BytesIO(b64decode(png))).convert("RGB")

    def pdf(self) -> bytes:
        return b64decode(self.ask("Page.printToPDF", preferCSSPageSize=True)["data"])

    def show_as(self, medium: Literal["print", "screen"]) -> None:
        self.ask("Emulation.setEmulatedMedia", media=medium)

    def ask(self, method: str, **parameters: object) -> dict[str, Any]:
        self._send(method, **parameters)
        while (answer := self._receive()).get("id") != self._sent:
            pass
        assert "error" not in answer, answer
        return dict(answer["result"])

    def _send(self, method: str, **parameters: object) -> None:
        self._sent += 1
        self._socket.send(json.dumps({"id": self._sent, "method": method, "params": parameters, **self._session}))

    def _receive(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self._socket.recv(timeout=_PATIENCE_SECONDS))
        if message.get("method") == "Network.requestWillBeSent":
            self.requested.append(message["params"]["request"]["url"])
        if message.get("method") == "Page.loadEventFired":
            self._loaded = True
        return message


def _address(file: Path) -> str:
    """Where the browser listens: it writes its port and path into a file once it is ready."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if file.is_file() and len(lines := file.read_text().splitlines()) == 2:
            return f"ws://127.0.0.1:{lines[0]}{lines[1]}"
        time.sleep(0.05)
    raise TimeoutError(f"{file}: chromium did not open its debugging port within {_PATIENCE_SECONDS} s.")
