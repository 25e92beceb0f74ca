import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from paragraf.errors import BadSettings, ParagrafError
from paragraf.generator import (
    AnswerForm,
    Failed,
    Generated,
    GeneratorSettings,
    NoGenerator,
    OpenAIGenerator,
    OpenAISettings,
    Request,
    Tokens,
    open_generator,
)
from paragraf.generator.shelf import Shelf
from tests.keys import chain, told_by, traces_of_key
from tests.servers.openai_server import (
    OpenAIServer,
    Reply,
    fault,
    rate_limited,
    refuses,
    says,
    serving,
    writes,
)

KEY = "sk-sentinel-4f7b1c90d2e8a635"


class Word(AnswerForm):
    word: str


def wanted(number: int = 0) -> Request[Word]:
    return Request("Powtórz słowo.", f'{{"word": "słowo {number}"}}', Word)


def echo(body: dict[str, Any]) -> Reply:
    return says(body["messages"][1]["content"])


def settings_for(server: OpenAIServer, **changed: Any) -> OpenAISettings:
    given = {"model": "m", "base_url": server.base_url, "concurrency": 1, "max_retries": 2, **changed}
    return OpenAISettings(**given)


def ask(server: OpenAIServer, requests: int = 1, **changed: Any) -> list[Generated[Word] | Failed]:
    with OpenAIGenerator(settings_for(server, **changed)) as generator:
        return list(generator.generate(wanted(number) for number in range(requests)))


def reasons(outcomes: list[Generated[Word] | Failed]) -> list[str]:
    return [outcome.reason if isinstance(outcome, Failed) else outcome.value.word for outcome in outcomes]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("OPENAI_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def echoing() -> Iterator[OpenAIServer]:
    with serving(echo) as server:
        yield server


def test_answers_come_in_the_order_of_the_requests_however_long_each_takes() -> None:
    def slow_first(body: dict[str, Any]) -> Reply:
        word = json.loads(body["messages"][1]["content"])["word"]
        return writes(word=word, after=0.15 if word == "słowo 0" else 0.0)

    with serving(slow_first) as server:
        assert reasons(ask(server, 12, concurrency=4)) == [f"słowo {number}" for number in range(12)]


def test_a_request_names_the_model_the_limit_and_the_form_of_the_answer(echoing: OpenAIServer) -> None:
    ask(echoing, max_answer_tokens=99, temperature=0.3)
    [call] = echoing.calls
    assert call == {
        "model": "m",
        "messages": [
            {"role": "system", "content": "Powtórz słowo."},
            {"role": "user", "content": '{"word": "słowo 0"}'},
        ],
        "max_tokens": 99,
        "temperature": 0.3,
        "response_format": {
            "type": "json_schema",
            "json_schema": {
                "name": "Word",
                "strict": True,
                "schema": {
                    "title": "Word",
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"word": {"title": "Word", "type": "string"}},
                    "required": ["word"],
                },
            },
        },
    }


def test_calls_under_way_never_pass_the_limit_even_when_two_loops_share_a_generator() -> None:
    with serving(lambda body: says(body["messages"][1]["content"], after=0.02)) as server:
        with OpenAIGenerator(settings_for(server, concurrency=3)) as generator:
            inner = generator.generate(wanted(number) for number in range(20))
            pairs = list(zip(inner, generator.generate(wanted(number) for number in range(20, 40)), strict=True))
        assert len(pairs) == 20
        assert server.most_at_once == 3


def test_requests_are_taken_only_as_far_ahead_as_calls_can_use(echoing: OpenAIServer) -> None:
    taken = []

    def endless() -> Iterator[Request[Word]]:
        while True:
            taken.append(1)
            yield wanted(len(taken))

    with OpenAIGenerator(settings_for(echoing, concurrency=2)) as generator:
        outcomes = generator.generate(endless())
        next(outcomes)
        assert len(taken) == 8


def test_after_a_rate_limit_the_call_waits_as_long_as_it_is_told_and_succeeds() -> None:
    with serving(rate_limited(1), echo) as server:
        started = time.monotonic()
        assert reasons(ask(server)) == ["słowo 0"]
        assert time.monotonic() - started >= 1
        assert len(server.calls) == 2


def test_a_rate_limit_of_minutes_is_not_hammered() -> None:
    with serving(rate_limited(300)) as server:
        assert reasons(ask(server)) == ["rate_limited"]
        assert len(server.calls) == 1


def test_passing_faults_of_the_server_are_tried_again() -> None:
    with serving(fault(500), fault(503), echo) as server:
        assert reasons(ask(server)) == ["słowo 0"]
        assert len(server.calls) == 3


def test_a_lasting_fault_fails_after_the_retries_and_the_next_request_is_asked_all_the_same() -> None:
    with serving(fault(500), fault(500), fault(500, "out of memory"), echo) as server:
        [first, second] = ask(server, 2)
        assert first == Failed("server_error", "500: Error code: 500 - out of memory")
        assert second == Generated(Word(word="słowo 1"))


def test_an_endpoint_that_is_down_is_not_asked_for_ever() -> None:
    with serving(fault(500)) as server:
        outcomes = ask(server, 20, max_retries=0)
        assert reasons(outcomes) == ["server_error"] * 8 + ["gave_up"] * 12
        assert len(server.calls) == 8


def test_a_used_up_account_is_not_asked_again() -> None:
    with serving(fault(429, "You exceeded your current quota.", code="insufficient_quota")) as server:
        assert reasons(ask(server, 3, max_retries=0)) == ["no_quota", "gave_up", "gave_up"]
        assert len(server.calls) == 1


def test_a_silent_endpoint_times_out() -> None:
    with serving(says("{}", after=0.6)) as server:
        [outcome] = ask(server, timeout_seconds=0.1, max_retries=0)
        assert outcome == Failed("timed_out", f"{server.base_url} was silent for 0.1 s")


def test_an_endpoint_that_is_not_there_is_unreachable() -> None:
    with serving(echo) as server:
        gone = settings_for(server, max_retries=0)
    with OpenAIGenerator(gone) as generator:
        assert list(generator.generate([wanted()])) == [
            Failed("unreachable", f"no connection to {gone.base_url}, or it broke")
        ]


def test_a_refusal_is_a_failure_with_its_words() -> None:
    with serving(refuses("Nie pomogę.")) as server:
        assert ask(server) == [Failed("refused", "Nie pomogę.")]
        assert len(server.calls) == 1


def test_what_a_content_filter_stopped_is_a_refusal() -> None:
    with serving(says("{", finish="content_filter")) as server:
        assert reasons(ask(server)) == ["refused"]


def test_an_answer_that_was_cut_off_is_not_used_and_not_asked_for_again() -> None:
    with serving(says('{"word": "sło', finish="length")) as server:
        assert reasons(ask(server)) == ["cut_off"]
        assert len(server.calls) == 1


@pytest.mark.parametrize(
    "text",
    [
        '```json\n{"word": "dom"}\n```',
        'Oto odpowiedź: {"word": "dom"} Mam nadzieję, że pomogłem.',
        '\n{"word": "dom"}',
    ],
)
def test_words_around_the_object_are_passed_over(text: str) -> None:
    with serving(says(text)) as server:
        assert reasons(ask(server)) == ["dom"]
        assert len(server.calls) == 1


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("dom", "no JSON object in the answer"),
        ("", "no JSON object in the answer"),
        ('{"word": "dom"', "no JSON object in the answer"),
        ('{"words": "dom"}', "word: Field required"),
        ('{"word": 7}', "word: Input should be a valid string"),
        ('{"word": "dom", "note": ""}', "note: Extra inputs are not permitted"),
        ('{"word": "dom", "word": "las"}', "the key 'word' stands 2 times in one object; keep the one that is meant."),
    ],
)
def test_an_answer_in_another_form_is_sent_back_once_with_the_schema(text: str, wrong: str) -> None:
    with serving(says(text), says(text)) as server:
        assert ask(server) == [Failed("broken_answer", f"{wrong}; then: {wrong}")]
        assert len(server.calls) == 2
        assert server.calls[1]["messages"][2] == {"role": "assistant", "content": text}
        assert '"required": ["word"]' in server.calls[1]["messages"][3]["content"]
    with serving(says(text), writes(word="las")) as server:
        assert reasons(ask(server)) == ["las"]


@pytest.mark.parametrize(
    "body", [b'{"choices": [', b"<html>proxy</html>", b"null", b'{"choices": []}', b'{"choices": "abc"}', b"\xff", b"["]
)
def test_what_is_no_completion_fails_and_counts_at_its_most(body: bytes) -> None:
    with serving(Reply(body)) as server, OpenAIGenerator(settings_for(server, max_answer_tokens=50)) as generator:
        assert reasons(list(generator.generate([wanted()]))) == ["broken_answer"]
        assert generator.spent().tokens.written == 50
        assert generator.spent().assumed == generator.spent().tokens


@pytest.mark.parametrize("status", [400, 500])
def test_an_endpoint_without_schemas_is_asked_for_plain_json_and_told_the_schema_in_words(status: int) -> None:
    def picky(body: dict[str, Any]) -> Reply:
        if body.get("response_format", {}).get("type") == "json_schema":
            return fault(status, "Invalid value: 'json_schema'.", param="response_format")
        return echo(body)

    with serving(picky) as server:
        assert reasons(ask(server, 3, max_retries=0)) == ["słowo 0", "słowo 1", "słowo 2"]
        kinds = [call["response_format"]["type"] for call in server.calls]
        assert kinds == ["json_schema", "json_object", "json_object", "json_object"]
        assert '"required": ["word"]' in server.calls[-1]["messages"][0]["content"]


def test_an_endpoint_that_knows_only_the_newer_names_gets_them() -> None:
    def newer(body: dict[str, Any]) -> Reply:
        if "max_tokens" in body:
            return fault(400, "Unsupported parameter: use 'max_completion_tokens' instead.", param="max_tokens")
        if "temperature" in body:
            return fault(400, "Only the default (1) value is supported.", param="temperature")
        if "response_format" in body:  # in the words of FastAPI
            return Reply(b'{"detail": [{"loc": ["body", "response_format"], "msg": "Extra inputs"}]}', 422)
        return echo(body)

    with serving(newer) as server:
        assert reasons(ask(server, 2)) == ["słowo 0", "słowo 1"]
        assert set(server.calls[-1]) == {"model", "messages", "max_completion_tokens"}
        assert len(server.calls) == 4 + 2


def test_another_complaint_about_a_request_fails_it_alone() -> None:
    with serving(fault(400, "Content too long."), echo) as server:
        assert reasons(ask(server, 2)) == ["bad_request", "słowo 1"]


@pytest.mark.parametrize(("status", "message"), [(401, "Incorrect API key"), (404, "The model 'm' does not exist")])
def test_a_wrong_key_or_model_ends_the_run(status: int, message: str) -> None:
    with serving(fault(status, message)) as server:
        with pytest.raises(BadSettings, match=f"says {status}: .*{message}"):
            ask(server, 50)
        assert len(server.calls) <= 4


def test_what_was_answered_is_never_asked_again(echoing: OpenAIServer) -> None:
    first = ask(echoing, 5)
    assert ask(echoing, 7)[:5] == first
    assert len(echoing.calls) == 7


@pytest.mark.parametrize("changed", [{"model": "n"}, {"temperature": 0.1}, {"max_answer_tokens": 17}])
def test_another_model_or_sampling_is_asked_anew(echoing: OpenAIServer, changed: dict[str, Any]) -> None:
    ask(echoing)
    ask(echoing, **changed)
    assert len(echoing.calls) == 2


@pytest.mark.parametrize("changed", [{"concurrency": 2}, {"max_cost": 9.0}, {"input_price": 1.0}, {"max_retries": 1}])
def test_settings_that_change_no_answer_ask_nothing_anew(echoing: OpenAIServer, changed: dict[str, Any]) -> None:
    ask(echoing)
    ask(echoing, **changed)
    assert len(echoing.calls) == 1


def test_failures_are_not_kept() -> None:
    with serving(refuses(), echo) as server:
        assert reasons(ask(server)) == ["refused"]
        assert reasons(ask(server)) == ["słowo 0"]


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff", b"{}", b"[]"])
def test_a_damaged_answer_is_asked_for_again(echoing: OpenAIServer, workspace: Path, damage: bytes) -> None:
    ask(echoing)
    [path] = workspace.rglob("answers/*/*.json")
    path.write_bytes(damage)
    assert reasons(ask(echoing)) == ["słowo 0"]
    assert len(echoing.calls) == 2
    assert json.loads(path.read_bytes())["answer"] == '{"word":"słowo 0"}'


def test_an_answer_that_was_changed_or_moved_is_not_believed(echoing: OpenAIServer, workspace: Path) -> None:
    ask(echoing, 2)
    one, other = workspace.rglob("answers/*/*.json")
    one.write_text(one.read_text("utf-8").replace("słowo", "słoma"), "utf-8")
    ask(echoing, 2)
    assert len(echoing.calls) == 3
    other.write_bytes(one.read_bytes())
    ask(echoing, 2)
    assert len(echoing.calls) == 4


def test_tokens_and_money_are_counted_and_kept_answers_cost_nothing() -> None:
    with serving(says('{"word": "a"}', usage=(1000, 200))) as server:
        priced = settings_for(server, input_price=2.0, output_price=10.0)
        for requests, calls in ((3, 3), (4, 1)):
            with OpenAIGenerator(priced) as generator:
                list(generator.generate(wanted(number) for number in range(requests)))
                spent = generator.spent()
            assert (spent.calls, spent.tokens) == (calls, Tokens(1000 * calls, 200 * calls))
            assert spent.cost == pytest.approx(calls * (0.002 + 0.002))
            assert spent.assumed == Tokens()


def test_an_answer_without_a_count_is_booked_at_its_most() -> None:
    with (
        serving(says('{"word": "a"}', usage=None)) as server,
        OpenAIGenerator(settings_for(server, max_answer_tokens=50)) as generator,
    ):
        list(generator.generate([wanted()]))
        assert generator.spent().assumed.written == 50
        assert generator.spent().tokens.sent > len("Powtórz słowo.")


@pytest.mark.parametrize("concurrency", [1, 8])
@pytest.mark.parametrize(
    "limit", [{"max_cost": 0.01, "input_price": 1.0, "output_price": 10.0}, {"max_total_tokens": 4000}]
)
def test_no_call_is_made_that_could_pass_the_budget(concurrency: int, limit: dict[str, float]) -> None:
    with serving(says('{"word": "a"}', usage=(400, 100), after=0.01)) as server:
        with OpenAIGenerator(
            settings_for(server, concurrency=concurrency, max_answer_tokens=100, **limit)
        ) as generator:
            outcomes = list(generator.generate(wanted(number) for number in range(30)))
            spent = generator.spent()
        made = len(server.calls)
        assert 0 < made < 30
        assert reasons(outcomes).count("over_budget") == 30 - made
        assert spent.calls == made
        if "max_cost" in limit:
            assert spent.cost <= limit["max_cost"]
        else:
            assert spent.tokens.sent + spent.tokens.written <= limit["max_total_tokens"]


def test_a_budget_of_nothing_makes_no_call_and_still_gives_what_was_kept(echoing: OpenAIServer) -> None:
    ask(echoing, 2)
    assert reasons(ask(echoing, 3, max_total_tokens=0)) == ["słowo 0", "słowo 1", "over_budget"]
    assert len(echoing.calls) == 2


def test_a_second_try_is_paid_from_the_same_budget() -> None:
    with serving(says("słowo", usage=(300, 100))) as server:
        [outcome] = ask(server, max_answer_tokens=100, max_total_tokens=800)
        assert outcome == Failed("broken_answer", "no JSON object in the answer; no second try: over_budget")
        assert len(server.calls) == 1


def test_a_call_that_timed_out_may_have_been_charged() -> None:
    with (
        serving(says("{}", after=0.5)) as server,
        OpenAIGenerator(settings_for(server, timeout_seconds=0.1, max_retries=0, max_answer_tokens=50)) as generator,
    ):
        list(generator.generate([wanted()]))
        assert generator.spent().assumed.written == 50


KILLED = """
import sys
from paragraf.generator import OpenAIGenerator, OpenAISettings
from tests.test_generator import wanted
with OpenAIGenerator(OpenAISettings(model="m", base_url=sys.argv[1], concurrency=2)) as generator:
    for _ in generator.generate(wanted(number) for number in range(40)):
        pass
"""


def test_after_a_kill_nothing_that_was_answered_is_paid_again(workspace: Path) -> None:
    enough = threading.Event()
    count = iter(range(1, 1000))

    def until_enough(body: dict[str, Any]) -> Reply:
        if next(count) == 15:
            enough.set()
        return says(body["messages"][1]["content"], after=0.03)

    with serving(until_enough) as server:
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, server.base_url], cwd=Path(__file__).parents[1], env=os.environ.copy()
        )
        assert enough.wait(60)
        process.send_signal(signal.SIGKILL)
        process.wait()
        paid = len(list(workspace.rglob("answers/*/*.json")))
        assert 11 <= paid <= len(server.calls)
        before = len(server.calls)
        assert reasons(ask(server, 40, concurrency=8)) == [f"słowo {number}" for number in range(40)]
        assert len(server.calls) - before == 40 - paid


FILLED = """
from paragraf.generator import Tokens
from paragraf.generator.shelf import Shelf
from tests.test_generator import Word, wanted
for number in range(60):
    shelf = Shelf("maker")
    shelf.keep(wanted(number), Word(word=str(number)), Tokens(), "m")
    assert shelf.find(wanted(number)) == Word(word=str(number))
"""


def test_processes_share_a_shelf(workspace: Path, caplog: pytest.LogCaptureFixture) -> None:
    root = Path(__file__).parents[1]
    processes = [subprocess.Popen([sys.executable, "-c", FILLED], cwd=root, env=os.environ.copy()) for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
    found = [Shelf("maker").find(wanted(number)) for number in range(60)]
    assert found == [Word(word=str(number)) for number in range(60)]
    assert len([path for path in workspace.rglob("*") if path.is_file()]) == 60
    assert Shelf("another").find(wanted(0)) is None


@pytest.mark.parametrize(
    "reply",
    [
        fault(401, f"Incorrect API key provided: {KEY}"),
        fault(404, f"no model for Bearer {KEY}"),
        fault(400, f"echo of the headers: {{'authorization': 'Bearer {KEY}'}}"),
        fault(403, KEY),
        fault(500, KEY),
        fault(429, KEY),
        refuses(KEY),
        says(f'{{"word": "{KEY}"}}'),
        says(KEY),
        Reply(KEY.encode()),
        says("{}", after=0.3),
    ],
)
def test_the_key_is_in_no_error_outcome_log_or_file(
    reply: Reply, workspace: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("", "openai", "httpx2", "httpcore2"):
        caplog.set_level(logging.DEBUG, logger=name)
    told: list[bytes] = []
    with serving(reply) as server:
        try:
            told.append(repr(ask(server, timeout_seconds=0.1, max_retries=1)).encode())
        except ParagrafError as error:
            assert all(type(link).__module__ == "paragraf.errors" for link in chain(error))
            told += told_by(error)
        assert server.authorizations == {f"Bearer {KEY}"}
    told.append(caplog.text.encode())
    told += [path.read_bytes() for path in workspace.rglob("*") if path.is_file()]
    assert told
    assert not any(traces_of_key(text, KEY) for text in told)


def test_the_search_for_the_key_finds_it_plain_and_in_base64() -> None:
    assert traces_of_key(f"x{KEY}y".encode(), KEY)
    assert all(traces_of_key(b64encode(b"x" * shift + KEY.encode() + b"yz"), KEY) for shift in range(3))


@pytest.mark.parametrize("key", [None, "", " ", f"{KEY}\n", f"{KEY} ", "klucz ó"])
def test_a_missing_or_spoilt_key_is_told_before_any_call(
    key: str | None, echoing: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    if key is not None:
        monkeypatch.setenv("OPENAI_API_KEY", key)
    with pytest.raises(BadSettings, match="OPENAI_API_KEY") as raised:
        ask(echoing)
    assert KEY not in str(raised.value)
    assert raised.value.__context__ is None
    assert echoing.calls == []


def test_the_address_of_the_settings_counts_and_not_that_of_the_environment(
    echoing: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    assert reasons(ask(echoing)) == ["słowo 0"]


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.org/v1",
        "http://127.0.0.1:8080/v1",
        "http://[::1]:8080/v1",
        "http://localhost:11434/v1",
        "http://192.168.1.20:8000/v1",
        "http://llama:8080/v1",
    ],
)
def test_an_address_may_be_encrypted_or_near(url: str) -> None:
    assert OpenAISettings(model="m", base_url=url).base_url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.org/v1",
        "http://8.8.8.8/v1",
        "http://134744072/v1",
        "http://0x08080808/v1",
        "ftp://x/v1",
        "https://user:secret@example.org/v1",
        "https://example.org/v1?api-key=secret",
        "api.example.org",
        "",
    ],
)
def test_an_address_that_would_leak_the_key_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        OpenAISettings(model="m", base_url=url)


def test_the_kind_of_generator_is_chosen_by_a_word() -> None:
    read = TypeAdapter[GeneratorSettings](GeneratorSettings).validate_python
    assert read({}) == NoGenerator()
    assert read({"kind": "openai", "model": "m"}) == OpenAISettings(model="m")
    assert read({"kind": "local"}).kind == "local"
    with pytest.raises(ValidationError):
        read({"kind": "openai"})


def test_without_a_generator_every_request_says_so() -> None:
    with open_generator(NoGenerator()) as generator:
        assert reasons(list(generator.generate([wanted(), wanted()]))) == ["no_generator", "no_generator"]
