"""Who may be called, and when: everything that speaks against a call, in sentences."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone

from interviews.callroom.protocol import Callroom
from interviews.calls.codes import may_redial
from interviews.calls.sentences import languages
from interviews.calls.state import Fault, Outcome
from interviews.calls.times import Hours
from interviews.models import Call, Candidate, Interview
from interviews.states import OPEN, CallPermission, CallStatus, Channel
from talenti.engines import engine

FOREMOST = timedelta(days=60)  # nobody plans further ahead
MOST_CHANGES = 20  # of the time, by the candidate


def reasons_against(
    interview: Interview,
    at: datetime | None = None,
    *,
    by_candidate: bool = False,
    this: Call | None = None,
) -> list[str]:
    """Return why the interview cannot be called at that moment (now); empty when it can.

    A time that the candidate chose may lie outside the hours in which we would call. `this` is the
    call itself, when it was planned before.
    """
    never = _of_interview(interview)
    if never:  # whatever else there may be changes nothing
        return never
    moment = at or timezone.now()
    return [
        *_of_candidate(interview.candidate, by_candidate=by_candidate),
        *_of_moment(interview, moment, by_candidate=by_candidate),
        *_of_calls(interview, this),
        *(_of_changes(interview) if by_candidate else []),
    ]


def local_time(candidate: Candidate, moment: datetime) -> datetime | None:
    """Return the candidate's own clock at that moment; None when their time zone is not known."""
    return moment.astimezone(ZoneInfo(candidate.time_zone)) if candidate.time_zone else None


def is_quiet(local: datetime) -> bool:
    """Return whether nobody is called then, by the candidate's own clock."""
    return not calling_hours().hold(local)


def calling_hours() -> Hours:
    """Return when candidates are called, by their own clock."""
    first, last = settings.CALL_HOURS
    return Hours(first, last, settings.CALL_DAYS)


def attempts_left(interview: Interview) -> int:
    """Return how many more times may be dialled. A call that goes on where one broke off is free.

    But not for ever: twice as many calls as attempts are the end. A call that never reached the
    line by our own fault is no attempt.
    """
    made = interview.calls.filter(status=CallStatus.ENDED).exclude(first_sent_at=None)
    made = made.exclude(outcome=Outcome.FAILED, fault=Fault.OURS)
    begun = Q(recording_started_at__isnull=False)
    counted = made.aggregate(made=Count("pk"), unbegun=Count("pk", filter=~begun))
    most = settings.CALL_ATTEMPTS
    left: int = min(most - counted["unbegun"], 2 * most - counted["made"])
    return max(left, 0)


def resumes_until(interview: Interview) -> datetime | None:
    """Return until when a call that broke off may be taken up again; None when none did."""
    broken = _last_dialled(interview)
    if broken is None or broken.ended_at is None or not interview.turns.exists():
        return None
    return broken.ended_at + timedelta(hours=settings.CALL_RESUME_HOURS)


def _of_interview(interview: Interview) -> list[str]:
    if interview.channel != Channel.PHONE:
        return ["This interview is not by phone."]
    if interview.status not in OPEN:
        return [f"This interview is {interview.get_status_display().lower()}."]
    if interview.language.partition("-")[0].lower() not in languages():
        return ["There are no spoken texts in the language of this interview."]
    room: Callroom = engine("callroom")
    if not room.speaks(interview.language):
        return ["No voice is set for the language of this interview."]
    return []


def _of_candidate(candidate: Candidate, *, by_candidate: bool) -> list[str]:
    found = []
    if not candidate.phone:
        found.append("The candidate has no phone number.")
    if candidate.do_not_call:
        found.append("The candidate does not want to be called.")
    elif candidate.call_permission == CallPermission.UNKNOWN and not by_candidate:
        found.append("Nobody has asked the candidate whether we may call.")
    if not candidate.time_zone:
        found.append("The candidate's time zone is not known.")
    return found


def _of_moment(interview: Interview, moment: datetime, *, by_candidate: bool) -> list[str]:
    found = []
    local = local_time(interview.candidate, moment)
    if local and is_quiet(local) and not by_candidate:
        found.append(f"It is {local:%H:%M} on {local:%A} where the candidate is: quiet hours.")
    if moment > timezone.now() + FOREMOST:
        found.append("Plan it at most 60 days ahead.")
    if interview.expires_at and moment >= interview.expires_at:
        found.append("The interview's time is over by then.")
    until = resumes_until(interview)
    if until and moment > until:
        found.append("Too long ago: a call that broke off can only be taken up within its window.")
    return found


def _of_calls(interview: Interview, this: Call | None) -> list[str]:
    if interview.calls.open().exclude(pk=this.pk if this else None).exists():
        return ["There is a call already."]
    found = []
    if not attempts_left(interview):
        found.append("No attempts are left.")
    last = _last_dialled(interview)
    if last and _was_the_last_word(last, interview.candidate.phone):
        found.append(
            f"The last call ended so that nobody is called again: {last.outcome_in_words}."
        )
    return found


def _of_changes(interview: Interview) -> list[str]:
    """Let a link, which may be in wrong hands, not plan for ever."""
    taken_back = interview.calls.filter(status=CallStatus.CANCELLED, chosen_by_candidate=True)
    if taken_back.count() < MOST_CHANGES:
        return []
    return ["The time was changed too often. Ask whoever invited you to plan the call."]


def _was_the_last_word(last: Call, number: str) -> bool:
    """Return whether nobody is called after it: unless it was ours to mend, or the number's."""
    if last.fault == Fault.OURS:
        return False
    if last.outcome == Outcome.WRONG_NUMBER and last.number not in ("", number):
        return False
    return not may_redial(Outcome(last.outcome), last.code)


def _last_dialled(interview: Interview) -> Call | None:
    ended = interview.calls.filter(status=CallStatus.ENDED).exclude(first_sent_at=None)
    last: Call | None = ended.order_by("-id").first()
    return last
