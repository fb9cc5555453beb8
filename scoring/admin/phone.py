"""What the page of a phone interview shows of its calls, as plain values."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from interviews.models import Call, Interview
from interviews.reading.calls import (
    PHASES,
    cost_of,
    proposals_for,
    question_of,
    read_timeline,
    seconds_of,
)
from interviews.services.call_rules import (
    attempts_left,
    calling_hours,
    local_time,
    reasons_against,
)
from interviews.states import LIVE_CALLS, OPEN, CallStatus, Channel
from recordings.admin.records import clock
from talenti.models import HistoryEntry

ABOUT_TO_RING = timedelta(minutes=2)
ATTEMPTS_SHOWN = 20  # candidates may move their call as often as they like
RECORDING_COMES_WITHIN = timedelta(minutes=30)  # after that nobody watches for it any more
# What a person can do about a reason, found by words of it: on the candidate's page, or here.
ADVICE = {
    "phone number": "Add the number",
    "time zone": "Set the time zone",
    "asked the candidate": "Note that the candidate agreed",
    "does not want": "See what the candidate said",
}
QUIET, LATER = "quiet hours", "Plan a call for another time."


def phone_of(interview: Interview) -> dict[str, Any] | None:
    """Return the section about calls; None for interviews that are not by phone."""
    living = living_part(interview)
    if living is None:
        return None
    reasons = [] if living["is_open"] else reasons_against(interview)
    good = None if living["is_open"] else _good_time(interview)
    return {
        **living,
        "can_call": not reasons and not living["is_open"],
        "reasons": [_advised(reason, interview) for reason in reasons],
        "good_time": _clock_there(interview, good, "%Y-%m-%dT%H:%M") if good else "",
        "is_over": interview.status not in OPEN,
        "attempts_left": attempts_left(interview),
        "zone": interview.candidate.time_zone,
        "local_now": _clock_there(interview, timezone.now(), "%H:%M"),
        "hours": calling_hours(),
    }


def living_part(interview: Interview) -> dict[str, Any] | None:
    """Return what may change while somebody looks; None for interviews that are not by phone."""
    if interview.channel != Channel.PHONE:
        return None
    newest = interview.calls.select_related("asked_by").order_by("-id")
    calls = list(newest[: ATTEMPTS_SHOWN + 1])
    shown = calls[:ATTEMPTS_SHOWN]
    current = shown[0] if shown else None
    is_open = current is not None and current.is_open
    return {
        "current": None if current is None else _current(interview, current),
        "history": [_attempt(call) for call in shown if call is not current or not is_open],
        "has_older": len(calls) > ATTEMPTS_SHOWN,
        "is_open": is_open,
        "is_planned": current is not None and current.status == CallStatus.SCHEDULED,
        "is_moving": current is not None and _is_moving(current),
    }


def _current(interview: Interview, call: Call) -> dict[str, Any]:
    """Return the newest call as it stands."""
    call.interview = interview
    return {
        **_attempt(call),
        "is_live": call.status in LIVE_CALLS,
        "is_planned": call.status == CallStatus.SCHEDULED,
        "headline": _headline(call),
        "question": question_of(call),
        "local": _clock_there(interview, call.scheduled_at, "%A, %-d %b %Y, %H:%M"),
        "timeline": read_timeline(call),
        "recording": _recording(call),
        "why": _why_cancelled(call) if call.status == CallStatus.CANCELLED else "",
    }


def _clock_there(interview: Interview, moment: datetime, pattern: str) -> str:
    """Return what a clock shows where the candidate is; empty where that is not known.

    As a text: templates would turn the moment back to UTC.
    """
    local = local_time(interview.candidate, moment)
    return f"{local:{pattern}}" if local else ""


def _attempt(call: Call) -> dict[str, Any]:
    seconds = seconds_of(call.connected_at, call.ended_at)
    return {
        "row": call,
        "outcome": call.outcome_in_words,
        "length": clock(seconds * 1000) if call.connected_at else "",
        "cost": cost_of(seconds),
    }


def _headline(call: Call) -> str:
    """Return in a few words where the call stands."""
    if call.status == CallStatus.CONNECTED:
        return PHASES.get(call.phase, "Connected")
    if call.status == CallStatus.ENDED:
        return call.outcome_in_words
    return call.get_status_display()


def _why_cancelled(call: Call) -> str:
    """Return what spoke against a planned call at its time; nothing where a person cancelled it."""
    moves = HistoryEntry.objects.filter(subject_id=call.pk, to_state=CallStatus.CANCELLED)
    return moves.values_list("reason", flat=True).first() or ""


def _recording(call: Call) -> str:
    """Return in words what became of the recording; nothing where none was begun."""
    if call.recording_started_at is None:
        return ""
    if call.recording_stored_at:
        return "The recording is stored."
    if call.is_open:
        return "The call is being recorded."
    return "The recording is on its way." if _is_awaited(call) else "The recording has not come."


def _is_moving(call: Call) -> bool:
    """Return whether the next seconds may show something new."""
    now = timezone.now()
    if call.status == CallStatus.SCHEDULED:
        return call.scheduled_at <= now + ABOUT_TO_RING
    return call.is_open or _is_awaited(call)


def _is_awaited(call: Call) -> bool:
    """Return whether the recording of a call that is over may still be on its way."""
    if call.recording_started_at is None or call.recording_stored_at or call.ended_at is None:
        return False
    return call.ended_at > timezone.now() - RECORDING_COMES_WITHIN


def _good_time(interview: Interview) -> datetime | None:
    """Return the next good time; None where more than the moment speaks against a call."""
    zone = interview.candidate.time_zone
    found = proposals_for(interview, ZoneInfo(zone)) if zone else []
    return found[0] if found and not reasons_against(interview, found[0]) else None


def _advised(reason: str, interview: Interview) -> dict[str, str]:
    """Return a reason with the link to where it can be dealt with, if there is such a place."""
    if QUIET in reason:
        return {"text": reason, "advice": LATER, "address": ""}
    advice = next((told for words, told in ADVICE.items() if words in reason), "")
    candidate = reverse("admin:interviews_candidate_change", args=[interview.candidate_id])
    return {"text": reason, "advice": advice, "address": candidate if advice else ""}
