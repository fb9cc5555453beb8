"""Phone interviews and their calls, for tests of what is shown of them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from interviews.calls.facts import Fact, FactKind
from interviews.models import Call, CallOperation, Candidate, Interview
from interviews.services.call_addresses import hash_of, secret_of
from interviews.services.call_intake import keep_fact
from interviews.states import CallPermission, CallStatus, Channel
from talenti.ids import new_id
from talenti.models import Organisation
from tests.rows import make_candidate, make_interview

PHONE = "+12025550123"
START = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)


def make_callable(organisation: Organisation, name: str = "Dana Doe", **values: Any) -> Candidate:
    """Return somebody who agreed to be called, in a place where it is always the right time."""
    known = {
        "phone": PHONE,
        "time_zone": "America/New_York",
        "call_permission": CallPermission.DECLARED,
        "call_permission_at": timezone.now(),
    }
    return make_candidate(organisation, name, **(known | values))


def make_phone_interview(organisation: Organisation, **candidate: Any) -> Interview:
    """Return an interview by phone of somebody who may be called."""
    person = make_callable(organisation, **candidate)
    return make_interview(organisation, channel=Channel.PHONE, candidate=person)


def make_call(interview: Interview, status: str = CallStatus.SCHEDULED, **values: Any) -> Call:
    """Return a call in any state, with what belongs to it."""
    pk = new_id()
    known: dict[str, Any] = {
        "number": interview.candidate.phone,
        "engine": "offline",
        "scheduled_at": START,
        "secret_hash": hash_of(secret_of(pk)),
        "status": status,
    }
    if status == CallStatus.CONNECTED:
        known |= {"first_sent_at": START, "connected_at": START + timedelta(seconds=8)}
        known |= {"phase": "conversation", "connection_id": f"line-{pk}"}
    if status == CallStatus.ENDED:
        known |= {"outcome": "completed", "first_sent_at": START, "phase": "over"}
        known |= {"connected_at": START + timedelta(seconds=8)}
        known |= {"ended_at": START + timedelta(seconds=98)}
    return Call.objects.create(
        pk=pk, organisation=interview.organisation, interview=interview, **(known | values)
    )


def tell(call: Call, facts: Iterable[Fact]) -> None:
    """Write facts into the call's ledger, as if they had come in in this order."""
    for fact in facts:
        keep_fact(call, fact, event_id=f"told-{call.entries}")


def do(call: Call, number: int, about: str, text: str = "", **values: Any) -> CallOperation:
    """Write an operation of the call."""
    known: dict[str, Any] = {
        "kind": "ask",
        "wanted_at": timezone.now(),
        "deadline_at": timezone.now() + timedelta(seconds=30),
    }
    return CallOperation.objects.create(
        organisation=call.organisation,
        call=call,
        number=number,
        about=about,
        text=text,
        **(known | values),
    )


def fact(kind: FactKind, seconds: int = 0, **values: Any) -> Fact:
    """Return a fact so many seconds after START."""
    return Fact(kind, START + timedelta(seconds=seconds), **values)
