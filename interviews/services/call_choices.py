"""What candidates decide about being called: a time, another one, or not at all."""

from copy import copy
from datetime import datetime

from django.db import transaction

from interviews.models import Call, Candidate, Interview
from interviews.services.call_permissions import allow_calls
from interviews.services.call_planning import cancel_call, plan_call, refuse_calls
from interviews.services.call_rules import reasons_against
from interviews.services.candidates import change_candidate
from interviews.states import CallStatus
from talenti.history import CANDIDATE


def choose_time(interview: Interview, *, at: datetime | None, time_zone: str) -> Call:
    """Plan the call as the candidate wishes (None: as soon as possible), in place of another plan.

    Their time zone is stored, and a refusal of theirs taken back. Raises what `plan_call` raises;
    then everything is as it was, and a call that is being made stays.
    """
    with transaction.atomic():
        candidate = Candidate.objects.select_for_update().get(pk=interview.candidate_id)
        interview.candidate = candidate
        change_candidate(candidate, CANDIDATE, time_zone=time_zone)
        if candidate.do_not_call:
            allow_calls(candidate, CANDIDATE)
        take_back_time(interview)
        return plan_call(interview, CANDIDATE, at=at, by_candidate=True)


def take_back_time(interview: Interview) -> None:
    """Cancel the call that is planned; nothing when there is none, or when it is being made."""
    for call in interview.calls.filter(status=CallStatus.SCHEDULED):
        cancel_call(call, CANDIDATE)


def refuse_to_be_called(interview: Interview) -> None:
    """Note that the candidate does not want to be called; planned calls are cancelled."""
    refuse_calls(interview.candidate, CANDIDATE)


def may_choose(interview: Interview) -> bool:
    """Return whether a time could be chosen at all, whatever the candidate said of calls before.

    A call that is planned already stands in nobody's way; one that is being made does.
    """
    open_call = interview.calls.open().first()
    if open_call is not None and open_call.status != CallStatus.SCHEDULED:
        return False
    willing = copy(interview)
    willing.candidate = copy(interview.candidate)
    willing.candidate.do_not_call = False
    willing.candidate.time_zone = willing.candidate.time_zone or "UTC"
    return not reasons_against(willing, by_candidate=True, this=open_call)
