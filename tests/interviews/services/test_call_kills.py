"""kill -9 and lost answers: a call is placed once, recorded once, and ends truthfully."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from interviews.callroom.azure import AzureCallroom
from interviews.models import Call
from interviews.services.call_intake import is_unbroken
from interviews.services.call_planning import PLACE_CALL
from interviews.states import CallStatus
from interviews.tasks import CALL_KINDS
from talenti.azure import calls
from talenti.work.actors import perform
from talenti.work.models import State, WorkItem
from talenti.work.queue import enqueue
from talenti.work.sweep import take_back_leases
from tests.emulators.acs import CALLER, AcsEmulator
from tests.emulators.acs_doors import Doors
from tests.emulators.acs_faults import Fault
from tests.emulators.acs_fixtures import SPEECH_ENDPOINT, STORAGE
from tests.interviews.services.exchange_doors import Line, open_line, pass_time
from tests.interviews.services.killed_worker import POINTS
from tests.people import People
from tests.services.processes import bind_to_parent
from tests.talenti.work.test_processes import ROOT, database_url
from tests.work import do_work

pytestmark = pytest.mark.django_db(transaction=True)
KILLED = "-9"
# Nobody knows whether it rang: it did not, and nobody rings to find out.
NEVER_RANG = "place: nothing has left"


@pytest.fixture(scope="module")
def doors() -> Iterator[Doors]:
    """Where all events of these tests come to."""
    with Doors() as opened:
        yield opened


@pytest.fixture
def line(azure_acs: AcsEmulator, doors: Doors, settings) -> Line:
    return open_line(azure_acs, doors, settings)


@pytest.fixture(scope="module")
def mortal(
    acs_server: AcsEmulator, doors: Doors, tmp_path_factory: pytest.TempPathFactory
) -> Iterator["subprocess.Popen[str]"]:
    """A process with the product loaded, whose forks work and die."""
    variables = {
        "DJANGO_SETTINGS_MODULE": "talenti.settings",
        "DATABASE_URL": database_url(),
        "PUBLIC_URL": doors.url,
        "CALLROOM": "azure",
        "AZURE_ACS_CONNECTION_STRING": acs_server.connection_string,
        "AZURE_ACS_RESOURCE_ID": acs_server.resource_id,
        "AZURE_ACS_CALLER_NUMBER": CALLER,
        "AZURE_SPEECH_ENDPOINT": SPEECH_ENDPOINT,
        "AZURE_STORAGE_ENDPOINT": STORAGE,
    }
    log = tmp_path_factory.mktemp("mortal") / "log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            bind_to_parent([sys.executable, "-m", "tests.interviews.services.killed_worker"]),
            cwd=ROOT,
            env=os.environ | variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=written,
            text=True,
        )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n", log.read_text()[-4000:]
    yield process
    process.kill()
    process.communicate()


def work_until(point: str, mortal: "subprocess.Popen[str]", line: Line) -> str:
    """Let a process work until it dies there, with the events that come meanwhile."""
    assert mortal.stdin is not None
    assert mortal.stdout is not None
    mortal.stdin.write(f"{point}\n")
    mortal.stdin.flush()
    ended: list[str] = []
    output = mortal.stdout
    waiting = threading.Thread(target=lambda: ended.append(output.readline().strip()))
    waiting.start()
    while waiting.is_alive():
        line.deliver()
        time.sleep(0.01)
    return ended[0]


def assert_whole(call: Call) -> None:
    """The call was completed, everything was answered, and nothing is left over."""
    call.refresh_from_db()
    assert (call.status, call.outcome, call.fault) == (CallStatus.ENDED, "completed", "")
    assert [turn.answer_text != "" for turn in call.interview.turns.all()] == [True] * 3
    assert is_unbroken(call)
    assert not WorkItem.objects.filter(state=State.DEAD).exists()


@pytest.mark.parametrize("point", [point for point in POINTS if point != NEVER_RANG])
def test_a_killed_worker_costs_neither_a_call_nor_a_recording(
    people: People, line: Line, mortal: "subprocess.Popen[str]", point: str
) -> None:
    call = line.call(people.home)
    assert work_until(point, mortal, line) == KILLED

    take_back_leases()
    line.go_on()

    assert_whole(call)
    assert line.placed(call) == 1
    assert line.recordings() == [call.recording_id]


def test_a_call_that_may_have_rung_is_never_dialled_again(
    people: People, line: Line, mortal: "subprocess.Popen[str]"
) -> None:
    call = line.call(people.home)
    assert work_until(NEVER_RANG, mortal, line) == KILLED

    take_back_leases()
    line.go_on()
    call.refresh_from_db()
    assert call.status == CallStatus.OUTCOME_UNKNOWN

    pass_time(call)
    line.go_on()
    call.refresh_from_db()
    assert (call.status, call.outcome, call.fault, call.code) == (
        CallStatus.ENDED,
        "failed",
        "unknown",
        "gone",
    )
    assert line.placed(call) == 0


def test_a_lost_answer_to_dialling_is_settled_by_the_next_event(people: People, line: Line) -> None:
    line.emulator.faults.add("create_call", Fault(ending="close", effect=True))
    call = line.call(people.home)
    do_work(kinds=CALL_KINDS)
    call.refresh_from_db()
    assert (call.status, call.connection_id) == (CallStatus.OUTCOME_UNKNOWN, "")

    line.go_on()

    assert_whole(call)
    assert call.connection_id in line.emulator.exchange.calls
    assert line.placed(call) == 1
    assert len(line.emulator.sent("create_call")) == 1


def test_dialling_that_hangs_is_not_repeated(
    people: People, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "READ_SECONDS", 0.2)
    calls.close_clients()
    line.emulator.faults.add("create_call", Fault(ending="hang"))
    call = line.call(people.home)
    line.go_on()
    calls.close_clients()
    call.refresh_from_db()
    assert call.status == CallStatus.OUTCOME_UNKNOWN

    pass_time(call)
    call.refresh_from_db()
    assert (call.outcome, call.fault, line.placed(call)) == ("failed", "unknown", 0)
    assert len(line.emulator.sent("create_call")) == 1


@pytest.mark.parametrize(
    "fault", [Fault(500), Fault(504), Fault(200, ending="garbage", effect=True)]
)
def test_an_answer_that_says_nothing_is_no_reason_to_dial_again(
    people: People, line: Line, fault: Fault
) -> None:
    line.emulator.faults.add("create_call", fault)
    call = line.call(people.home)
    line.go_on()
    pass_time(call)
    line.go_on()
    call.refresh_from_db()
    assert call.status == CallStatus.ENDED
    assert len(line.emulator.sent("create_call")) == 1
    assert call.outcome == ("completed" if fault.effect else "failed")


def test_a_lost_answer_to_recording_leaves_one_recording(people: People, line: Line) -> None:
    line.emulator.faults.add("start_recording", Fault(ending="close", effect=True))
    call = line.call(people.home)
    line.go_on()
    assert_whole(call)
    assert line.recordings() == [call.recording_id]


def test_a_recording_that_nobody_told_of_is_found_to_be_on(people: People, line: Line) -> None:
    line.emulator.faults.add("start_recording", Fault(ending="close", effect=True))
    call = line.call(people.home)
    line.go_on_without("RecordingStateChanged")
    pass_time(call)
    line.go_on()
    assert_whole(call)
    assert len(line.emulator.sent("start_recording")) == 2
    assert len(line.recordings()) == 1


def test_a_call_that_is_gone_is_settled_by_asking(people: People, line: Line) -> None:
    call = line.call(people.home)
    line.go_on_without("CallDisconnected", "RecognizeCompleted")
    line.emulator.exchange.hang_up(Call.objects.get(pk=call.pk).connection_id)
    line.go_on_without("CallDisconnected", "RecognizeCompleted")
    call.refresh_from_db()
    assert call.status == CallStatus.CONNECTED

    pass_time(call)

    call.refresh_from_db()
    assert (call.status, call.outcome, call.code) == (CallStatus.ENDED, "hung_up_early", "gone")
    assert line.placed(call) == 1


def test_redoubled_work_dials_once(people: People, line: Line) -> None:
    call = line.call(people.home)
    do_work(kinds=[PLACE_CALL])
    enqueue(PLACE_CALL, organisation_id=call.organisation_id, subject_id=call.pk)
    do_work(kinds=[PLACE_CALL])
    assert line.placed(call) == 1
    line.go_on()
    enqueue(PLACE_CALL, organisation_id=call.organisation_id, subject_id=call.pk)
    line.go_on()
    assert_whole(call)
    assert len(line.emulator.sent("create_call")) == 1


def test_a_worker_that_takes_over_too_early_does_not_dial(
    people: People, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = line.call(people.home)
    original = AzureCallroom.place

    def place_slowly(room: AzureCallroom, dial):
        take_back_leases()
        perform(PLACE_CALL, WorkItem.objects.get(kind=PLACE_CALL).pk)
        return original(room, dial)

    monkeypatch.setattr(AzureCallroom, "place", place_slowly)
    line.go_on()
    assert_whole(call)
    assert len(line.emulator.sent("create_call")) == 1
