"""Before any row is worked on: keys that cannot be one, providers that close, base models that end or are unknown."""

import re
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from paragraf.errors import BadSettings, MissingInput, Refused, Unavailable
from paragraf.remote.endpoint import open_endpoint
from paragraf.remote.preflight import check, check_base, check_offline
from paragraf.remote.settings import OpenAITraining
from tests.remote.running import settings_for
from tests.servers.fine_tuning_server import KEY, Fault, FineTuningServer, refusal

TODAY = date(2026, 12, 1)


def profile(name: str, **given: Any) -> OpenAITraining:
    address = {"base_url": "https://example.org/v1"} if name in ("foundry", "custom") else {}
    return OpenAITraining.model_validate({"backend": "openai", "profile": name} | address | given)


@pytest.mark.parametrize(
    ("name", "today", "warnings"),
    [
        ("openai", date(2026, 9, 1), []),
        ("openai", date(2026, 10, 10), ["takes no new jobs from 2027-01-06"]),
        ("openai", date(2027, 1, 5), ["takes no new jobs from 2027-01-06", "stops its base models .* on 2027-01-14"]),
        ("foundry", date(2026, 12, 1), []),
        ("nebius", date(2030, 1, 1), []),
        ("local", date(2030, 1, 1), []),
        ("custom", date(2030, 1, 1), []),
    ],
)
def test_a_provider_that_closes_soon_is_a_warning(name: str, today: date, warnings: list[str]) -> None:
    told = check_offline(profile(name), today)
    assert len(told) == len(warnings)
    assert all(re.search(pattern, text) for pattern, text in zip(warnings, told, strict=True))


@pytest.mark.parametrize(("name", "today"), [("openai", date(2027, 1, 6)), ("foundry", date(2027, 4, 1))])
def test_a_provider_that_has_closed_is_refused_with_the_way_out(name: str, today: date) -> None:
    with pytest.raises(BadSettings, match=f"{name} takes no new jobs since .*; train on this machine instead"):
        check_offline(profile(name), today)


@pytest.mark.parametrize(
    ("ends", "warning"),
    [(None, ""), ("2027-06-01", ""), ("2027-01-14", "will be shut down on 2027-01-14, in 44 days"), ("soon", "")],
)
def test_a_base_model_that_ends_soon_is_a_warning(ends: str | None, warning: str, server: FineTuningServer) -> None:
    server.models = {"base": ends}
    told = check(settings_for(server.base_url), TODAY)
    assert bool(told) == bool(warning)
    assert warning in "".join(told)


@pytest.mark.parametrize("ends", ["2026-10-23", "2026-12-01", "2026-10-23T00:00:00Z"])
def test_a_base_model_that_has_ended_is_refused(ends: str, server: FineTuningServer) -> None:
    server.models = {"base": ends}
    with pytest.raises(BadSettings, match=r"base was shut down on 2026-1[02]"):
        check(settings_for(server.base_url), TODAY)


def test_an_unknown_base_model_is_refused_with_those_that_are_known(server: FineTuningServer) -> None:
    settings = settings_for(server.base_url, profile="nebius", model="other")
    with pytest.raises(BadSettings, match=r"does not list other; it lists base; name another with --train.model"):
        check(settings, TODAY)


def test_an_endpoint_that_need_not_list_its_base_models_is_only_doubted(server: FineTuningServer) -> None:
    [told] = check(settings_for(server.base_url, model="other"), TODAY)
    assert "It may be trained all the same." in told


def test_an_endpoint_that_lists_no_models_is_only_doubted(server: FineTuningServer) -> None:
    server.fault = lambda call: refusal(404)
    [told] = check(settings_for(server.base_url), TODAY)
    assert "does not list base; it lists none" in told


@pytest.mark.parametrize(
    ("fault", "message", "calls"),
    [
        (refusal(401), "401: no; check OPENAI_API_KEY", 1),
        (refusal(403), "403: no; the key's organisation may not do this", 1),
        (refusal(429, "insufficient_quota"), "no credit left", 3),  # which the SDK takes for a rate limit
    ],
)
def test_a_refusal_is_told_with_what_to_do(fault: Fault, message: str, calls: int, server: FineTuningServer) -> None:
    server.fault = lambda call: fault
    with open_endpoint(settings_for(server.base_url)) as endpoint, pytest.raises(Refused, match=message):
        check_base(endpoint, settings_for(server.base_url), TODAY)
    assert len(server.calls) == calls


def test_nobody_there_is_told() -> None:
    with pytest.raises(Unavailable, match="no connection, or it broke"):
        check(settings_for("http://127.0.0.1:9/v1"), TODAY)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (None, "is not set"),
        ("", "is not set"),
        (" ", "holds a blank"),
        (f"{KEY}\n", "holds a blank, a line break"),
        (f" {KEY}", "holds a blank"),
        ("klucz-ó", "holds a blank, a line break or a letter no key has"),
        ("sk-...", "is the placeholder"),
        ("sk-xxxxxxxx", "is the placeholder"),
        ("<YOUR_KEY>", "is the placeholder"),
        ("your-api-key-here", "is the placeholder"),
        ("$OPENAI_API_KEY", "is the placeholder"),
    ],
)
def test_a_key_that_can_be_none_is_told_before_any_call(
    key: str | None, message: str, server: FineTuningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    if key is not None:
        monkeypatch.setenv("OPENAI_API_KEY", key)
    with pytest.raises(BadSettings, match=f"train: OPENAI_API_KEY {message}"):
        check(settings_for(server.base_url), TODAY)
    assert server.calls == []


def test_any_word_does_for_a_server_that_asks_for_none(
    server: FineTuningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    assert check(settings_for(server.base_url), TODAY) == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"base_url": "http://example.org/v1"}, "http:// would send the key and the rows in the clear"),
        ({"base_url": "https://user:secret@example.org/v1"}, "without user, password"),
        ({"base_url": "https://example.org/v1?api-key=secret"}, "without user, password, query"),
        ({"profile": "custom"}, "the profile custom needs a base_url"),
        ({"profile": "foundry"}, "the profile foundry needs a base_url"),
        ({"suffix": "x" * 65}, "at most 64 characters"),
        ({"suffix": "zażółć gęślą"}, "should match pattern"),
        ({"n_epochs": 51}, "less than or equal to 50"),
        ({"learning_rate_multiplier": 0}, "greater than 0"),
        ({"seed": 2**31}, "less than or equal"),
        ({"method": {"kind": "dpo"}}, "preferences"),
        ({"method": {"kind": "dpo", "preferences": "p.jsonl", "beta": 3}}, "less than or equal to 2"),
    ],
)
def test_settings_that_cannot_work_are_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(message)):
        OpenAITraining.model_validate({"backend": "openai"} | given)


def test_a_file_of_pairs_that_is_not_there_is_told() -> None:
    settings = settings_for("http://127.0.0.1:1/v1", method={"kind": "dpo", "preferences": "none.jsonl"})
    with pytest.raises(MissingInput, match=r"none.jsonl: no such file; check train.method.preferences"):
        check_offline(settings, TODAY)
