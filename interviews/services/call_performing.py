"""Doing on the line what a call's state asks for: one operation, sent once, answered by events."""

import time
import uuid
from datetime import timedelta

from django.utils import timezone

from interviews.callroom.protocol import (
    Ask,
    CallGone,
    Callroom,
    Line,
    LineBusy,
    OutcomeUnknown,
    RecordOrder,
    Repeatability,
)
from interviews.calls.facts import Fact, FactKind
from interviews.calls.state import OpKind
from interviews.models import Call, CallOperation
from interviews.services.call_addresses import callback_url, recording_folder
from interviews.services.call_intake import keep_fact
from interviews.services.call_steps import NextStep, finishing, go_on, state_of
from interviews.states import LIVE_CALLS
from talenti.connections import release_connections
from talenti.engines import engine
from talenti.errors import PermanentFailure, ProviderPaused, RetryLater
from talenti.work.claims import Claim

BUSY_PAUSE, BUSY_TRIES = 0.3, 5  # seconds; what ended or was cancelled may need a moment for it
FRESH = timedelta(seconds=2)  # so soon no call has gone past an operation


def perform_operation(claim: Claim) -> list[NextStep]:
    """Send one operation to the line and note what it answered; returns what follows at once.

    One that was sent by somebody who did not live to note the answer is sent again where the line
    itself refuses a second one, and its events tell how it ended.
    """
    operation = CallOperation.objects.select_related("call__interview").get(pk=claim.subject_id)
    call = operation.call
    if call.status not in LIVE_CALLS or operation.accepted_at or _is_past(operation, call):
        return []
    if not call.connection_id:  # dialled, and nobody has heard yet how the line calls it
        raise RetryLater("The line has not named the call yet.", after_seconds=1, counts=False)
    try:
        recording_id = _send_once(operation, call)
    except OutcomeUnknown:
        return []
    except CallGone:
        return _note(claim, call.pk, gone(), "gone")
    except PermanentFailure as refusal:
        fact = Fact(FactKind.REFUSED, timezone.now(), op=operation.number, code=refusal.code)
        return _note(claim, call.pk, fact, f"refused-{operation.number}")
    return _note_accepted(claim, operation, recording_id)


def gone() -> Fact:
    """Return the fact that the line knows no such call any more."""
    return Fact(FactKind.SETTLED, timezone.now(), data={"how": "gone"})


def line_of(call: Call) -> Line:
    """Return the call as the line knows it."""
    return Line(call.connection_id, call.server_call_id, call.number)


def _is_past(operation: CallOperation, call: Call) -> bool:
    """Return whether the call has gone on without it: then it is too late to say it."""
    if timezone.now() - operation.wanted_at < FRESH:
        return False
    wanted = state_of(call).wanted
    return wanted is None or wanted.number != operation.number


def _send_once(operation: CallOperation, call: Call) -> str:
    """Send it, and note before that it is being sent; see `_send`."""
    is_first = _note_sending(operation)
    release_connections()
    try:
        return _send(operation, call, is_first=is_first)
    except (LineBusy, ProviderPaused) as fault:
        if is_first:  # none of it has reached the line
            CallOperation.objects.filter(pk=operation.pk).update(sent_at=None)
        if is_first or isinstance(fault, ProviderPaused):
            raise
        return ""  # it is running: whoever sent it first is heard by its events


def _note_sending(operation: CallOperation) -> bool:
    """Store that it is being sent; False when somebody did that before."""
    unsent = CallOperation.objects.filter(pk=operation.pk, sent_at__isnull=True)
    return bool(unsent.update(sent_at=timezone.now()))


def _send(operation: CallOperation, call: Call, *, is_first: bool) -> str:
    """Ask the line for it; returns the id of a recording, else nothing."""
    room: Callroom = engine("callroom")
    line = line_of(call)
    if operation.spec["interrupts"]:
        room.cancel_media(line)
    for tries_left in reversed(range(BUSY_TRIES)):
        try:
            return _ask_line(room, line, operation, call)
        except LineBusy:
            if not tries_left or not (is_first or operation.spec["interrupts"]):
                raise
            time.sleep(BUSY_PAUSE)
    return ""


def _ask_line(room: Callroom, line: Line, operation: CallOperation, call: Call) -> str:
    context = f"op-{operation.number}"
    language = call.interview.language
    if operation.kind == OpKind.ASK:
        room.ask(line, _ask(operation, context, language))
    elif operation.kind == OpKind.SAY:
        room.say(line, operation.text, language=language, context=context)
    elif operation.kind == OpKind.HANG_UP:
        room.hang_up(line)
    else:
        return _start_recording(room, line, operation, call)
    return ""


def _ask(operation: CallOperation, context: str, language: str) -> Ask:
    spec = operation.spec
    return Ask(
        context=context,
        text=operation.text,
        language=language,
        listens=spec["listens"],
        initial_silence_seconds=spec["initial_silence_seconds"],
        end_silence_seconds=spec["end_silence_seconds"],
    )


def _start_recording(room: Callroom, line: Line, operation: CallOperation, call: Call) -> str:
    order = RecordOrder(
        folder=recording_folder(call),
        callback_url=callback_url(call),
        repeat=Repeatability(str(operation.repeatability_id), operation.wanted_at),
    )
    return room.start_recording(line, order)


def _note_accepted(claim: Claim, operation: CallOperation, recording_id: str) -> list[NextStep]:
    now = timezone.now()
    ceiling = timedelta(seconds=operation.spec["ceiling_seconds"])
    with claim.finish():
        CallOperation.objects.filter(pk=operation.pk).update(
            accepted_at=now, deadline_at=now + ceiling
        )
        if recording_id:
            unnamed = Call.objects.filter(pk=operation.call_id, recording_id="")
            unnamed.update(recording_id=recording_id[:600])
    return []


def _note(claim: Claim, call_id: uuid.UUID, fact: Fact, event_id: str) -> list[NextStep]:
    with finishing(claim, call_id) as held:
        keep_fact(held, fact, event_id=event_id)
        return go_on(held)
