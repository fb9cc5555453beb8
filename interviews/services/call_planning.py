"""Planning calls: the attempt is written first, and everything that speaks against it is heard."""

import contextlib
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from interviews.calls.facts import Fact, FactKind
from interviews.models import Call, Candidate, Interview
from interviews.services.call_addresses import hash_of, secret_of
from interviews.services.call_intake import keep_fact, lock
from interviews.services.call_permissions import allow_calls, note_refusal
from interviews.services.call_placing import NOT_DIALLED, note_dial_refused
from interviews.services.call_rules import reasons_against
from interviews.services.call_steps import NextStep, go_on, now_on_line, running_op, state_of
from interviews.states import CALL, COMING_CALLS, CallStatus
from talenti.engines import engine
from talenti.errors import Invalid, WrongState
from talenti.history import CANDIDATE, Actor, advance, record
from talenti.ids import new_id
from talenti.work.queue import enqueue

PLACE_CALL = "interviews.place_call"


def plan_call(
    interview: Interview, actor: Actor, *, at: datetime | None = None, by_candidate: bool = False
) -> Call:
    """Write the attempt, to be dialled now or `at` a moment; returns it.

    Raises Invalid for a moment that has passed, WrongState (`errors`: call) with every reason that
    speaks against it. The candidate's own choice of a time is their permission to be called.
    """
    now = timezone.now()
    if at and at < now:
        raise Invalid("The time has passed.", {"at": ["Must be in the future."]})
    with transaction.atomic():
        Interview.objects.select_for_update().get(pk=interview.pk)  # one plan at a time
        _check(interview, at, by_candidate=by_candidate)
        if by_candidate:
            allow_calls(interview.candidate, CANDIDATE)
        call = _write(interview, actor, at or now, by_candidate=by_candidate)
        enqueue(
            PLACE_CALL,
            organisation_id=call.organisation_id,
            subject_id=call.pk,
            at=call.scheduled_at if at else None,
        )
    return call


def _check(interview: Interview, at: datetime | None, *, by_candidate: bool) -> None:
    reasons = reasons_against(interview, at, by_candidate=by_candidate)
    if reasons:
        raise WrongState(" ".join(reasons), errors={"call": reasons})


def _write(interview: Interview, actor: Actor, at: datetime, *, by_candidate: bool) -> Call:
    pk = new_id()
    call = Call(
        pk=pk,
        organisation_id=interview.organisation_id,
        interview=interview,
        number=interview.candidate.phone,
        engine=engine("callroom").name,
        asked_by=actor.user,
        chosen_by_candidate=by_candidate,
        scheduled_at=at,
        secret_hash=hash_of(secret_of(pk)),
    )
    try:
        with transaction.atomic():
            call.save(force_insert=True)
    except IntegrityError as error:  # somebody else planned one a moment ago
        raise WrongState("There is a call already.") from error
    record(call, "planned", actor, to_state=CallStatus.SCHEDULED)
    return call


def cancel_call(call: Call, actor: Actor) -> None:
    """Take back a call that has not been dialled; WrongState otherwise."""
    advance(call, CALL, CallStatus.CANCELLED, actor)


def stop_call(call: Call, actor: Actor) -> None:
    """Let a live call come to a friendly end: say goodbye, then hang up.

    A planned one is cancelled. WrongState for one that is over.
    """
    with transaction.atomic():
        held = lock(call.pk)
        if held.status == CallStatus.SCHEDULED:
            cancel_call(held, actor)
            return
        if held.status in {CallStatus.ENDED, CallStatus.CANCELLED}:
            raise WrongState("This call is over.")
        state = state_of(held)
        if state.leaving:  # it is saying goodbye already, of its own kind
            return
        stop = Fact(FactKind.STOP, now_on_line(held), op=running_op(state))
        if keep_fact(held, stop, event_id="stop"):
            record(held, "stopped", actor)
            for step in _steps_to_end(held):
                step.ring()


def _steps_to_end(call: Call) -> list[NextStep]:
    if call.status == CallStatus.DIALLING and not call.first_sent_at:
        return note_dial_refused(call.pk, NOT_DIALLED)  # it is not dialled any more
    return go_on(call)


def refuse_calls(candidate: Candidate, actor: Actor) -> None:
    """Note that the candidate must not be called; what has not connected yet is ended."""
    with transaction.atomic():
        note_refusal(candidate, actor)
        coming = Call.objects.filter(interview__candidate=candidate, status__in=COMING_CALLS)
        for call in coming:
            with contextlib.suppress(WrongState):  # over a moment ago
                stop_call(call, actor)
