"""What was said in a call goes in its days; that it was made, and the chain of its ledger, stay."""

import hashlib
import json
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from interviews.models import Call, CallEntry, DeadLetter, Interview, SimulatedCall
from interviews.services.call_intake import is_unbroken, keep
from interviews.services.call_retention import forget_calls
from interviews.services.interviews import set_legal_hold
from interviews.states import CallStatus
from talenti.history import SYSTEM
from talenti.models import HistoryEntry
from talenti.work.sweep import reconcile_all
from tests.people import People
from tests.recordings.call_rows import NUMBER, ask_in, make_call, make_phone_interview
from tests.work import do_work

SAID = b'{"words": "I repaired the pump."}'


@pytest.fixture
def interview(people: People) -> Interview:
    return make_phone_interview(people.home)


def days_ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def call_of(interview: Interview, days: float, **values: object) -> Call:
    """Return a call that ended so long ago, with everything that was said in it."""
    call = make_call(interview, ended_at=days_ago(days), **values)
    ask_in(call, 0, 0, 1000)
    CallEntry.objects.create(
        organisation_id=call.organisation_id,
        call=call,
        position=1,
        source="offline",
        event_id="1",
        type="Microsoft.Communication.RecognizeCompleted",
        body=SAID,
        body_sha256=hashlib.sha256(SAID).hexdigest(),
        received_at=days_ago(days),
        hash="a" * 64,
    )
    SimulatedCall.objects.create(
        organisation_id=call.organisation_id,
        connection_id=str(call.pk),
        call_id=call.pk,
        number=NUMBER,
        script="calm",
        state={"heard": "words"},
    )
    return call


def kept(call: Call) -> tuple[object, ...]:
    """Return what is still said in a call: number, ledger, operations, simulated line."""
    call.refresh_from_db()
    entry, operation = call.ledger.get(), call.operations.get()
    line = SimulatedCall.objects.get(call_id=call.pk)
    return (
        call.number,
        bytes(entry.body),
        operation.text,
        operation.spec,
        line.number,
        line.state,
    )


EMPTY = ("", b"", "", {}, "", {})
ANSWERED = "Tell me about a fault that you found and repaired."


def test_call_past_its_days_is_emptied_and_says_so(interview: Interview):
    old, young = call_of(interview, 31), call_of(interview, 29)
    assert reconcile_all() == []
    assert (kept(old), old.forgotten_at is not None) == (EMPTY, True)
    assert (kept(young)[:2], young.forgotten_at) == ((NUMBER, SAID), None)
    told = HistoryEntry.objects.filter(subject_id=old.pk).values_list("verb", "reason")
    assert list(told) == [("forgotten", "older than 30 days")]


def test_hashes_and_facts_of_a_forgotten_call_stay(interview: Interview):
    call = call_of(interview, 31)
    before = call.ledger.values("position", "event_id", "type", "body_sha256", "hash").get()
    assert forget_calls(timezone.now()) == 1
    call.refresh_from_db()
    assert call.ledger.values("position", "event_id", "type", "body_sha256", "hash").get() == before
    assert (call.outcome, call.operations.get().turn.text) == ("completed", ANSWERED)


def event(number: int) -> bytes:
    """Return an event with the candidate's words in it."""
    data = {"operationContext": f"op-{number}", "speechResult": {"speech": "I repaired the pump."}}
    told = {"id": f"event-{number}", "type": "Microsoft.Communication.RecognizeCompleted"}
    return json.dumps(told | {"data": {"recognitionType": "speech"} | data}).encode()


def test_ledger_of_a_forgotten_call_can_still_be_checked(interview: Interview):
    call = make_call(interview, ended_at=days_ago(31))
    keep(call.pk, "acs", [event(1), event(2)])
    call.refresh_from_db()
    assert (is_unbroken(call), forget_calls(timezone.now())) == (True, 1)
    assert is_unbroken(call)
    call.ledger.filter(position=1).update(body_sha256="b" * 64)
    assert not is_unbroken(call)


def test_event_that_comes_after_that_is_kept_without_its_words(interview: Interview):
    call = make_call(interview, ended_at=days_ago(31))
    forget_calls(timezone.now())
    assert keep(call.pk, "acs", [event(1)]) == 1
    call.refresh_from_db()
    assert (bytes(call.ledger.get().body), is_unbroken(call)) == (b"", True)
    assert do_work() == []
    assert keep(call.pk, "acs", [event(1)]) == 0


def test_hold_keeps_a_call_until_it_is_released(interview: Interview):
    call = call_of(interview, 400)
    set_legal_hold(interview, SYSTEM, held=True, reason="claim")
    assert (forget_calls(timezone.now()), kept(call)[0]) == (0, NUMBER)
    set_legal_hold(interview, SYSTEM, held=False, reason="settled")
    assert (forget_calls(timezone.now()), kept(call)) == (1, EMPTY)


def test_an_organisations_own_days_count(interview: Interview, people: People):
    call = call_of(interview, 8)
    assert forget_calls(timezone.now()) == 0
    people.home.retention_days = 7
    people.home.save()
    assert (forget_calls(timezone.now()), kept(call)) == (1, EMPTY)


def test_call_that_is_not_over_keeps_everything(interview: Interview):
    values = {"status": CallStatus.CONNECTED, "outcome": "", "scheduled_at": days_ago(90)}
    call = call_of(interview, 90, **values)
    Call.objects.filter(pk=call.pk).update(ended_at=None)
    assert (forget_calls(timezone.now()), kept(call)[0]) == (0, NUMBER)


def test_number_of_a_cancelled_call_goes_too(interview: Interview):
    values = {"status": CallStatus.CANCELLED, "outcome": "", "scheduled_at": days_ago(31)}
    call = call_of(interview, 31, **values)
    assert (forget_calls(timezone.now()), kept(call)) == (1, EMPTY)


def test_second_round_finds_nothing_to_do(interview: Interview):
    call_of(interview, 31)
    assert (forget_calls(timezone.now()), forget_calls(timezone.now())) == (1, 0)


def test_call_that_cannot_be_emptied_keeps_nobody_else(interview: Interview, monkeypatch):
    broken, good = call_of(interview, 33), call_of(interview, 32)
    real = CallEntry.objects.none().__class__.update

    def update(rows, **values):
        if "body" in values and rows.filter(call=broken).exists():
            raise OSError
        return real(rows, **values)

    monkeypatch.setattr(CallEntry.objects.none().__class__, "update", update)
    assert forget_calls(timezone.now()) == 1
    assert (kept(broken)[0], kept(good)) == (NUMBER, EMPTY)


def test_dead_letters_are_emptied_after_a_week(people: People):
    for days in (8, 6):
        DeadLetter.objects.create(
            source="acs",
            reason="unknown call",
            size=len(SAID),
            body=SAID,
            body_sha256=str(days) * 64,
            received_at=days_ago(days),
        )
    reconcile_all()
    letters = DeadLetter.objects.order_by("received_at").values_list("body", "size")
    assert [(bytes(body), size) for body, size in letters] == [(b"", len(SAID)), (SAID, len(SAID))]
