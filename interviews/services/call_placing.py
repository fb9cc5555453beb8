"""Dialling: what makes it happen once is stored before the line is asked.

An answer that was lost is never made good by dialling again.
"""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from interviews.callroom.protocol import Callroom, Dial, Line, OutcomeUnknown, Repeatability
from interviews.calls.facts import Fact, FactKind
from interviews.calls.plan import Plan
from interviews.calls.sentences import spoken_consent
from interviews.calls.state import Phase
from interviews.models import Call, Interview
from interviews.services.call_addresses import callback_url, hash_of, secret_of
from interviews.services.call_intake import keep_fact, lock
from interviews.services.call_rules import reasons_against
from interviews.services.call_steps import WATCH, NextStep, finishing, go_on, state_of
from interviews.states import CALL, CallStatus
from talenti.connections import release_connections
from talenti.engines import engine
from talenti.errors import PermanentFailure, RetryLater
from talenti.history import SYSTEM, advance, record
from talenti.work.claims import Claim
from talenti.work.queue import enqueue

NOT_DIALLED = "not_dialled"  # because something spoke against it by then
RING_GRACE = timedelta(seconds=30)  # from the last ring to the line's word that nobody answered


def place_call(claim: Claim) -> list[NextStep]:
    """Dial what was planned, once; returns what is to be done at once.

    Raises RetryLater when it is certain that nothing was dialled.
    """
    call = Call.objects.select_related("interview__candidate").get(pk=claim.subject_id)
    if call.status == CallStatus.SCHEDULED:
        return _dial_once(claim, call) if _begin(call) else []
    if call.status != CallStatus.DIALLING or call.connection_id:
        return []
    if not call.first_sent_at and _is_out_of_date(call):  # it waited for a try that may succeed
        return _note_refused(claim, call.pk, NOT_DIALLED)
    return _dial_once(claim, call)


def _dial_once(claim: Claim, call: Call) -> list[NextStep]:
    if not _claim_dialling(call):  # somebody dialled and did not live to say how it went
        return _note_unknown(claim, call)
    release_connections()
    try:
        line = _callroom().place(_dial(call))
    except OutcomeUnknown:
        return _note_unknown(claim, call)
    except RetryLater:
        ours = Call.objects.filter(pk=call.pk, status=CallStatus.DIALLING)
        ours.filter(first_sent_at=call.first_sent_at).update(first_sent_at=None)
        raise
    except PermanentFailure as refusal:
        return _note_refused(claim, call.pk, refusal.code)
    return _note_placed(claim, call, line)


def _callroom() -> Callroom:
    room: Callroom = engine("callroom")
    return room


def _begin(call: Call) -> bool:
    """Write the plan as the first fact; False when something speaks against the call by now."""
    with transaction.atomic():
        held = lock(call.pk)
        reasons = _reasons_now(held)
        if reasons:
            advance(held, CALL, CallStatus.CANCELLED, SYSTEM, reason=" ".join(reasons)[:500])
            return False
        advance(held, CALL, CallStatus.DIALLING, SYSTEM)
        planned = Fact(FactKind.PLANNED, timezone.now(), data=plan_of(held).as_data())
        keep_fact(held, planned, event_id="plan")
        _watch(held)
    call.refresh_from_db()
    return True


def _reasons_now(call: Call) -> list[str]:
    """Return what speaks against it at the moment of dialling, but for the call itself."""
    reasons = reasons_against(call.interview, by_candidate=call.chosen_by_candidate, this=call)
    if call.number != call.interview.candidate.phone:
        reasons.append("The candidate's number has changed.")
    return reasons


def _is_out_of_date(call: Call) -> bool:
    """Return whether nobody is to be called any more: stopped, refused, or night by now."""
    return state_of(call).phase is not Phase.DIALLING or bool(_reasons_now(call))


def _watch(call: Call) -> None:
    moment = timezone.now() + timedelta(seconds=settings.CALL_RING_SECONDS) + RING_GRACE
    enqueue(WATCH, organisation_id=call.organisation_id, subject_id=call.pk, at=moment)


def plan_of(call: Call) -> Plan:
    """Return everything that the conversation needs to know before it begins."""
    interview: Interview = call.interview
    organisation = interview.organisation
    agreed = {name for row in interview.consents.all() for name in row.purposes}
    return Plan(
        language=interview.language,
        organisation=organisation.name,
        job=interview.job.title,
        contact=organisation.contact_email,
        consent_version=spoken_consent(interview.language).version,
        agreed=tuple(sorted(agreed)),
        resumes=interview.turns.exists(),
        extra_time=interview.extra_time,
        max_seconds=settings.CALL_MAX_MINUTES * 60,
        retention_days=organisation.retention_days or settings.RECORDING_RETENTION_DAYS,
    )


def _claim_dialling(call: Call) -> bool:
    """Take the right to dial, which exists once; stored before anything is sent."""
    undialled = Call.objects.filter(
        pk=call.pk, first_sent_at__isnull=True, status=CallStatus.DIALLING
    )
    call.first_sent_at = timezone.now()
    secret = hash_of(secret_of(call.pk))  # SECRET_KEY may be another one than at the planning
    return bool(undialled.update(first_sent_at=call.first_sent_at, secret_hash=secret))


def _dial(call: Call) -> Dial:
    return Dial(
        call_id=str(call.pk),
        organisation_id=str(call.organisation_id),
        number=call.number,
        callback_url=callback_url(call),
        context="call",
        repeat=Repeatability(str(call.repeatability_id), call.first_sent_at or timezone.now()),
    )


def _note_unknown(claim: Claim, call: Call) -> list[NextStep]:
    with finishing(claim, call.pk) as held:
        if held.status == CallStatus.DIALLING and not held.connection_id:
            advance(held, CALL, CallStatus.OUTCOME_UNKNOWN, SYSTEM)
    return []


def _note_refused(claim: Claim, call_id: uuid.UUID, code: str) -> list[NextStep]:
    with finishing(claim, call_id):
        return note_dial_refused(call_id, code)


def note_dial_refused(call_id: uuid.UUID, code: str) -> list[NextStep]:
    """Note, in the caller's transaction, that the line did not take the call at all."""
    held = lock(call_id)
    refused = Fact(FactKind.DIAL_REFUSED, timezone.now(), code=code)
    keep_fact(held, refused, event_id="dial_refused")
    return go_on(held)


def _note_placed(claim: Claim, call: Call, line: Line) -> list[NextStep]:
    with finishing(claim, call.pk) as held:
        names: dict[str, Any] = {
            "connection_id": line.connection_id,
            "server_call_id": line.server_call_id,
        }
        Call.objects.filter(pk=call.pk).update(**names)
        for name, value in names.items():
            setattr(held, name, value)
        record(held, "dialled", SYSTEM)
        return go_on(held)
