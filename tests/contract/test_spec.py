"""The referee itself: it lets right values pass and refuses wrong ones, also where the document speaks OpenAPI 3.0."""

from typing import Any

import pytest

from tests.contract.spec import document, faults_of_request, faults_of_response


def job(**changes: Any) -> dict[str, Any]:
    return {"model": "gpt-4o-mini", "training_file": "file-abc123"} | changes


def supervised(**hyperparameters: Any) -> dict[str, Any]:
    return {"type": "supervised", "supervised": {"hyperparameters": hyperparameters}}


@pytest.mark.parametrize(
    "body",
    [
        job(),
        job(seed=7, suffix="x" * 64, validation_file=None, metadata={"a": "b"}),
        job(method=supervised(learning_rate_multiplier=0.5, n_epochs=3, batch_size="auto")),
    ],
)
def test_a_right_request_passes(body: dict[str, Any]) -> None:
    assert faults_of_request("POST", "/fine_tuning/jobs", body) == []


@pytest.mark.parametrize(
    "body",
    [
        job(suffix="x" * 65),
        job(training_file=5),
        {"model": "gpt-4o-mini"},
        job(method=supervised(learning_rate_multiplier=0)),
        job(method=supervised(n_epochs=99)),
    ],
)
def test_a_wrong_request_is_refused(body: dict[str, Any]) -> None:
    assert faults_of_request("POST", "/fine_tuning/jobs", body)


def test_an_answer_of_another_form_is_refused() -> None:
    listed = {"object": "list", "data": [{"id": "m", "object": "model", "created": 1, "owned_by": "us"}]}
    assert faults_of_response("GET", "/models", 200, listed) == []
    assert faults_of_response("GET", "/models", 200, {"object": "list", "data": [{"id": "m"}]})
    error = {"error": {"message": "no", "type": "invalid_request_error", "param": None, "code": None}}
    assert faults_of_response("GET", "/models", 401, error) == []
    assert faults_of_response("GET", "/models", 401, {"detail": "no"})


def test_the_document_is_the_version_that_was_read() -> None:
    assert document()["info"]["version"] == "2.3.0"


def test_what_is_no_call_of_the_protocol_is_told() -> None:
    with pytest.raises(KeyError, match="POST /fine_tuning is no call of the protocol"):
        faults_of_request("POST", "/fine_tuning", {})
