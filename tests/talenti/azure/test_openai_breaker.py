"""What the real SDK's faults do to the breaker, in this process and in others."""

import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from interviews.services.drafting import DRAFT_GUIDE
from talenti.azure.openai import Form, Limits, complete
from talenti.errors import ProviderFull, TalentiError
from talenti.models import Breaker
from talenti.providers import gates
from talenti.telemetry import recorder
from talenti.work.models import State, WorkItem
from tests.emulators import openai_faults as faults
from tests.emulators.openai import Received, Reply, sensible
from tests.people import client_for
from tests.rows import make_job
from tests.talenti.providers.recordings import Keeper
from tests.talenti.work.test_processes import database_url
from tests.work import do_work

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[3]
FORM = Form(
    "greeting",
    {"type": "object", "properties": {}, "required": [], "additionalProperties": False},
)
MESSAGES = ({"role": "user", "content": "Greet me in JSON."},)
IN_ANOTHER_PROCESS = """
import django
django.setup()
from talenti.errors import ProviderPaused
from talenti.providers.calls import provider_call
try:
    with provider_call("azure-openai", "greeting", seconds=1):
        print("called")
except ProviderPaused as refusal:
    print(refusal.code)
"""


def ask(seconds: float = 10, *, live: bool = False) -> str:
    """Return how a call ends: its finish, or the kind of its error."""
    try:
        return complete(MESSAGES, FORM, Limits(seconds, 50, live=live)).finish
    except TalentiError as error:
        return type(error).__name__


def end_pause() -> None:
    over = timezone.now() - timedelta(seconds=1)
    Breaker.objects.filter(state="open").update(next_try_at=over)
    gates.forget_everything()


OUTAGES = {
    "500": faults.fails(500),
    "503": faults.fails(503, retry_after="1"),
    "408": faults.fails(408),
    "dropped": faults.drops,
    "no completion": faults.is_no_completion,
}


@pytest.mark.parametrize("behaviour", OUTAGES.values(), ids=OUTAGES.keys())
def test_five_outages_in_a_row_and_nothing_is_asked_any_more(azure_openai, behaviour) -> None:
    azure_openai.default = behaviour
    assert [ask() for _ in range(5)] == ["ProviderAway"] * 5
    assert [ask() for _ in range(3)] == ["ProviderPaused"] * 3
    assert len(azure_openai.requests) == 5


def test_a_hanging_provider_is_an_outage(azure_openai) -> None:
    azure_openai.default = faults.hangs
    assert [ask(0.1) for _ in range(6)] == [*["ProviderAway"] * 5, "ProviderPaused"]
    assert Breaker.objects.get().last_fault == "APITimeoutError"


def test_nobody_listening_is_an_outage(azure_openai, settings) -> None:
    settings.AZURE_OPENAI_ENDPOINT = "http://127.0.0.1:1"
    assert [ask() for _ in range(6)] == [*["ProviderAway"] * 5, "ProviderPaused"]


WORKING = {
    "401": (faults.fails(401), "PermanentFailure"),
    "404": (faults.fails(404, "DeploymentNotFound"), "PermanentFailure"),
    "400": (faults.fails(400), "PermanentFailure"),
    "429": (faults.fails(429, retry_after="7"), "ProviderBusy"),
    "no quota": (faults.fails(429, "insufficient_quota"), "PermanentFailure"),
    "409": (faults.fails(409), "RetryLater"),
    "filtered question": (faults.filters_question, "content_filter"),
    "filtered answer": (faults.filters_answer, "content_filter"),
    "refusal": (faults.refuses, "refusal"),
    "cut off": (faults.cut_off, "length"),
    "too long": (faults.is_too_long, "too_long"),
    "bad JSON": (faults.says("{no json"), "stop"),
}


@pytest.mark.parametrize(("behaviour", "ending"), WORKING.values(), ids=WORKING.keys())
def test_a_provider_that_answers_is_not_down_whatever_it_says(
    azure_openai, behaviour, ending
) -> None:
    azure_openai.default = behaviour
    assert [ask() for _ in range(7)] == [ending] * 7
    assert Breaker.objects.get().failures == 0


def test_the_first_call_after_the_pause_closes_the_breaker_for_everybody(azure_openai) -> None:
    azure_openai.script(*[faults.fails(500)] * 5)
    assert [ask() for _ in range(6)][-1] == "ProviderPaused"
    end_pause()
    assert [ask() for _ in range(3)] == ["stop"] * 3
    assert Breaker.objects.get().state == "closed"


def test_a_try_that_meets_a_refused_key_finds_the_provider_at_work(azure_openai) -> None:
    azure_openai.script(*[faults.fails(500)] * 5, faults.fails(401))
    assert [ask() for _ in range(5)] == ["ProviderAway"] * 5
    end_pause()
    assert ask() == "PermanentFailure"
    assert Breaker.objects.get().state == "closed"


def test_another_server_of_the_protocol_has_its_own_breaker(other_openai) -> None:
    other_openai.default = faults.fails(500)
    assert [ask() for _ in range(6)][-1] == "ProviderPaused"
    assert Breaker.objects.get().name == "openai"


@pytest.mark.django_db(transaction=True)
def test_other_processes_leave_it_alone_too(azure_openai) -> None:
    azure_openai.default = faults.fails(500)
    assert [ask() for _ in range(5)] == ["ProviderAway"] * 5
    assert _in_another_process() == "provider_paused"
    end_pause()
    assert _in_another_process() == "called"
    assert ask() == "ProviderAway"


def _in_another_process() -> str:
    variables = {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "talenti.settings"}
    done = subprocess.run(
        [sys.executable, "-c", IN_ANOTHER_PROCESS],
        cwd=ROOT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_work_waits_for_a_provider_that_is_down_and_spends_no_attempt(
    azure_openai, settings, people
) -> None:
    settings.ENGINES = settings.ENGINES | {"author": "azure"}
    azure_openai.default = faults.fails(500)
    assert [ask() for _ in range(5)] == ["ProviderAway"] * 5
    job = make_job(people.home)
    body = {"job": str(job.pk), "language": "en-US", "description": "Repairs relays."}
    answered = client_for(people.alice).post("/api/v1/guides/draft", body)
    assert (answered.status_code, answered.json()["drafting"]) == (202, True)
    do_work()
    item = WorkItem.objects.get(kind=DRAFT_GUIDE)
    assert (item.state, item.attempt, item.cause) == (State.QUEUED, 0, "provider_paused")
    assert item.next_run_at >= Breaker.objects.get().next_try_at
    assert len(azure_openai.requests) == 5


@pytest.mark.django_db(transaction=True)
def test_a_hanging_provider_takes_no_more_threads_than_it_may(azure_openai, settings) -> None:
    settings.PROVIDER_CALLS_AT_ONCE = 1
    asked, go_on = threading.Event(), threading.Event()

    def hold(received: Received) -> Reply:
        asked.set()
        go_on.wait(30)
        return sensible(received)

    azure_openai.script(hold)
    ask_anything = threading.Thread(target=lambda: ask(20))
    ask_anything.start()
    assert asked.wait(30)
    with pytest.raises(ProviderFull):
        complete(MESSAGES, FORM, Limits(1, 50))
    go_on.set()
    ask_anything.join()
    assert ask() == "stop"


def test_the_span_tells_model_and_tokens_and_no_word(azure_openai, monkeypatch) -> None:
    keeper = Keeper()
    monkeypatch.setattr(recorder, "_recorder", keeper)
    azure_openai.script(faults.says({"ok": True}))
    ask()
    assert keeper.spans[0].attributes == {
        "vendor": "azure-openai",
        "operation": "greeting",
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.response.model": "gpt-4o-2024-08-06",
        "gen_ai.response.finish_reason": "stop",
        "gen_ai.usage.input_tokens": 1000,
        "gen_ai.usage.output_tokens": 100,
        "outcome": "ok",
        "fault": "",
    }
