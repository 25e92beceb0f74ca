"""A person with a browser: finds a deployment, fills in its form, sees the run end, approves, finds the champion."""

import base64
import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings

from flows.flags import parse_settings
from flows.server import free_port
from paragraf.models import Base
from paragraf.settings import Settings
from tests.browser.chromium import Browser
from tests.running import SMALL, small_corpus, with_stores
from tests.servers.kept_up import Up, end, start_up
from tests.tiny import talking_model

pytestmark = pytest.mark.slow

WIDTH = 1400
POLISH = "Zachowek to część wartości udziału spadkowego, która należy się najbliższym."


class Person:
    """Somebody who reads words on a page and clicks and types where they are."""

    def __init__(self, browser: Browser, album: Path) -> None:
        self._browser = browser
        self._album = album

    def opens(self, address: str, until: str) -> None:
        self._browser.visit(address, WIDTH)
        self.reads(until)

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
        last = time.monotonic() + 60
        while not self._browser.value(f"!!({element})"):
            assert time.monotonic() < last, f"{element} is not there"
            time.sleep(0.3)
        time.sleep(0.5)  # what opens moves
        self._browser.click_on(element)


def _field(label: str) -> str:
    says = f"one => one.innerText.trim() === {json.dumps(label)}"
    return f"document.getElementById(([...document.querySelectorAll('label')].find({says}) || {{}}).htmlFor)"


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory, stores: Path, tiny: Base) -> Iterator[Up]:
    """`paragraf up` in a workspace whose operator has set that runs are small."""
    workspace = with_stores(tmp_path_factory.mktemp("up") / "work", stores)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARAGRAF_HOME", str(workspace))
        base = talking_model(tiny, "mowi", POLISH).base
    running = start_up(workspace, (free_port(), free_port()))
    try:
        _make_small(f"{running.prefect}/api", running.password, base)
        yield running
    finally:
        end(running)


def _make_small(api: str, password: str, base: Base) -> None:
    quick = ["--train.base-model", base.path, "--train.epochs", "0.2", "--train.learning-rate", "1e-6"]
    settings = parse_settings("finetune", [*SMALL, *quick, "--safety.rows", "0"], Settings)
    parameters = {"settings": settings.model_dump(mode="json", exclude_defaults=True)}
    access = {PREFECT_API_URL: api, PREFECT_API_AUTH_STRING: f"paragraf:{password}"}
    with temporary_settings(access), get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name("finetune/finetune")
        client._client.patch(f"/deployments/{deployment.id}", json={"parameters": parameters}).raise_for_status()


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory, up: Up) -> Iterator[Person]:
    """Somebody who has logged in."""
    browser = Browser(tmp_path_factory.mktemp("profile"))
    try:
        found = Person(browser, up.workspace.parent)
        found.opens(up.prefect, "Login")
        browser.click("input[type=password]")
        browser.write(f"paragraf:{up.password}")
        found.clicks("Login")
        found.reads("Dashboard")
        yield found
    finally:
        browser.close()


def starts(person: Person, up: Up, deployment: str, **fields: str) -> None:
    """From the list of deployments to a run that was started with what was put into the form."""
    person.opens(f"{up.prefect}/v2/deployments", deployment)
    person.clicks(deployment, "a[href*='/deployments/deployment/']")
    person.reads("Next Run", "No runs found", "Flow run")
    person.clicks("Run")
    person.clicks("Custom run")
    person.reads("Parameters")
    for label, text in fields.items():
        person.fills(f"{label} (Optional)", text)
    person.pictures(f"form-{deployment}")
    person.clicks("Submit")
    person.clicks("View run")


def test_a_run_is_started_from_its_form_and_what_it_made_is_shown(person: Person, up: Up) -> None:
    starts(person, up, "finetune", Source=str(small_corpus(up.workspace.parent)))
    assert person.sees("Completed", "Failed", "Crashed", seconds=300) == "Completed"
    person.clicks("Artifacts")
    person.reads("version")
    person.pictures("run")
    person.clicks("version", "*")
    person.follows("/artifacts/artifact/")
    person.reads("Werdykt bramki")
    person.reads("31 rows of small.jsonl")
    person.pictures("version")


def test_a_person_approves_and_mlflow_shows_the_champion(person: Person, up: Up) -> None:
    starts(person, up, "promote")
    assert person.sees("Suspended", "Failed", "Crashed", seconds=120) == "Suspended"
    person.clicks("Open menu")
    person.clicks("Resume")
    person.reads("Czy wersja 1 ma odpowiadać na pytania?")
    person.chooses("Decyzja", "zatwierdzam")
    person.fills("Imię i nazwisko", "Anna Próbna")
    person.fills("Powód", "Odpowiada po polsku.")
    person.pictures("approval")
    person.clicks("Resume")
    assert person.sees("Completed", "Failed", "Crashed", seconds=180) == "Completed"
    person.answers_dialogs_with(f"paragraf:{up.password}")
    person.opens(f"{up.mlflow}/#/models/paragraf-legal-qa", "Version 1")
    person.reads("champion")
    person.pictures("champion")
