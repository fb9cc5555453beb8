"""Watching a live call: an event that never came, a call that is gone, a time that is over.

One work item sleeps beside each live call until its next deadline.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from interviews.callroom.protocol import Callroom
from interviews.calls.facts import Fact, FactKind
from interviews.calls.state import CallState, Phase
from interviews.models import Call, CallOperation
from interviews.services.call_intake import keep_fact
from interviews.services.call_performing import gone, line_of
from interviews.services.call_placing import NOT_DIALLED, RING_GRACE
from interviews.services.call_planning import PLACE_CALL
from interviews.services.call_steps import (
    WATCH,
    NextStep,
    finishing,
    go_on,
    now_on_line,
    running_op,
    state_of,
)
from interviews.states import LIVE_CALLS, CallStatus
from talenti.connections import release_connections
from talenti.engines import engine
from talenti.errors import PermanentFailure, RetryLater
from talenti.work.claims import Claim
from talenti.work.models import WorkItem
from talenti.work.queue import enqueue

NAMELESS_SECONDS = 120  # how long a call whose dialling was never answered may still tell of itself
WATCHES_AT_ONCE = 200
NEXT_LOOK = timedelta(seconds=10)  # what runs next may have an earlier deadline


def watch_call(claim: Claim) -> list[NextStep]:
    """Look at the call once, and sleep until its next deadline; returns what is to be done at once.

    Raises RetryLater when the line would have to be asked and is away.
    """
    call = Call.objects.get(pk=claim.subject_id)
    if call.status not in LIVE_CALLS:
        return []
    now = timezone.now()
    found = _find(call, now)
    with finishing(claim, call.pk) as held:
        if held.status not in LIVE_CALLS:
            return []
        steps = _keep(held, found)
        if held.status in LIVE_CALLS:
            _sleep(held, now)
        return steps


def watch_unwatched() -> int:
    """Look again at live calls that nobody looks after, as their work died; returns how many."""
    watched = WorkItem.objects.open().filter(kind=WATCH)
    unwatched = Call.objects.live().exclude(pk__in=watched.values("subject_id"))
    calls = unwatched.order_by("pk")[:WATCHES_AT_ONCE]
    for call in calls:
        enqueue(WATCH, organisation_id=call.organisation_id, subject_id=call.pk)
    return len(calls)


def _keep(call: Call, found: tuple[Fact, str] | None) -> list[NextStep]:
    """Write what was found, and go on in any case: what was to follow an event may have died."""
    if found is not None:
        fact, event_id = found
        running = running_op(state_of(call))  # it may be another one since the line was asked
        if fact.kind is FactKind.CEILING:
            fact = replace(fact, op=running)
        if fact.kind is not FactKind.TIMED_OUT or fact.op == running:
            keep_fact(call, fact, event_id=event_id)
    return go_on(call)


def _find(call: Call, now: datetime) -> tuple[Fact, str] | None:
    """Return the fact that has come true by itself, and what to call it in the ledger."""
    if call.status != CallStatus.CONNECTED:
        return _of_ringing(call, now)
    state = state_of(call)
    until = (call.connected_at or now) + timedelta(seconds=state.plan.max_seconds)
    if now >= until and state.phase is not Phase.GOODBYE and state.phase is not Phase.HANGING_UP:
        return Fact(FactKind.CEILING, now_on_line(call), op=running_op(state)), "ceiling"
    late = _late(call, state, now)
    if late is None:
        return None
    if not _is_alive(call):
        return gone(), "gone"
    return Fact(FactKind.TIMED_OUT, now_on_line(call), op=late.number), f"timed_out-{late.number}"


def _of_ringing(call: Call, now: datetime) -> tuple[Fact, str] | None:
    rung_since = call.first_sent_at
    if rung_since is None:
        return _of_undialled(call, now)
    if not call.connection_id:
        is_over = now >= rung_since + timedelta(seconds=NAMELESS_SECONDS)
        return (gone(), "gone") if is_over else None
    if now < rung_since + timedelta(seconds=settings.CALL_RING_SECONDS) + RING_GRACE:
        return None
    if _is_alive(call):
        return Fact(FactKind.SETTLED, now, data={"how": "connected"}), "found_connected"
    return gone(), "gone"


def _of_undialled(call: Call, now: datetime) -> tuple[Fact, str] | None:
    """Return nothing while a try to dial it is to come."""
    if WorkItem.objects.open().filter(kind=PLACE_CALL, subject_id=call.pk).exists():
        return None
    return Fact(FactKind.DIAL_REFUSED, now, code=NOT_DIALLED), "dial_refused"


def _late(call: Call, state: CallState, now: datetime) -> CallOperation | None:
    """Return the operation that is running, if it should have ended by now."""
    if state.wanted is None:
        return None
    late: CallOperation | None = call.operations.filter(
        number=state.wanted.number, deadline_at__lte=now
    ).first()
    return late


def _is_alive(call: Call) -> bool:
    room: Callroom = engine("callroom")
    release_connections()
    try:
        return room.is_alive(line_of(call))
    except PermanentFailure:  # it refuses to say: then the operation's own end decides
        return True
    except RetryLater as wish:  # whatever happens somebody has to look again: no attempt is spent
        raise RetryLater(wish.message, after_seconds=wish.after_seconds, counts=False) from wish


def _sleep(call: Call, now: datetime) -> None:
    """Queue the next look: at the next deadline, and soon in any case."""
    running = call.operations.filter(deadline_at__gt=now).order_by("deadline_at")
    deadline = running.values_list("deadline_at", flat=True).first()
    moment = min(deadline or now + NEXT_LOOK, now + NEXT_LOOK)
    enqueue(WATCH, organisation_id=call.organisation_id, subject_id=call.pk, at=moment)
