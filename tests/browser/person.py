"""A person with a browser: reads what a page says, and clicks and types where it says so."""

import base64
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.browser.chromium import Browser

WIDTH = 1400
_PLACE = """one => {
  if (!one) return null;
  one.scrollIntoView({block: 'center'});
  const box = one.getBoundingClientRect();
  const there = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return there && (one.contains(there) || there.contains(one)) ? `${box.x} ${box.y}` : null;
}"""


class Person:
    """Somebody who reads words on a page and clicks and types where they are."""

    def __init__(self, browser: Browser, album: Path) -> None:
        self._browser = browser
        self._album = album

    def opens(self, address: str, until: str) -> None:
        self._browser.visit(address, WIDTH)
        self.reads(until)

    def leaves(self) -> str:
        """Go to an empty page; gives the address of the one before."""
        address = str(self._browser.value("location.href"))
        self._browser.visit("about:blank", WIDTH)
        return address

    def reads(self, *words: str, seconds: float = 60) -> str:
        """Wait until one of the words is on the page; gives it."""
        return self._waits(words, seconds, lambda word, text: word in text)

    def sees(self, *states: str, seconds: float) -> str:
        """Wait until a run has one of the states, which are a line each; gives it."""
        return self._waits(states, seconds, lambda state, text: state in text.splitlines())

    def _waits(self, words: Sequence[str], seconds: float, is_there: Callable[[str, str], bool]) -> str:
        last = time.monotonic() + seconds
        while True:
            text = str(self._browser.value("document.body.innerText"))
            if found := [word for word in words if is_there(word, text)]:
                return found[0]
            assert time.monotonic() < last, f"none of {words} on the page:\n{text}"
            time.sleep(0.3)

    def clicks(self, words: str, kind: str = "button, a, [role=menuitem]") -> None:
        """Click the last thing of a kind that says just this, as soon as it is there."""
        says = f"one => (one.innerText || '').trim() === {json.dumps(words)}"
        self._click(f"[...document.querySelectorAll({json.dumps(kind)})].filter({says}).at(-1)")

    def answers_dialogs_with(self, login: str) -> None:
        """Log in where the browser itself asks for it, which it does once."""
        told = {"Authorization": f"Basic {base64.b64encode(login.encode()).decode()}"}
        self._browser.ask("Network.setExtraHTTPHeaders", headers=told)

    def follows(self, part: str) -> None:
        """Click the last link whose address has this part, as soon as it is there."""
        self._click(f"[...document.querySelectorAll('a[href*=\"{part}\"]')].at(-1)")

    def fills(self, label: str, text: str) -> None:
        """Put text into the field of a label instead of what is there."""
        self._click(_field(label))
        self._browser.press("a", "Ctrl")
        self._browser.write(text)

    def chooses(self, label: str, choice: str) -> None:
        self._click(_field(label))
        self.clicks(choice, "[role=option]")

    def pictures(self, name: str) -> None:
        """Keep what is on the screen, for whoever wants to look."""
        self._browser.screenshot().save(self._album / f"{name}.png")

    def _click(self, element: str) -> None:
        """Click an element as soon as it is there, nothing covers it, and it has stopped moving."""
        place = f"({_PLACE})({element})"
        last = time.monotonic() + 60
        before = None
        while (now := self._browser.value(place)) is None or now != before:
            assert time.monotonic() < last, f"{element} can't be clicked"
            before = now
            time.sleep(0.3)
        self._browser.click_on(element)


def _field(label: str) -> str:
    says = f"one => one.innerText.trim() === {json.dumps(label)}"
    return f"document.getElementById(([...document.querySelectorAll('label')].find({says}) || {{}}).htmlFor)"
