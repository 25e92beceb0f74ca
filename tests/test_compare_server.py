"""The raters' server over HTTP: who may see and send what, and what every answer carries."""

import re
import urllib.parse
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import NamedTuple

import pytest

from paragraf.compare.links import issue_link
from paragraf.compare.sealing import BlindTest
from paragraf.compare.votes import LONGEST_COMMENT, VoteBook
from tests.blind import FIRST, NOW, SECOND, blind_test, say, served, votes_of
from tests.pages import text_of


class Reply(NamedTuple):
    """An answer of the server; no redirect is followed."""

    status: int
    headers: dict[str, str]
    text: str


class Booth(NamedTuple):
    """A test that is served, and the paths of its raters."""

    test: BlindTest
    port: int
    anna: str
    jan: str

    def get(self, path: str, method: str = "GET", **headers: str) -> Reply:
        return self._ask(method, path, b"", headers)

    def post(self, path: str, body: bytes | None = None, origin: str | None = None, **fields: str | int) -> Reply:
        """A form as a browser sends it from a page of this server, or from another `origin` ("" for none)."""
        told = f"http://127.0.0.1:{self.port}" if origin is None else origin
        headers = {"Content-Type": "application/x-www-form-urlencoded"} | ({"Origin": told} if told else {})
        return self._ask("POST", path, urllib.parse.urlencode(fields).encode() if body is None else body, headers)

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Reply:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        reply = Reply(answer.status, dict(answer.getheaders()), answer.read().decode())
        connection.close()
        return reply

    def votes(self, rater: str = "anna") -> dict[int, tuple[str | None, str, int]]:
        return votes_of(self.test, rater)


@pytest.fixture
def booth() -> Iterator[Booth]:
    test = blind_test()
    with served(test) as (address, paths):
        yield Booth(test, int(address.rpartition(":")[2]), paths["anna"], paths["jan"])


def test_a_question_shows_both_answers_and_nothing_of_where_they_are_from(booth: Booth) -> None:
    shown = booth.test.sheets()["anna"].items[2]
    reply = booth.get(f"{booth.anna}/3")
    text = text_of(reply.text)
    assert reply.status == 200
    assert text.index(shown.question) < text.index(shown.left) < text.index(shown.right)
    everything = " ".join([reply.text, *reply.headers, *reply.headers.values(), booth.get(booth.anna).text])
    assert [word for word in (FIRST, SECOND, "first", "second", "uvicorn", '"q') if word in everything] == []


def test_every_answer_bars_scripts_frames_and_caches_of_strangers(booth: Booth) -> None:
    for reply in (booth.get(booth.anna), booth.get("/"), booth.get("/rating.js"), booth.post(f"{booth.anna}/1")):
        policy = reply.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "form-action 'self'" in policy
        assert "unsafe" not in policy
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["referrer-policy"] == "same-origin"
        assert reply.headers["cache-control"] == "no-store"
        assert "server" not in reply.headers


def test_the_page_asks_for_nothing_but_its_own_style_and_script(booth: Booth) -> None:
    page = booth.get(f"{booth.anna}/1").text
    assert re.findall(r'(?:src|href)="([^"#]+)"', page) == [
        *("data:,", "/rating.css", "/rating.js"),
        *(f"{booth.anna}/2", booth.anna),
    ]
    assert booth.get("/rating.css").headers["content-type"] == "text/css; charset=utf-8"
    assert not re.search(r"<[^>]+\s(?:style|on\w+)=", page)


def test_a_vote_is_recorded_and_leads_to_the_next_question(booth: Booth) -> None:
    reply = booth.post(f"{booth.anna}/1", choice="left", comment=" Trafna\r\npodstawa. ", seen=0)
    assert (reply.status, reply.headers["location"]) == (303, f"{booth.anna}/2?saved=1")
    assert booth.votes() == {1: ("left", "Trafna\npodstawa.", 1)}
    assert "Zapisano głos na pytanie 1." in text_of(booth.get(f"{booth.anna}/2?saved=1").text)
    assert booth.votes("jan") == {}


def test_the_same_form_twice_is_one_vote(booth: Booth) -> None:
    first, again = (booth.post(f"{booth.anna}/1", choice="tie", seen=0) for _ in range(2))
    assert (first.status, first.headers["location"]) == (again.status, again.headers["location"])
    assert booth.votes() == {1: ("tie", "", 1)}


def test_a_form_of_an_older_page_asks_before_it_changes_a_vote(booth: Booth) -> None:
    booth.post(f"{booth.anna}/1", choice="left", seen=0)
    reply = booth.post(f"{booth.anna}/1", choice="right", comment="Jednak druga.", seen=0)
    assert reply.status == 409
    assert "Na to pytanie jest już głos" in reply.text
    assert 'value="right" data-key="2" required checked' in reply.text
    assert "Jednak druga.</textarea>" in reply.text
    assert 'name="seen" value="1"' in reply.text
    assert booth.votes() == {1: ("left", "", 1)}
    booth.post(f"{booth.anna}/1", choice="right", comment="Jednak druga.", seen=1)
    assert booth.votes() == {1: ("right", "Jednak druga.", 2)}


def test_a_question_that_has_a_vote_shows_it(booth: Booth) -> None:
    booth.post(f"{booth.anna}/1", choice="both_bad", comment="Zmyślone.", seen=0)
    page = booth.get(f"{booth.anna}/1").text
    assert 'value="both_bad" data-key="3" required checked' in page
    assert "Zmyślone.</textarea>" in page
    assert 'name="seen" value="1"' in page
    assert "checked" not in booth.get(f"{booth.jan}/1").text


def test_skipped_questions_come_back_and_after_the_last_one_the_overview_says_thanks(booth: Booth) -> None:
    for number in range(2, 13):
        reply = booth.post(f"{booth.anna}/{number}", choice="tie", seen=0)
    assert reply.headers["location"] == f"{booth.anna}/1?saved=12"
    assert "Przerwa: 11 pytań ocenionych z 12" in text_of(booth.get(booth.anna).text).replace("\xa0", " ")
    assert booth.post(f"{booth.anna}/1", choice="tie", seen=0).headers["location"] == booth.anna
    assert "Wszystko ocenione. Dziękujemy!" in booth.get(booth.anna).text


@pytest.mark.parametrize("origin", ["https://zly.pl", "null", "", "http://127.0.0.1:1", "http://127.0.0.1.zly.pl"])
def test_a_form_on_a_strangers_page_is_refused(booth: Booth, origin: str) -> None:
    reply = booth.post(f"{booth.anna}/1", origin=origin, choice="left", seen=0)
    assert reply.status == 403
    assert "Formularz z obcej strony" in reply.text
    assert booth.votes() == {}


def test_a_request_under_a_strangers_name_is_refused(booth: Booth) -> None:
    assert booth.get(booth.anna, Host="zly.pl").status == 400
    assert booth.get(booth.anna, Host=f"localhost:{booth.port}").status == 200


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"choice": "left", "comment": "x" * (LONGEST_COMMENT + 1)}, 413),
        ({"choice": "left", "comment": "ż" * 70_000}, 413),
        ({"choice": "first"}, 400),
        ({}, 400),
        ({"choice": "left", "seen": "kot"}, 400),
        ({"choice": "left", "seen": "9" * 5000}, 400),
        ({"choice": "left", **{f"x{number}": "" for number in range(20)}}, 400),
    ],
)
def test_what_is_no_vote_is_refused_in_polish(booth: Booth, fields: dict[str, str], status: int) -> None:
    reply = booth.post(f"{booth.anna}/1", **fields)
    assert reply.status == status
    assert "Wróć" in reply.text
    assert booth.votes() == {}


def test_bytes_that_are_no_text_are_refused(booth: Booth) -> None:
    assert booth.post(f"{booth.anna}/1", body=b"choice=left&comment=\xff\xfe\x00").status == 400
    assert booth.votes() == {}


def test_the_longest_comment_is_taken_in_any_letters(booth: Booth) -> None:
    booth.post(f"{booth.anna}/1", choice="left", comment="𝔵" * LONGEST_COMMENT, seen=0)
    assert booth.votes() == {1: ("left", "𝔵" * LONGEST_COMMENT, 1)}


@pytest.mark.parametrize(
    "path", ["/", "/r/", "/r/x", "/r/x/1", "{anna}/0", "{anna}/13", "{anna}/-1", "{anna}/x", "{anna}/1/2"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_not_there_is_told_in_polish(booth: Booth, path: str, method: str) -> None:
    place = path.format(anna=booth.anna)
    reply = booth.get(place) if method == "GET" else booth.post(place, choice="left", seen=0)
    assert reply.status in (404, 405, 307)
    assert reply.status == 307 or "Nie ma takiej strony" in reply.text
    assert booth.votes() == {}


def test_a_number_of_a_thousand_digits_is_no_page(booth: Booth) -> None:
    assert booth.get(f"{booth.anna}/{'1' * 5000}").status == 404
    assert booth.get(f"{booth.anna}/2?saved={'1' * 5000}").status == 200
    assert booth.get(f"{booth.anna}/2?saved=%D9%A1&saved=<b>").status == 200


def test_one_raters_link_does_not_open_anothers_votes(booth: Booth) -> None:
    booth.post(f"{booth.anna}/1", choice="left", comment="Tajne", seen=0)
    assert "Tajne" not in booth.get(f"{booth.jan}/1").text
    assert "anna" not in booth.get(booth.jan).text


def test_a_renewed_link_ends_the_old_one_while_the_server_runs(booth: Booth) -> None:
    new = issue_link(booth.test, "anna").removeprefix(f"http://127.0.0.1:{booth.port}")
    assert booth.get(booth.anna).status == 404
    assert booth.get(new).status == 200


def test_after_the_end_no_vote_is_taken_and_the_page_says_so(booth: Booth) -> None:
    say(booth.test, "anna", 1, "left")
    VoteBook(booth.test).close(NOW)
    assert booth.post(f"{booth.anna}/2", choice="left", seen=0).headers["location"] == booth.anna
    assert booth.get(f"{booth.anna}/2").headers["location"] == booth.anna
    assert "Test jest zakończony" in booth.get(booth.anna).text
    assert booth.votes() == {1: ("left", "", 1)}


def test_a_vote_that_cannot_be_written_is_told_and_can_be_sent_again(booth: Booth) -> None:
    path = booth.test.folder / "votes.jsonl"
    path.unlink()
    path.mkdir()
    reply = booth.post(f"{booth.anna}/1", choice="left", seen=0)
    assert reply.status == 503
    assert "spróbuj jeszcze raz" in reply.text
    path.rmdir()
    path.touch()
    assert booth.post(f"{booth.anna}/1", choice="left", seen=0).status == 303
    assert booth.votes() == {1: ("left", "", 1)}
