"""What every callroom keeps to. A new engine joins by one line in ENGINES."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from interviews.callroom.azure import AzureCallroom
from interviews.callroom.offline import OfflineCallroom
from interviews.callroom.protocol import (
    Ask,
    CallGone,
    Callroom,
    Dial,
    Line,
    RecordOrder,
    Repeatability,
)
from interviews.callroom.simulated.scripts import script_named
from interviews.calls.dialect import read_event, split_events
from interviews.calls.facts import Fact, FactKind
from interviews.receivers import keep_line_event
from interviews.signals import line_event
from talenti.errors import PermanentFailure

pytestmark = pytest.mark.django_db
ENGINES = ("offline", "emulator")
QUESTION = "Tell me about a fault <you> found & repaired."


@dataclass
class Room:
    """A callroom, and what came back of its calls."""

    callroom: Callroom
    organisation_id: str
    facts: Callable[[], list[Fact]]
    callback_url: str

    def dial(self, script: str = "cooperative", repeat: Repeatability | None = None) -> Line:
        """Ring a candidate who acts as the script says."""
        number = script_named(script).number
        ids = str(uuid4()), self.organisation_id
        return self.callroom.place(
            Dial(*ids, number, self.callback_url, "call", repeat or repeatability())
        )

    def told(self) -> list[tuple[FactKind, int]]:
        """Return what came back so far, without what tells nothing."""
        facts = self.facts()
        return [(fact.kind, fact.op) for fact in facts if fact.kind is not FactKind.OTHER]

    def order(self, repeat: Repeatability | None = None) -> RecordOrder:
        return RecordOrder("org/call", self.callback_url, repeat or repeatability())


def repeatability() -> Repeatability:
    return Repeatability(str(uuid4()), datetime.now(UTC))


@pytest.fixture
def offline(people, settings) -> Room:
    """The simulated line; its events come by a signal."""
    settings.SIMULATED_CALL_PACE = 0
    bodies: list[bytes] = []

    def take(*, body: bytes, **_: object) -> None:
        bodies.append(body)

    line_event.disconnect(keep_line_event)  # it knows no such calls
    line_event.connect(take, weak=False)
    yield Room(
        OfflineCallroom(),
        str(people.home.pk),
        lambda: [read_event(event).fact for body in bodies for event in split_events(body)],
        "http://127.0.0.1:1/",
    )
    line_event.disconnect(take)
    line_event.connect(keep_line_event)


@pytest.fixture
def emulator(azure_acs, acs_doors) -> Room:
    """The real SDK at the emulated service; its events come over HTTP."""

    def facts() -> list[Fact]:
        assert azure_acs.postman.settle()
        return acs_doors.facts()

    return Room(AzureCallroom(), str(uuid4()), facts, f"{acs_doors.url}/acs")


@pytest.fixture(params=ENGINES)
def room(request: pytest.FixtureRequest) -> Room:
    return request.getfixturevalue(request.param)


@pytest.fixture
def line(room) -> Line:
    """A call that was answered."""
    placed = room.dial()
    assert room.told() == [(FactKind.CONNECTED, 0)]
    return placed


def ask(op: int, *, listens: str = "speech_or_keys", text: str = QUESTION) -> Ask:
    return Ask(f"op-{op}", text, "en", listens, 5, 2)


def test_callroom_has_a_name_a_true_label_and_all_it_needs(room):
    assert room.callroom.name.isidentifier()
    assert room.callroom.label.endswith(".")
    assert room.callroom.check() == []


def test_placed_call_is_a_line_to_its_number_that_is_alive(room, line):
    assert line.connection_id != line.server_call_id != ""
    assert line.number == script_named("cooperative").number
    assert room.callroom.is_alive(line)


def test_same_request_twice_is_the_same_call(room):
    repeat = repeatability()
    assert room.dial(repeat=repeat) == room.dial(repeat=repeat)
    assert room.told() == [(FactKind.CONNECTED, 0)]


def test_other_request_is_another_call(room):
    assert room.dial() != room.dial()


@pytest.mark.parametrize("script", ["busy", "declines", "no_answer", "unknown_number"])
def test_call_that_nobody_takes_says_why_and_is_not_alive(room, script):
    line = room.dial(script)
    (fact,) = room.facts()
    assert (fact.kind, fact.code) == (FactKind.NOT_CONNECTED, script_named(script).rings)
    assert not room.callroom.is_alive(line)


def test_what_is_asked_and_said_ends_under_its_own_number(room, line):
    room.callroom.ask(line, ask(1, listens="keys"))
    room.told()
    room.callroom.ask(line, ask(2))
    room.told()
    room.callroom.say(line, "Thank you. " * 60, language="en", context="op-3")
    assert room.told()[1:] == [(FactKind.HEARD, 1), (FactKind.HEARD, 2), (FactKind.SAID, 3)]
    tone, words = (fact for fact in room.facts() if fact.kind is FactKind.HEARD)
    assert (tone.tone, tone.words) == ("1", "")
    assert words.words.startswith("Last year")


def test_times_on_the_line_never_go_backwards(room, line):
    for op in (1, 2, 3):
        room.callroom.ask(line, ask(op, text=f"Question {op}?"))
        room.told()
    times = [fact.at for fact in room.facts()]
    assert times == sorted(times)
    assert len(set(times)) > 3


def test_nothing_that_runs_can_be_cancelled_too(room, line):
    room.callroom.cancel_media(line)
    assert room.told() == [(FactKind.CONNECTED, 0)]


def test_call_is_recorded_once(room, line):
    order = room.order()
    first = room.callroom.start_recording(line, order)
    again = room.callroom.start_recording(line, order)
    with pytest.raises(PermanentFailure) as refused:
        room.callroom.start_recording(line, room.order())
    assert (first, refused.value.code) == (again, "already_recording")
    (fact,) = (fact for fact in room.facts() if fact.kind is FactKind.RECORDING_ON)
    assert fact.data["recording_id"] == first


def test_recording_may_fail_and_be_begun_again(room):
    line = room.dial("recording_fault")
    room.told()
    faults = len(script_named("recording_fault").recording)
    for _ in range(faults + 1):
        room.callroom.start_recording(line, room.order())
    refused = [(FactKind.RECORDING_REFUSED, 0)] * faults
    assert room.told()[1:] == [*refused, (FactKind.RECORDING_ON, 0)]


def test_call_ends_once_and_its_recording_with_it(room, line):
    room.callroom.start_recording(line, room.order())
    room.callroom.hang_up(line)
    room.told()
    room.callroom.hang_up(line)
    assert room.told()[1:4] == [
        (FactKind.RECORDING_ON, 0),
        (FactKind.DISCONNECTED, 0),
        (FactKind.RECORDING_OFF, 0),
    ]
    assert not room.callroom.is_alive(line)


COMMANDS = {
    "ask": lambda room, line: room.callroom.ask(line, ask(1)),
    "say": lambda room, line: room.callroom.say(line, "Hi.", language="en", context="op-1"),
    "cancel_media": lambda room, line: room.callroom.cancel_media(line),
    "start_recording": lambda room, line: room.callroom.start_recording(line, room.order()),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_call_that_is_over_is_gone(room, line, command):
    room.callroom.hang_up(line)
    room.told()
    with pytest.raises(CallGone):
        COMMANDS[command](room, line)


@pytest.mark.parametrize("command", COMMANDS)
def test_call_that_never_was_is_gone(room, command):
    nobody = Line(str(uuid4()), str(uuid4()), "+12025550150")
    assert not room.callroom.is_alive(nobody)
    with pytest.raises(CallGone):
        COMMANDS[command](room, nobody)


def test_copy_that_is_not_there_may_be_deleted(room):
    room.callroom.delete_copy("")
