"""Nothing rings or records twice: lost answers, repetitions, and processes that are killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from talenti.azure import calls
from talenti.azure.calls import Once
from talenti.azure.calls_faults import Unanswered
from talenti.errors import ProviderAway
from tests.emulators.acs_faults import Fault
from tests.talenti.azure.calling import CALLBACK, FIRST_SENT, NUMBER, connected, once, place, record

ROOT = Path(__file__).parents[3]
PLACES = f"""
import sys
import django
django.setup()
from datetime import datetime
from talenti.azure.calls import Once, place_call
once = Once(sys.argv[1], datetime.fromisoformat({FIRST_SENT.isoformat()!r}))
print("ready", flush=True)
place_call({NUMBER!r}, {CALLBACK!r}, "call", once)
"""
LOST = [Fault(ending="close", effect=True), Fault(504, effect=True)]


@pytest.mark.parametrize("fault", LOST)
def test_call_whose_answer_was_lost_is_found_again_by_its_own_id(azure_acs, fault):
    repeat = once()
    azure_acs.faults.add("create_call", fault)
    with pytest.raises(Unanswered):
        place(repeat)
    found = place(repeat)
    assert azure_acs.exchange.placed(NUMBER) == 1
    assert list(azure_acs.exchange.calls) == [found.connection_id]


@pytest.mark.parametrize("fault", LOST)
def test_recording_whose_answer_was_lost_is_found_again_by_its_own_id(azure_acs, fault):
    target, repeat = connected(azure_acs), once()
    azure_acs.faults.add("start_recording", fault)
    with pytest.raises(Unanswered):
        record(target, repeat)
    found = record(target, repeat)
    recordings = azure_acs.exchange.calls[target.connection_id].recordings
    assert [recording.id for recording in recordings] == [found]


def test_call_that_never_arrived_rings_when_it_is_placed_again(azure_acs, settings):
    repeat = once()
    settings.AZURE_ACS_ENDPOINT = "http://127.0.0.1:1"
    with pytest.raises(ProviderAway):
        place(repeat)
    settings.AZURE_ACS_ENDPOINT = azure_acs.endpoint
    place(repeat)
    assert azure_acs.exchange.placed(NUMBER) == 1


def test_two_calls_have_two_ids(azure_acs):
    place()
    place()
    assert azure_acs.exchange.placed(NUMBER) == 2


ASKED_ONCE = {
    "create_call": lambda _: place(),
    "start_recording": record,
    "hang_up": lambda target: calls.hang_up(target.connection_id),
}


@pytest.mark.parametrize("command", ASKED_ONCE)
def test_sdk_itself_never_asks_twice(azure_acs, command):
    target = connected(azure_acs)
    before = len(azure_acs.sent(command))
    azure_acs.faults.add(command, Fault(503), times=0)
    with pytest.raises(ProviderAway):
        ASKED_ONCE[command](target)
    assert len(azure_acs.sent(command)) == before + 1


@pytest.mark.parametrize(("effect", "rang"), [(False, 0), (True, 1)])
def test_process_killed_while_it_places_a_call_leaves_one_call(azure_acs, effect, rang):
    repeat = once()
    azure_acs.faults.add("create_call", Fault(ending="hang", effect=effect))
    process = _start_placing(azure_acs, repeat)
    try:
        while not azure_acs.requests and process.poll() is None:
            azure_acs.ending.wait(0.02)
    finally:
        process.send_signal(signal.SIGKILL)
        _, errors = process.communicate(timeout=10)
    assert (process.returncode, azure_acs.exchange.placed(NUMBER)) == (-signal.SIGKILL, rang), (
        errors
    )
    place(repeat)
    assert azure_acs.exchange.placed(NUMBER) == 1


def _start_placing(server, repeat: Once) -> subprocess.Popen[str]:
    """Start a process that places the call, and return when it is about to."""
    variables = {
        "DJANGO_SETTINGS_MODULE": "talenti.settings",
        "AZURE_ACS_CONNECTION_STRING": server.connection_string,
        "AZURE_ACS_CALLER_NUMBER": "+61280001234",
        "AZURE_SPEECH_ENDPOINT": "https://speech-talenti.cognitiveservices.azure.com",
    }
    process = subprocess.Popen(
        [sys.executable, "-c", PLACES, repeat.request_id],
        cwd=ROOT,
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process
