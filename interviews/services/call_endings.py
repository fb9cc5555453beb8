"""Ends of calls that do not come from the line: an interview that is over, work that died."""

import contextlib
import uuid

from django.utils import timezone

from interviews.calls.facts import Fact, FactKind
from interviews.models import Call, CallOperation, Interview
from interviews.services.call_intake import lock
from interviews.services.call_placing import note_dial_refused
from interviews.services.call_planning import PLACE_CALL, cancel_call, stop_call
from interviews.services.call_steps import CHOOSE_TURN, PERFORM, note_fact, running_op, state_of
from interviews.states import CALL, LIVE_CALLS, CallStatus, Status
from talenti.errors import WrongState
from talenti.history import SYSTEM, advance


def end_calls_of(interview_id: uuid.UUID) -> None:
    """Take back planned calls of an interview that is over; stop live ones unless it is complete.

    A live call of a completed interview is saying goodbye already.
    """
    interview = Interview.objects.get(pk=interview_id)
    for call in interview.calls.open():
        with contextlib.suppress(WrongState):
            if call.status == CallStatus.SCHEDULED:
                cancel_call(call, SYSTEM)
            elif interview.status != Status.COMPLETED:
                stop_call(call, SYSTEM)


def settle_dead(kind: str, subject_id: uuid.UUID, cause: str) -> None:
    """Note in a live call's ledger that a step of it will never be done.

    In the transaction that buried the work, so the sweeper rings for what follows.
    """
    if kind == PLACE_CALL:
        _settle_undialled(lock(subject_id), cause)
    elif kind == PERFORM:
        operation = CallOperation.objects.get(pk=subject_id)
        refused = Fact(FactKind.REFUSED, timezone.now(), op=operation.number, code=cause)
        note_fact(operation.call_id, refused, f"refused-{operation.number}")
    elif kind == CHOOSE_TURN:
        call = lock(subject_id)
        stop = Fact(FactKind.STOP, timezone.now(), op=running_op(state_of(call)), code=cause)
        note_fact(call.pk, stop, "stop")


def _settle_undialled(call: Call, cause: str) -> None:
    if call.status == CallStatus.SCHEDULED:
        advance(call, CALL, CallStatus.CANCELLED, SYSTEM, reason=f"It could not be made: {cause}.")
    elif call.status in LIVE_CALLS and not call.connection_id:
        note_dial_refused(call.pk, cause)
