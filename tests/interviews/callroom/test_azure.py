"""Communication Services as the callroom: the protocol's errors, and what is cut into pieces."""

from datetime import UTC, datetime
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from interviews.callroom.azure import AzureCallroom
from interviews.callroom.protocol import (
    Ask,
    CallGone,
    Dial,
    Line,
    LineBusy,
    OutcomeUnknown,
    RecordOrder,
    Repeatability,
)
from talenti.errors import PermanentFailure, ProviderAway
from tests.emulators.acs_callee import Scripted
from tests.emulators.acs_faults import Fault

NUMBER = "+4930901820"
CALLBACK = "http://127.0.0.1:1/webhooks/acs/7d1b8f4e/secret"
AT = datetime(2026, 11, 24, 9, 5, 7, tzinfo=UTC)
LONG = "Bitte erzählen Sie mir von einer Störung, die Sie selbst gefunden haben. " * 20


def repeat() -> Repeatability:
    return Repeatability(str(uuid4()), AT)


def dial() -> Dial:
    return Dial(str(uuid4()), str(uuid4()), NUMBER, CALLBACK, "call", repeat())


def ask(text: str = "Hallo.", listens: str = "speech_or_keys") -> Ask:
    return Ask("op-1", text, "de", listens, 5, 2)


@pytest.fixture
def room() -> AzureCallroom:
    return AzureCallroom()


@pytest.fixture
def line(room, azure_acs) -> Line:
    """A call that was answered; nobody takes its events."""
    azure_acs.postman.attempts = 1
    azure_acs.exchange.callee = lambda _: Scripted()
    placed = room.place(dial())
    azure_acs.postman.settle()
    return placed


COMMANDS = {
    "recognize": lambda room, line: room.ask(line, ask()),
    "play": lambda room, line: room.say(line, "Hallo.", language="de", context="op-1"),
    "cancel_media": lambda room, line: room.cancel_media(line),
    "start_recording": lambda room, line: room.start_recording(
        line, RecordOrder("org/call", CALLBACK, repeat())
    ),
}


def test_placed_call_is_a_line_to_the_number(room, azure_acs):
    line = room.place(dial())
    (call,) = azure_acs.exchange.calls.values()
    assert line == Line(call.connection_id, call.server_call_id, NUMBER)


@pytest.mark.parametrize("listens", ["keys", "speech_or_keys"])
def test_question_is_listened_for_as_it_is_asked(room, line, azure_acs, listens):
    room.ask(line, ask(listens=listens))
    (sent,) = azure_acs.sent("recognize")
    kinds = {"keys": "dtmf", "speech_or_keys": "speechOrDtmf"}
    assert sent.body["recognizeInputType"] == kinds[listens]


def test_nothing_is_said_where_only_listening_is_asked(room, line, azure_acs):
    room.ask(line, ask(""))
    assert "playPrompts" not in azure_acs.sent("recognize")[0].body


def test_long_text_is_said_in_pieces_that_the_service_takes(room, line, azure_acs):
    room.ask(line, ask(LONG))
    azure_acs.postman.settle()
    room.say(line, LONG, language="de", context="op-2")
    asked, said = (
        len(azure_acs.sent(command)[0].body[prompts])
        for command, prompts in (("recognize", "playPrompts"), ("play", "playSources"))
    )
    heard = azure_acs.exchange.calls[line.connection_id].callee.heard
    assert asked == said == len(heard) / 2 >= 4
    assert " ".join(heard[:asked]) == " ".join(heard[asked:]) == LONG.strip()


@pytest.mark.parametrize("command", COMMANDS)
def test_call_that_is_over_is_gone(room, line, azure_acs, command):
    room.hang_up(line)
    azure_acs.postman.settle()
    with pytest.raises(CallGone):
        COMMANDS[command](room, line)


def test_call_that_is_over_may_be_hung_up_again(room, line, azure_acs):
    alive = room.is_alive(line)
    room.hang_up(line)
    azure_acs.postman.settle()
    room.hang_up(line)
    assert (alive, room.is_alive(line)) == (True, False)


@pytest.mark.parametrize("command", ["recognize", "play"])
def test_line_is_busy_while_something_is_said(room, line, azure_acs, command):
    azure_acs.exchange.pace = 60.0
    room.say(line, "Hallo.", language="de", context="op-1")
    with pytest.raises(LineBusy) as failed:
        COMMANDS[command](room, line)
    assert failed.value.after_seconds == 0.5


@pytest.mark.parametrize("fault", [Fault(500), Fault(ending="close", effect=True)])
def test_lost_answer_to_placing_or_recording_is_an_unknown_outcome(room, line, azure_acs, fault):
    azure_acs.faults.add("*", fault, times=0)
    with pytest.raises(OutcomeUnknown):
        room.place(dial())
    with pytest.raises(OutcomeUnknown):
        COMMANDS["start_recording"](room, line)


def test_call_that_reached_nobody_may_be_placed_again(room, azure_acs, settings):
    settings.AZURE_ACS_ENDPOINT = "http://127.0.0.1:1"
    with pytest.raises(ProviderAway):
        room.place(dial())


def test_call_that_is_recorded_already_says_so(room, line):
    COMMANDS["start_recording"](room, line)
    with pytest.raises(PermanentFailure) as failed:
        COMMANDS["start_recording"](room, line)
    assert failed.value.code == "already_recording"


def test_copy_in_our_own_storage_is_not_the_services_to_delete(room, azure_acs):
    room.delete_copy("https://talenti.blob.core.windows.net/interview-recordings/1.wav")
    assert azure_acs.requests == []


def test_nothing_is_missing_from_complete_settings(room, azure_acs, settings):
    complete = room.check()
    settings.AZURE_SPEECH_ENDPOINT = ""
    (missing,) = room.check()
    assert complete == []
    assert missing.startswith("AZURE_SPEECH_ENDPOINT must be")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "answer"),
    [("", "ok: signed in"), ("d3Jvbmc=", "failed: PermanentFailure")],
    ids=["our key", "a wrong key"],
)
def test_table_of_providers_shows_the_callroom(azure_acs, settings, key, answer):
    settings.ENGINES = {"callroom": "azure"}
    settings.ENGINE_PATHS = {"callroom": {"azure": "interviews.callroom.azure.AzureCallroom"}}
    settings.AZURE_ACS_ACCESS_KEY = key or azure_acs.key
    out = StringIO()
    try:
        call_command("check_providers", stdout=out)
    except CommandError:
        assert key
    row = out.getvalue().splitlines()[1].split(None, 2)
    assert row[:2] == ["callroom", "azure"]
    assert row[2].rsplit(None, 1)[0].strip() == answer
