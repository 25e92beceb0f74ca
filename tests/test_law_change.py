"""A change of the law makes the rows stale that describe the law before it, and only those."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.law import law
from paragraf.clean import CleanSettings, clean
from paragraf.errors import BadSettings, MissingInput, Unavailable
from paragraf.events import read_events
from paragraf.law.changes import EVENT, Change, Changes, provision_of, write_change
from paragraf.records import Kept, Record
from paragraf.snapshots import Snapshot
from paragraf.stale import publish_stale, stale_rows
from tasks.law_change import emit_law_change
from tasks.sources import outside_digest
from tests.receiving import receiving

CHANGE = Change("kc:art=118", "2018-07-09")


def row(name: str, basis: str, state: str = "2017-01-01", answer: str = "") -> Record:
    said = answer or f"Roszczenie z wiersza {name} przedawnia się po upływie kilku lat od dnia wymagalności."
    return Record(name, f"Kiedy przedawnia się roszczenie {name}?", said, legal_state=state, legal_basis=(basis,))


def change(*arguments: str) -> list[str]:
    said: list[str] = []
    law(["change", *arguments], said.append, said.append)
    return said


@pytest.mark.parametrize(
    ("provision", "cited", "touches"),
    [
        ("kc:art=118", "kc:art=118", True),
        ("kc:art=118", "kc:art=118;par=1;pkt=2", True),
        ("kc:art=118;par=1", "kc:art=118;par=1;pkt=2", True),
        ("kc:art=118;par=1", "kc:art=118;par=2", False),
        ("kc:art=118;par=1", "kc:art=118", True),  # who cites the whole rests on its parts
        ("kc:art=118;ust=1", "kc:art=118;par=1;pkt=2", True),  # an article has § or ust., and people mix them
        ("kc:art=118;ust=1", "kc:art=118;par=2", False),
        ("kc:art=118;par=1", "kc:art=118;ust=2", False),
        ("kc:art=118;par=1;pkt=2", "kc:art=118;pkt=2", True),
        ("kc:art=118;par=1;pkt=2", "kc:art=118;pkt=3", False),
        ("?:par=2;ust=3", "?:par=2;ust=4", False),
        ("kc:art=118", "kc:art=1181", False),
        ("kc:art=118", "kc:art=118(1)", False),
        ("kc:art=118", "kpc:art=118", False),
    ],
)
def test_a_change_touches_a_provision_its_parts_and_its_wholes(provision: str, cited: str, touches: bool) -> None:
    assert Change(provision, "2018-07-09").touches(cited) is touches


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("kc:art=118", "kc:art=118"),
        ("kc:art=118;par=1;pkt=2", "kc:art=118;par=1;pkt=2"),
        ("art. 118 § 1 k.c.", "kc:art=118;par=1"),
        ("kp:art=22¹", "kp:art=22(1)"),
    ],
)
def test_a_provision_is_named_by_its_key_or_in_words(written: str, key: str) -> None:
    assert provision_of(written) == key


@pytest.mark.parametrize("written", ["bzdura", "kc", "nic:art=1", "art. 118", "art. 118 i 119 k.c.", "kc:art=x"])
def test_what_names_no_one_known_provision_is_refused(written: str) -> None:
    with pytest.raises(BadSettings):
        provision_of(written)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("kc:art=118;pra=1", "pra"),
        ("kc:art=118;par=1;par=2", "par, par"),
        ("kc:art=118;pkt=2;par=1", "pkt, par"),
        ("kc:art=118;art=119", "art"),
    ],
)
def test_units_that_no_citation_has_are_refused_with_those_that_there_are(written: str, found: str) -> None:
    with pytest.raises(BadSettings) as raised:
        provision_of(written)
    units = "par, ust, pkt, lit, tiret, ak, zd"
    assert (
        str(raised.value)
        == f"{written!r}: below art the units are {units}, in this order and each once; found {found}."
    )


def test_a_change_with_units_that_an_older_release_took_is_taken_back() -> None:
    write_change(Change("kc:art=118;pra=1", "2018-07-09"))
    change("kc:art=118;pra=1", "--on", "2018-07-09", "--withdraw")
    assert Changes.read().known == ()


def test_a_provision_that_never_existed_is_told_and_not_refused() -> None:
    said = change("kc:art=99999", "--on", "2018-07-09")
    assert said[0].startswith("Warning: by the texts known here kc:art=99999 never existed")
    assert Changes.read().known == (Change("kc:art=99999", "2018-07-09"),)
    assert change("kc:art=118;ust=1", "--on", "2018-07-09")[0].startswith("kc:art=118;ust=1 is another law")


@pytest.mark.parametrize(
    ("record", "is_stale"),
    [
        (row("a", "art. 118 k.c."), True),
        (row("a", "art. 118 § 1 k.c."), True),
        (row("a", "art. 117-120 k.c."), True),
        (row("a", "art. 5 k.c.", answer="Zgodnie z art. 118 k.c. termin wynosi dziesięć lat."), True),
        (row("a", "art. 119 k.c."), False),
        (row("a", "art. 118 k.c.", "2018-07-08"), True),
        (row("a", "art. 118 k.c.", "2018-07-09"), False),
        (row("a", "art. 118 k.c.", "2018"), False),  # a year alone is its last day
        (row("a", "art. 118 k.c.", "2017"), True),
        (row("a", "art. 118 k.c.", ""), True),  # of any day, so perhaps of the law before
    ],
)
def test_a_row_is_stale_that_rests_on_the_provision_as_it_was(record: Record, is_stale: bool) -> None:
    assert bool(Changes((CHANGE,)).unknown_to(record)) is is_stale


def test_cleaning_sets_stale_rows_aside_and_says_why() -> None:
    rows = [row("a", "art. 118 k.c."), row("b", "art. 118 k.c.", "2020-01-01"), row("c", "art. 119 k.c.")]
    settings = CleanSettings(min_rows=1, near_duplicate_jaccard=1)
    assert len(Kept.of(clean(rows, settings)).records) == 3
    write_change(CHANGE)
    kept = Kept.of(clean(rows, settings))
    assert [record.id for record in kept.records] == ["b", "c"]
    assert [(item.record.id, item.reason, item.detail) for item in kept.dropped] == [
        ("a", "stale_law", "cites kc:art=118; kc:art=118 changed on 2018-07-09")
    ]


def test_rows_are_cleaned_anew_after_a_change() -> None:
    before = outside_digest("tasks.clean")
    write_change(CHANGE)
    assert outside_digest("tasks.clean") != before


def test_the_command_tells_of_rows_by_part_and_writes_a_page_and_an_event(workspace: Path) -> None:
    rows = [row("r1", "art. 118 k.c."), row("r2", "art. 118 § 1 k.c."), row("r3", "art. 119 k.c.")]
    Snapshot.write("load", rows)
    Snapshot.write("train", rows[:1])
    Snapshot.write("test", rows[1:])
    said = change("kc:art=118", "--on", "2018-07-09")
    assert said[0] == "kc:art=118 is another law from 2018-07-09 on. Rows that are stale by that: 2."
    assert [line.split() for line in said[2:5]] == [["test", "1"], ["valid", "0"], ["train", "1"]]
    page = Path(said[6]).read_text("utf-8")
    assert "| test | r2 | 2017-01-01 | kc:art=118;par=1 | Kiedy przedawnia się roszczenie r2? |" in page
    assert "r3" not in page
    [event] = read_events("law_changed")
    assert (event["provision"], event["since"], event["rows"], event["test_rows"]) == ("kc:art=118", "2018-07-09", 2, 1)
    assert "no automation hears of it" in said[7]
    change("kc:art=118", "--on", "2018-07-09")
    assert len(read_events("law_changed")) == 1


def test_a_change_told_by_mistake_is_taken_back() -> None:
    change("kc:art=118", "--on", "2018-07-09")
    change("kc:art=118", "--on", "2018-07-09", "--withdraw")
    assert Changes.read().known == ()
    with pytest.raises(MissingInput, match="nobody told of kc:art=118"):
        change("kc:art=118", "--on", "2018-07-09", "--withdraw")


def test_a_day_that_is_still_to_come_is_refused() -> None:
    with pytest.raises(BadSettings, match="still to come"):
        change("kc:art=118", "--on", (date.today() + timedelta(days=2)).isoformat())
    assert Changes.read().known == ()


def test_a_question_cannot_break_the_page_or_put_marks_into_it() -> None:
    record = Record("r|1", "Czy <b>to</b> |\n# działa?", "Tak, zgodnie z przepisem art. 118 k.c.", legal_state="2017")
    Snapshot.write("load", [record])
    page = publish_stale(CHANGE, stale_rows(CHANGE)).read_text("utf-8")
    assert page.splitlines()[-1].endswith(r"| Czy \<b\>to\</b\> \| # działa? |")


@pytest.mark.parametrize("answer", [None, 401, 404])
def test_a_change_that_the_server_does_not_take_is_written_down_and_no_success(
    answer: int | None, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(answer) as url:
        monkeypatch.setenv("PREFECT_API_URL", url)
        with temporary_settings({PREFECT_API_URL: url}), pytest.raises(Unavailable) as raised:
            change("kc:art=118", "--on", "2018-07-09")
    assert raised.value.exit_code == 75
    assert str(raised.value).endswith("and give the same command again.")
    assert "s3cret" not in str(raised.value)
    assert Changes.read().known == (CHANGE,)
    assert list((workspace / "reports").glob("law-change-*.md"))


@pytest.mark.slow
@pytest.mark.usefixtures("prefect_server")
def test_an_automation_answers_a_change_with_a_run() -> None:
    asyncio.run(_automate())
    end = time.monotonic() + 60
    emit_law_change(CHANGE, 7, 2)
    while not (runs := asyncio.run(_runs())) and time.monotonic() < end:
        time.sleep(2)  # an automation is heard of by its server's services, which may be later than the event
        emit_law_change(CHANGE, 7, 2)
    assert runs[0].created_by.type == "AUTOMATION"
    while not (events := asyncio.run(_events())) and time.monotonic() < end:
        time.sleep(0.5)  # it starts the run before it is written down
    event = events[0]
    assert event["resource"] == {
        "prefect.resource.id": "paragraf.provision.kc:art=118",
        "prefect.resource.name": "kc:art=118",
    }
    assert event["payload"] == {"provision": "kc:art=118", "on": "2018-07-09", "rows": 7, "test_rows": 2}


async def _automate() -> None:
    from prefect.automations import AutomationCore
    from prefect.events.actions import RunDeployment
    from prefect.events.schemas.automations import EventTrigger, Posture

    async with get_client() as api:
        flow = await api.create_flow_from_name("update")
        deployment = await api.create_deployment(flow, "on-law-change", entrypoint="flows.finetune:finetune")
        trigger = EventTrigger(
            expect={EVENT},
            match={"prefect.resource.id": "paragraf.provision.kc:*"},
            posture=Posture.Reactive,
            threshold=1,
            within=timedelta(0),
        )
        action = RunDeployment(deployment_id=deployment)
        await api.create_automation(AutomationCore(name="on-law-change", trigger=trigger, actions=[action]))


async def _runs() -> list[Any]:
    async with get_client() as api:
        return [run for run in await api.read_flow_runs() if run.created_by]


async def _events() -> list[dict[str, Any]]:
    async with get_client() as api:
        answer = await api._client.post("/events/filter", json={"filter": {"event": {"name": [EVENT]}}})
        return list(answer.json()["events"])


@contextmanager
def answering(code: int | None) -> Iterator[str]:
    """The address of a server that answers all with this code; None: nobody listens there."""
    with receiving(code or 200) as server:
        url = f"http://user:s3cret@{server.address}api"
        if code:
            yield url
    if not code:  # the server has ended
        yield url
