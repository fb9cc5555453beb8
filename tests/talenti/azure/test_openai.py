"""The gate to Azure OpenAI: what is sent, and what every fault of the provider becomes."""

import logging
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime

import pytest

from talenti.azure.openai import Form, Limits, close_clients, complete, price, provider
from talenti.azure.openai_faults import retry_after
from talenti.azure.openai_replies import Completion
from talenti.errors import PermanentFailure, RetryLater
from tests.emulators import openai_faults as faults
from tests.emulators.openai import IDENTITY_SECRET, IDENTITY_TOKEN, TOKEN_PATH

FORM = Form(
    "greeting",
    {
        "type": "object",
        "additionalProperties": False,
        "required": ["say"],
        "properties": {"say": {"type": "string"}},
    },
)
MESSAGES = ({"role": "user", "content": "Greet me in JSON."},)


def ask(seconds: float = 10, **sampling) -> Completion:
    return complete(MESSAGES, FORM, Limits(seconds, 50, **sampling))


def test_azure_is_asked_at_the_deployment_with_version_key_and_strict_form(azure_openai):
    azure_openai.script(faults.says({"say": "hi"}))
    answered = ask(temperature=0.0, seed=7)
    (sent,) = azure_openai.requests
    assert answered == Completion('{"say": "hi"}', "stop", "gpt-4o-2024-08-06", 1000, 100)
    assert sent.path == "/openai/deployments/gpt-4o/chat/completions"
    assert sent.query == {"api-version": "2024-10-21"}
    assert sent.headers["api-key"] == "key"
    assert sent.body == {
        "model": "gpt-4o",
        "messages": list(MESSAGES),
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "greeting", "strict": True, "schema": FORM.schema},
        },
        "max_completion_tokens": 50,
        "temperature": 0.0,
        "seed": 7,
    }


def test_older_version_is_asked_in_json_mode(old_azure_openai):
    ask()
    (sent,) = old_azure_openai.requests
    assert sent.query == {"api-version": "2024-02-15-preview"}
    assert sent.body["response_format"] == {"type": "json_object"}
    assert sent.body["max_tokens"] == 50


def test_other_server_is_asked_at_its_own_path_with_a_bearer(other_openai):
    ask()
    (sent,) = other_openai.requests
    assert (sent.path, sent.headers["authorization"]) == ("/v1/chat/completions", "Bearer key")
    assert "api-key" not in sent.headers


@pytest.fixture
def identity(azure_openai, settings, monkeypatch):
    """Settings without a key, and the identity endpoint of the platform."""
    settings.AZURE_OPENAI_API_KEY = ""
    settings.AZURE_CLIENT_ID = "11111111-2222-3333-4444-555555555555"
    monkeypatch.setenv("IDENTITY_ENDPOINT", azure_openai.url + TOKEN_PATH)
    monkeypatch.setenv("IDENTITY_HEADER", IDENTITY_SECRET)
    close_clients()  # a token of an earlier test would still be good
    return azure_openai


def test_without_a_key_the_managed_identity_signs_in_once(identity):
    ask()
    ask()
    assert [sent.headers["authorization"] for sent in identity.requests] == [
        f"Bearer {IDENTITY_TOKEN}"
    ] * 2
    assert identity.tokens_given == 1
    assert all("api-key" not in sent.headers for sent in identity.requests)


def test_identity_without_a_token_asks_nothing_and_is_tried_later(identity, monkeypatch):
    monkeypatch.setenv("IDENTITY_HEADER", "wrong")
    with pytest.raises(RetryLater) as failed:
        ask()
    assert failed.value.message == "The managed identity got no token for the AI provider."
    assert identity.requests == []


PERMANENT = {
    "401": (faults.fails(401), "provider_unauthorised"),
    "403": (faults.fails(403), "provider_unauthorised"),
    "404": (faults.fails(404, "DeploymentNotFound"), "deployment_not_found"),
    "400": (faults.fails(400, "unsupported_value"), "provider_refused_request"),
    "redirect": (faults.fails(307, location="http://127.0.0.1:1/"), "provider_refused_request"),
    "no quota": (faults.fails(429, "insufficient_quota"), "quota_exhausted"),
}


@pytest.mark.parametrize(("behaviour", "code"), PERMANENT.values(), ids=PERMANENT.keys())
def test_fault_of_the_deployment_is_permanent_and_named(azure_openai, behaviour, code):
    azure_openai.script(behaviour)
    with pytest.raises(PermanentFailure) as failed:
        ask()
    assert failed.value.code == code
    assert len(azure_openai.requests) == 1


def test_wrong_key_and_wrong_deployment_are_told_apart(azure_openai, settings):
    settings.AZURE_OPENAI_API_KEY = "wrong"
    with pytest.raises(PermanentFailure) as key:
        ask()
    settings.AZURE_OPENAI_API_KEY = azure_openai.key
    settings.AZURE_OPENAI_DEPLOYMENT_NAME = "gone"
    with pytest.raises(PermanentFailure) as deployment:
        ask()
    assert (key.value.code, deployment.value.code) == (
        "provider_unauthorised",
        "deployment_not_found",
    )


PASSING = {
    "429 with seconds": (faults.fails(429, retry_after="17"), 17.0, False),
    "429 with milliseconds": (faults.fails(429, retry_after_ms="1500"), 1.5, False),
    "429": (faults.fails(429), None, True),
    "500": (faults.fails(500), None, True),
    "503 with seconds": (faults.fails(503, retry_after="5"), 5.0, True),
    "408": (faults.fails(408), None, True),
    "dropped line": (faults.drops, None, True),
    "no completion": (faults.is_no_completion, None, True),
}


@pytest.mark.parametrize(
    ("behaviour", "after_seconds", "counts"), PASSING.values(), ids=PASSING.keys()
)
def test_passing_fault_is_tried_later_and_never_at_once(
    azure_openai, behaviour, after_seconds, counts
):
    azure_openai.script(behaviour)
    with pytest.raises(RetryLater) as failed:
        ask()
    assert (failed.value.after_seconds, failed.value.counts) == (after_seconds, counts)
    assert len(azure_openai.requests) == 1


@pytest.mark.parametrize("behaviour", [faults.hangs, faults.drips])
def test_slow_answer_ends_at_the_deadline(azure_openai, behaviour):
    azure_openai.script(behaviour)
    started = time.monotonic()
    with pytest.raises(RetryLater):
        ask(seconds=0.6)
    assert time.monotonic() - started < 2


def test_nobody_at_the_address_is_tried_later(azure_openai, settings):
    settings.AZURE_OPENAI_ENDPOINT = "http://127.0.0.1:9"
    with pytest.raises(RetryLater):
        ask()


OUTCOMES = {
    "filtered question": (faults.filters_question, "content_filter"),
    "filtered answer": (faults.filters_answer, "content_filter"),
    "refusal": (faults.refuses, "refusal"),
    "too long": (faults.is_too_long, "too_long"),
    "cut off": (faults.cut_off, "length"),
}


@pytest.mark.parametrize(("behaviour", "finish"), OUTCOMES.values(), ids=OUTCOMES.keys())
def test_fault_of_one_question_is_an_outcome(azure_openai, behaviour, finish):
    azure_openai.script(behaviour)
    assert ask().finish == finish


def test_provider_words_reach_neither_errors_nor_logs(azure_openai, caplog):
    caplog.set_level(logging.INFO)
    azure_openai.script(faults.fails(500, "odd code\nINFO forged"))
    with pytest.raises(RetryLater) as failed:
        ask()
    assert failed.value.message == "The AI provider answered 500."
    assert "secret words" not in caplog.text
    assert "odd_code_INFO_forged" in caplog.text


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("12", 12.0), ("-3", 0.0), ("nan", None), ("inf", None), ("soon", None), ("", None)],
)
def test_retry_after_is_read_with_suspicion(text, seconds):
    assert retry_after({"retry-after": text}) == seconds


def test_retry_after_may_be_a_date():
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert 50 <= retry_after({"retry-after": soon}) <= 60


def test_price_goes_by_deployment_then_by_dated_model(azure_openai, settings):
    settings.OPENAI_PRICES = {"gpt-4o": (Decimal("2.50"), Decimal(10))}
    paid = Completion("", "stop", "gpt-4o-2024-08-06", 1000, 100)
    assert price(paid) == Decimal("0.0035")
    settings.AZURE_OPENAI_DEPLOYMENT_NAME = "judge"
    assert price(paid) == Decimal("0.0035")
    assert price(Completion("", "stop", "gpt-4o-mini", 1000, 100)) is None


def test_one_client_serves_a_process_and_a_child_builds_its_own(azure_openai, monkeypatch):
    close_clients()
    ask()
    ask()
    monkeypatch.setattr("talenti.azure.openai.os.getpid", lambda: 1)
    ask()
    ports = [sent.port for sent in azure_openai.requests]
    assert ports[0] == ports[1] != ports[2]
    close_clients()


def test_key_is_not_shown_by_what_holds_it(azure_openai, settings):
    settings.AZURE_OPENAI_API_KEY = "0123456789"
    assert "0123456789" not in repr(provider())
