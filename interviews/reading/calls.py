"""Calls as the API and the console show them."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from interviews.arithmetic import cost_of_call
from interviews.calls.codes import explain
from interviews.calls.times import propose_times
from interviews.models import Call, Candidate, Interview
from interviews.models.calls import OUTCOMES
from interviews.reading.timeline import Line, timeline_of
from interviews.services.call_rules import (
    attempts_left,
    calling_hours,
    local_time,
    reasons_against,
    resumes_until,
)
from interviews.states import LIVE_CALLS, CallStatus

PLAIN = (
    "id",
    "organisation",
    "interview",
    "status",
    "phase",
    "outcome",
    "fault",
    "code",
    "engine",
    "chosen_by_candidate",
    "scheduled_at",
    "first_sent_at",
    "connected_at",
    "ended_at",
    "recording_started_at",
    "recording_stored_at",
    "forgotten_at",
    "created_at",
)
COLUMNS = (*PLAIN, "asked_by_id", "asked_by__full_name", "asked_by__email")
IN_WORDS = dict(OUTCOMES)
PHASES = {
    "dialling": "Ringing",
    "greeting": "Finding out whether a person answered",
    "consent": "Asking for consent",
    "assessment": "Asking about the assessment",
    "recording": "Starting the recording",
    "conversation": "Asking the questions",
    "goodbye": "Saying goodbye",
    "hanging_up": "Hanging up",
    "over": "Over",
}


def proposals_for(interview: Interview, zone: ZoneInfo) -> list[datetime]:
    """Return good times for a call of this interview, where clocks show `zone`; perhaps none."""
    ends = [moment for moment in (interview.expires_at, resumes_until(interview)) if moment]
    return propose_times(timezone.now(), zone, calling_hours(), before=min(ends, default=None))


def seconds_of(connected_at: datetime | None, ended_at: datetime | None) -> int:
    """Return how long a call has lasted so far, in whole seconds; 0 before it is connected."""
    if connected_at is None:
        return 0
    return max(int(((ended_at or timezone.now()) - connected_at).total_seconds()), 0)


def cost_of(seconds: int) -> dict[str, Any]:
    """Return what a call of so many seconds costs, as an exact text, and in which currency."""
    price: Decimal = settings.CALL_COST_PER_MINUTE
    return {
        "amount": f"{cost_of_call(seconds, price):f}",
        "currency": settings.CALL_CURRENCY,
    }


def show_call(row: Iterable[Any]) -> dict[str, Any]:
    """Return one call of a list from COLUMNS."""
    *plain, person, full_name, email = row
    found = dict(zip(PLAIN, plain, strict=True))
    seconds = seconds_of(found["connected_at"], found["ended_at"])
    return {
        **found,
        "asked_by": None if person is None else {"id": person, "name": full_name or email},
        "outcome_words": IN_WORDS.get(found["outcome"], ""),
        "code_words": explain(found["code"]),
        "seconds": seconds,
        "cost": cost_of(seconds),
    }


def read_call(call: Call) -> dict[str, Any]:
    """Return one call with what happened in it and what is left to try. Some eight queries."""
    row = Call.objects.values_list(*COLUMNS).get(pk=call.pk)
    return {
        **show_call(row),
        "question": question_of(call),
        "attempts_left": attempts_left(call.interview),
        "timeline": [show_line(line) for line in read_timeline(call)],
    }


def read_timeline(call: Call) -> list[Line]:
    """Return what happened in a call, oldest first."""
    return timeline_of(call, call.ledger.order_by("position"), call.operations.order_by("number"))


def show_line(line: Line) -> dict[str, Any]:
    """Return one line of the timeline."""
    return {
        "at": line.at,
        "who": line.who.value,
        "text": line.text,
        "said": line.said,
        "code": line.code,
        "code_words": line.code_words,
    }


def question_of(call: Call) -> dict[str, int] | None:
    """Return at which planned question a live call is, of how many; None while it is at none."""
    if call.status not in LIVE_CALLS or call.phase != "conversation":
        return None
    asked = call.interview.turns.order_by().values("question").distinct().count()
    return {"number": asked, "of": call.interview.guide.questions.count()} if asked else None


def read_possibility(interview: Interview, at: datetime | None = None) -> dict[str, Any]:
    """Return whether the interview can be called at that moment (now), and all reasons against."""
    reasons = reasons_against(interview, at)
    candidate = interview.candidate
    local = local_time(candidate, at or timezone.now())
    hours = calling_hours()
    open_call = interview.calls.open().first()
    return {
        "possible": not reasons,
        "reasons": reasons,
        "attempts_left": attempts_left(interview),
        "open_call": open_call.pk if open_call else None,
        "resumes_until": resumes_until(interview),
        "time_zone": candidate.time_zone,
        "local_time": local.isoformat() if local else None,
        "hours": {"first": hours.first, "last": hours.last, "days": list(hours.days)},
    }


def read_own_call(interview: Interview) -> dict[str, Any]:
    """Return what the candidate sees of being called."""
    candidate: Candidate = interview.candidate
    call = interview.calls.open().first()
    planned = call if call and call.status == CallStatus.SCHEDULED else None
    zone = candidate.time_zone
    return {
        "planned_at": planned.scheduled_at if planned else None,
        "is_live": bool(call and call.status in LIVE_CALLS),
        "is_refused": candidate.do_not_call,
        "time_zone": zone,
        "proposals": proposals_for(interview, ZoneInfo(zone)) if zone else [],
    }
