"""What the emulator refuses, as the service does: else a wrong request would pass every test."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.emulators.openai import Received
from tests.emulators.openai_refusals import ACCEPTED, refuse

OF_AZURE = "/openai/deployments/gpt-4o/chat/completions"
SCHEMA = {
    "type": "object",
    "properties": {"level": {"type": "string"}},
    "required": ["level"],
    "additionalProperties": False,
}
BODY = {
    "messages": [{"role": "user", "content": "Answer in JSON."}],
    "max_completion_tokens": 100,
    "response_format": {"type": "json_schema", "json_schema": {"schema": SCHEMA}},
}
Change = Callable[[dict[str, Any]], object]


def asked(
    change: Change = dict, *, version: str = "2024-10-21", path: str = OF_AZURE, key: str = "key"
) -> tuple[int, str]:
    """Return the status and the code or message with which a changed request is refused."""
    body = copy.deepcopy(BODY)
    change(body)
    received = Received("POST", path, {"api-version": version}, {"api-key": key}, body, 1)
    status, error = refuse(received, "key", ("gpt-4o",), "token")
    return status, f"{error.get('code', '')}: {error.get('message', '')}"


def schema_with(**changes: object) -> Change:
    return lambda body: body["response_format"]["json_schema"]["schema"].update(changes)


def test_right_request_is_answered() -> None:
    assert asked() == (ACCEPTED[0], ": ")


@pytest.mark.parametrize(
    ("request_", "status", "words"),
    [
        ({"path": "/openai/deployments/gpt-4o/completions"}, 404, "Resource not found"),
        ({"path": OF_AZURE.replace("gpt-4o", "gone")}, 404, "DeploymentNotFound"),
        ({"key": "wrong"}, 401, "invalid subscription key"),
        ({"version": "latest"}, 404, "Resource not found"),
        ({"version": ""}, 404, "Resource not found"),
        ({"version": "2024-06-01"}, 400, "max_completion_tokens"),
    ],
)
def test_wrong_place_key_or_version_is_refused(
    request_: dict[str, str], status: int, words: str
) -> None:
    refused, told = asked(**request_)
    assert (refused, words in told) == (status, True)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda body: body.update(stream=True), "stream"),
        (
            lambda body: body.update(
                response_format={"type": "json_object"},
                messages=[{"role": "user", "content": "Answer."}],
            ),
            "must contain the word 'json'",
        ),
        (schema_with(additionalProperties=True), "'additionalProperties'"),
        (schema_with(required=[]), "'required'"),
        (schema_with(properties={"level": {"type": "integer", "minimum": 1}}), "minimum"),
    ],
)
def test_body_that_the_service_does_not_take_is_refused(change: Change, words: str) -> None:
    status, told = asked(change)
    assert (status, words in told) == (400, True)


def test_schemas_need_a_version_that_knows_them() -> None:
    def older(body: dict[str, Any]) -> None:
        body["max_tokens"] = body.pop("max_completion_tokens")

    status, told = asked(older, version="2024-06-01")
    assert (status, "json_schema" in told) == (400, True)
