"""What came of a call does not depend on the order in which its events came, nor on doubles."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction

from interviews.callroom.simulated.scripts import script_named
from interviews.calls.dialect import read_event
from interviews.calls.state import CallState
from interviews.models import Call, Interview
from interviews.services.call_intake import OURS, is_unbroken, keep, keep_fact, lock
from interviews.services.call_planning import plan_call
from interviews.services.call_steps import go_on, state_of
from interviews.states import CallStatus, Status
from interviews.tasks import CALL_KINDS
from talenti.history import CANDIDATE
from tests.emulators.acs import AcsEmulator
from tests.emulators.acs_delivery import Mischief
from tests.emulators.acs_doors import Doors
from tests.interviews.call_rows import make_callable
from tests.interviews.services.exchange_doors import Line, open_line, pass_time
from tests.interviews.services.test_call_day import by_phone
from tests.people import People
from tests.rows import make_interview
from tests.work import do_work

pytestmark = pytest.mark.django_db
COLUMNS = ("status", "outcome", "fault", "code", "recording_id", "phase")
TIMES = ("connected_at", "ended_at", "recording_started_at")
SCRIPTS = [
    "cooperative", "silent_once", "asks_back", "noise", "speech_fault", "no_assessment", "german",
    "hangs_up", "refuses", "voicemail", "network_fault", "recording_fault",
]  # fmt: skip
ORDERS, MANY_ORDERS = 2, 200
SEEDS, MANY_SEEDS = range(1), range(1, 30)
MOST_LOOKS = 80
BAD = {"doubled": 0.2, "late": 0.3}
Entry = tuple[str, str, bytes]  # source, the sender's id, body


@dataclass(frozen=True)
class Stored:
    """What a call came to, as its rows tell it, and as its ledger does."""

    columns: tuple[str, ...]
    times: tuple[Any, ...]
    answers: tuple[tuple[Any, ...], ...]
    agreed: frozenset[str]
    state: CallState


def stored(call: Call) -> Stored:
    """Return what is stored of a call."""
    call.refresh_from_db()
    answers = call.interview.turns.order_by("position")
    return Stored(
        tuple(getattr(call, name) for name in COLUMNS),
        tuple(getattr(call, name) for name in TIMES),
        tuple(answers.values_list("answer_text", "answer_ms", "starts_ms", "ends_ms")),
        frozenset(agreed(call)),
        state_of(call),
    )


def agreed(call: Call) -> set[str]:
    """Return the purposes that were agreed to."""
    return {name for row in call.interview.consents.all() for name in row.purposes}


def played(people: People, script: str) -> Call:
    """Return a call of a script that is over, as the simulated line and the services made it."""
    call = plan_call(by_phone(people, script), CANDIDATE, by_candidate=True)
    do_work(kinds=CALL_KINDS)
    call.refresh_from_db()
    assert call.status == CallStatus.ENDED
    return call


def forget(call: Call) -> None:
    """Make the call as it was when it had just been dialled: nothing is known of it.

    All its turns wait for their answers at once, which never is so: the index that guards against
    it goes, for the rest of the transaction.
    """
    state = state_of(call)
    connection.check_constraints()  # PostgreSQL drops no index before what is put off was done
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX IF EXISTS one_unanswered_turn_per_interview")
    nothing = {"answer_text": "", "answer_ms": None, "starts_ms": None, "ends_ms": None}
    call.interview.turns.update(answered_at=None, **nothing)
    call.interview.consents.all().delete()
    Interview.objects.filter(pk=call.interview_id).update(
        status=Status.CREATED, consented_at=None, completed_at=None, ended_at=None
    )
    call.ledger.all().delete()
    call.operations.all().delete()
    unknown: dict[str, Any] = dict.fromkeys(TIMES) | dict.fromkeys(COLUMNS, "")
    unknown |= {"status": CallStatus.DIALLING, "entries": 0, "head": "", "connection_id": ""}
    if not state.recording_id:  # the answer to a command said it, and no event did
        del unknown["recording_id"]
    Call.objects.filter(pk=call.pk).update(**unknown)


def tell(call: Call, entry: Entry) -> None:
    """Keep one entry and draw the conclusions, but do nothing on the line."""
    source, event_id, body = entry
    with transaction.atomic():
        if source == OURS:
            keep_fact(lock(call.pk), read_event(body).fact, event_id=event_id)
        else:
            keep(call.pk, source, [body])
        if call.ledger.filter(source=OURS, event_id="plan").exists():
            go_on(lock(call.pk))


def told_in(call: Call, entries: Sequence[Entry]) -> Stored:
    """Return what the call comes to by these entries; afterwards everything is as before."""
    with transaction.atomic():
        forget(call)
        for entry in entries:
            tell(call, entry)
        assert is_unbroken(Call.objects.get(pk=call.pk))
        result = stored(call)
        transaction.set_rollback(True)
    return result


def check_orders(people: People, script: str, times: int) -> None:
    call = played(people, script)
    as_it_was = stored(call)
    rows = call.ledger.order_by("position").values_list("source", "event_id", "body")
    entries = [(source, event_id, bytes(body)) for source, event_id, body in rows]
    assert told_in(call, entries) == as_it_was
    chance = random.Random(script)
    for _ in range(times):
        order = [*entries, *chance.choices(entries, k=len(entries) // 2)]
        chance.shuffle(order)
        assert told_in(call, order) == as_it_was


@pytest.mark.parametrize("script", SCRIPTS)
def test_any_order_of_the_same_entries_is_stored_alike(people: People, script: str) -> None:
    check_orders(people, script, ORDERS)


@pytest.mark.slow
@pytest.mark.parametrize("script", SCRIPTS)
def test_any_of_200_orders_is_stored_alike(people: People, script: str) -> None:
    check_orders(people, script, MANY_ORDERS)


class Weather:
    """Calls by the emulated service, whose events come badly."""

    def __init__(self, people: People, line: Line) -> None:
        self.people, self.line, self.made = people, line, 0

    def call(self, script: str, seed: int = 0, **bad: float) -> Call:
        """Return a call that is over; what never comes is settled by looking at the clock."""
        self.line.emulator.postman.misbehave(Mischief(seed, **bad))
        call = plan_call(self._interview(script), CANDIDATE, by_candidate=True)
        for _ in range(MOST_LOOKS):
            self.line.go_on()
            call.refresh_from_db()
            if call.status == CallStatus.ENDED:
                return call
            pass_time(call)
        raise AssertionError(f"{script} with seed {seed} never ends")

    def _interview(self, script: str) -> Interview:
        """Return an interview of somebody new."""
        self.made += 1
        number = script_named(script).number
        candidate = make_callable(self.people.home, f"Candidate {self.made}", phone=number)
        language = "de-DE" if script == "german" else ""
        return make_interview(
            self.people.home, channel="phone", candidate=candidate, language=language
        )


@pytest.fixture
def weather(people: People, azure_acs: AcsEmulator, acs_doors: Doors, settings: Any) -> Weather:
    return Weather(people, open_line(azure_acs, acs_doors, settings))


def came_to(call: Call) -> tuple[Any, ...]:
    """Return what a call came to, without ids and times: those are other ones in each call."""
    call.refresh_from_db()
    turns = call.interview.turns.order_by("position")
    texts = tuple(turns.values_list("text", "answer_text"))
    return (call.outcome, call.fault, call.code, texts, frozenset(agreed(call)))


def check_weather(weather: Weather, script: str, seeds: range) -> None:
    usual = came_to(weather.call(script))
    for seed in seeds:
        call = weather.call(script, seed, **BAD)
        assert came_to(call) == usual
        assert is_unbroken(call)


@pytest.mark.parametrize("script", SCRIPTS)
def test_doubled_and_late_events_change_nothing(weather: Weather, script: str) -> None:
    check_weather(weather, script, SEEDS)


@pytest.mark.slow
@pytest.mark.parametrize("script", SCRIPTS)
def test_doubled_and_late_events_change_nothing_for_many_seeds(
    weather: Weather, script: str
) -> None:
    check_weather(weather, script, MANY_SEEDS)
