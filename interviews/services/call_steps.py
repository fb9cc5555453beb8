"""Going on with a call: from the facts of its ledger to rows, and to what is done next.

Everything here runs in one short transaction that holds the call's row, so the events of one call
are looked at one after the other, whatever order and however many at a time they came in.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import IntegerField, UUIDField
from django.utils import timezone

from interviews.calls.dialect import ReadEvent, read_event
from interviews.calls.facts import Fact, FactKind
from interviews.calls.machine import fold
from interviews.calls.state import CallState, Operation, Phase
from interviews.models import Call, CallEntry, CallOperation
from interviews.services.call_intake import UNREADABLE, keep_fact, lock
from interviews.services.call_results import store_results
from interviews.signals import call_ended, call_file_ready
from interviews.states import CALL, LIVE_CALLS, CallStatus
from talenti.history import SYSTEM, advance, move, record
from talenti.prepared import Slots, fetch, insert
from talenti.work.claims import Claim
from talenti.work.queue import do_now, enqueue, ring_for

CHOOSE_TURN = "interviews.choose_turn"
PERFORM = "interviews.perform_operation"
WATCH = "interviews.watch_call"


@dataclass(frozen=True, slots=True)
class NextStep:
    """Work that was queued quietly, for whoever queued it to do at once."""

    kind: str
    subject_id: uuid.UUID

    def take(self) -> None:
        """Do it in this thread."""
        do_now(self.kind, self.subject_id)

    def ring(self) -> None:
        """Leave it to a worker, after the commit: this thread has somebody else to answer."""
        ring_for(self.kind, self.subject_id)


@contextmanager
def finishing(claim: Claim, call_id: uuid.UUID) -> Iterator[Call]:
    """Hold the call's row, then close the work: the other way round two steps wait for each other.

    Whoever holds a call may queue work of the very kind that is being closed.
    """
    with transaction.atomic():
        held = lock(call_id)
        with claim.finish():
            yield held


def events_of(call: Call) -> list[ReadEvent]:
    """Return what can be read of the ledger, in the order it came in."""
    rows = fetch(_readable, {"call": call.pk})
    return [read_event(bytes(body), received_at=at) for body, at in rows if body]


def state_of(call: Call) -> CallState:
    """Return where the call stands by its ledger; ValueError before it was dialled."""
    return fold(event.fact for event in events_of(call))


def now_on_line(call: Call) -> datetime:
    """Return the time by the clock of the line: ours, unless its events are ahead of it.

    A simulated line runs ahead, as fast as the machine can.
    """
    return now_by(events_of(call))


def now_by(events: list[ReadEvent]) -> datetime:
    """Return the time on the line of these events, see `now_on_line`."""
    return max([timezone.now(), *(event.fact.at for event in events)])


def running_op(state: CallState) -> int:
    """Return the number of the operation that is running, or that ended last."""
    return state.wanted.number if state.wanted else state.op


def go_on(call: Call) -> list[NextStep]:
    """Draw the conclusions of the ledger; returns what is to be done at once after the commit.

    The caller's transaction holds the call's row.
    """
    events = events_of(call)
    state = fold(event.fact for event in events)
    _learn_names(call, events, state)
    _move(call, state)
    store_results(call, state)
    _announce(call, [event.fact for event in events])
    return _next_steps(call, state)


def note_fact(call_id: uuid.UUID, fact: Fact, event_id: str) -> list[NextStep]:
    """Add a fact of our own to a call and draw its conclusions."""
    with transaction.atomic():
        held = lock(call_id)
        keep_fact(held, fact, event_id=event_id)
        return go_on(held)


def _readable(slots: Slots) -> Any:
    entries = CallEntry.objects.filter(call__id=slots("call", UUIDField()))
    readable = entries.exclude(type=UNREADABLE).order_by("position")
    return readable.values_list("body", "received_at")


def _learn_names(call: Call, events: list[ReadEvent], state: CallState) -> None:
    """Store what the line calls this call: an event may come before the answer to dialling."""
    told = {
        "connection_id": next((event.connection_id for event in events if event.connection_id), ""),
        "server_call_id": next(
            (event.server_call_id for event in events if event.server_call_id), ""
        ),
        "recording_id": state.recording_id,
        "recording_started_at": state.recording_started_at,
        "connected_at": state.connected_at,
        "phase": state.phase.value,
    }
    new = {name: value for name, value in told.items() if value and value != getattr(call, name)}
    for name in ("connection_id", "server_call_id"):
        if getattr(call, name):
            new.pop(name, None)  # the answer to dialling said so first
    if new:
        for name, value in new.items():
            setattr(call, name, value)
        call.save(update_fields=list(new))


def _move(call: Call, state: CallState) -> None:
    if state.connected_at and call.status in {CallStatus.DIALLING, CallStatus.OUTCOME_UNKNOWN}:
        advance(call, CALL, CallStatus.CONNECTED, SYSTEM)
    if state.phase is not Phase.OVER or state.outcome is None:
        return
    ending = {"outcome": state.outcome.value, "fault": state.fault.value, "code": state.code[:40]}
    ended_at = state.ended_at or timezone.now()
    if move(
        call,
        CALL,
        CallStatus.ENDED,
        SYSTEM,
        reason=state.outcome.value,
        ended_at=ended_at,
        **ending,
    ):
        call_ended.send(sender=Call, call=call)
    elif any(getattr(call, name) != value for name, value in ending.items()):
        record(call, "outcome", SYSTEM, from_state=call.outcome, to_state=ending["outcome"])
        Call.objects.filter(pk=call.pk).update(**ending)  # a late event told more
        for name, value in ending.items():
            setattr(call, name, value)


def _announce(call: Call, facts: list[Fact]) -> None:
    if call.recording_stored_at:
        return
    for fact in facts:
        if fact.kind is FactKind.FILE_READY:
            call_file_ready.send(sender=Call, call=call, fact=fact)


def _next_steps(call: Call, state: CallState) -> list[NextStep]:
    if state.wants_turn:
        _queue(CHOOSE_TURN, call, call.pk)
        return [NextStep(CHOOSE_TURN, call.pk)]
    if state.wanted is None or call.status not in LIVE_CALLS:
        return []
    if fetch(_numbered, {"call": call.pk, "number": state.wanted.number}):
        return []
    operation = _operation(call, state.wanted, timezone.now())
    insert(operation)
    _queue(PERFORM, call, operation.pk)
    return [NextStep(PERFORM, operation.pk)]


def _queue(kind: str, call: Call, subject_id: uuid.UUID) -> None:
    enqueue(kind, organisation_id=call.organisation_id, subject_id=subject_id, quietly=True)


def _operation(call: Call, wanted: Operation, now: datetime) -> CallOperation:
    return CallOperation(
        organisation_id=call.organisation_id,
        call=call,
        number=wanted.number,
        kind=wanted.kind.value,
        about=wanted.about[:40],
        text=wanted.text,
        turn_id=wanted.turn_id or None,
        spec=asdict(wanted),
        wanted_at=now,
        deadline_at=now + timedelta(seconds=wanted.ceiling_seconds),
    )


def _numbered(slots: Slots) -> Any:
    mine = {"call__id": slots("call", UUIDField()), "number": slots("number", IntegerField())}
    return CallOperation.objects.filter(**mine).order_by().values_list("pk")
