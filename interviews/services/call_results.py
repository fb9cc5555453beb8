"""What a call brings the interview: consent, answers and their places in the recording."""

import contextlib
from datetime import datetime
from typing import Any

from django.db.models import UUIDField

from interviews.calls.codes import DO_NOT_CALL
from interviews.calls.sentences import spoken_consent
from interviews.calls.state import Agreement, Answer, CallState, Outcome, Phase
from interviews.models import Call, Candidate, Interview, Turn
from interviews.services.call_permissions import note_refusal
from interviews.services.consents import add_spoken_consent, give_spoken_consent
from interviews.services.conversation import mark_answered, skip_turn
from interviews.services.interviews import end_interview
from interviews.states import CONSENT_GIVEN, OPEN, Status
from talenti.errors import WrongState
from talenti.history import CANDIDATE, record
from talenti.prepared import Slots, fetch_objects

ASKING_FOR_CONSENT = {Phase.DIALLING, Phase.GREETING, Phase.CONSENT, Phase.ASSESSMENT}


def store_results(call: Call, state: CallState) -> None:
    """Write what follows for the interview, once: what is stored already stays as it is.

    The caller's transaction holds the call's row. An interview that is over takes nothing more.
    """
    (interview,) = fetch_objects(Interview, _interview, {"pk": call.interview_id})
    _store_consent(interview, state)
    _store_refusal(interview, state)
    _store_wish_not_to_be_called(call, state)
    if state.answers:
        _store_answers(interview, state)


def _store_answers(interview: Interview, state: CallState) -> None:
    asked = fetch_objects(Turn, _turns, {"interview": interview.pk})
    turns = {str(turn.pk): turn for turn in asked}
    for answer in state.answers:
        _store_answer(turns[answer.turn_id], answer, state.recording_started_at)


def _interview(slots: Slots) -> Any:
    return Interview.objects.filter(pk=slots("pk", UUIDField())).order_by()


def _turns(slots: Slots) -> Any:
    return Turn.objects.filter(interview__id=slots("interview", UUIDField())).order_by()


def _store_consent(interview: Interview, state: CallState) -> None:
    if state.outcome is Outcome.WRONG_NUMBER:  # it was not the candidate who agreed
        return
    agreed = [agreement for agreement in state.agreements if agreement.agreed]
    if not agreed or state.phase in ASKING_FOR_CONSENT:
        return
    if interview.consented_at:
        if state.phase is Phase.OVER:
            _add_consent(interview, agreed, state)
        return
    purposes = {*state.plan.agreed, *(name for part in agreed for name in part.purposes)}
    given_as = ", ".join(part.given_as for part in state.agreements)
    with contextlib.suppress(WrongState):  # cancelled or expired during the call
        give_spoken_consent(
            interview,
            spoken_consent(state.plan.language),
            purposes=sorted(purposes),
            given_as=given_as[:120],
        )


def _add_consent(interview: Interview, agreed: list[Agreement], state: CallState) -> None:
    """Store what a late event told, when the call was over before anybody knew of it."""
    known = {name for row in interview.consents.all() for name in row.purposes}
    late = [part for part in agreed if not known.issuperset(part.purposes)]
    if late and interview.status in CONSENT_GIVEN:
        add_spoken_consent(
            interview,
            spoken_consent(state.plan.language),
            purposes={name for part in late for name in part.purposes},
            given_as=", ".join(part.given_as for part in late)[:120],
        )


def _store_refusal(interview: Interview, state: CallState) -> None:
    if state.outcome is Outcome.CONSENT_REFUSED and interview.status in OPEN:
        with contextlib.suppress(WrongState):
            end_interview(interview, Status.REFUSED, CANDIDATE, reason="said in the call")


def _store_wish_not_to_be_called(call: Call, state: CallState) -> None:
    """Note it, unless calls were allowed again after this one: it may be looked at late."""
    if state.code != DO_NOT_CALL:
        return
    candidate = Candidate.objects.get(interviews__pk=call.interview_id)
    allowed_at = candidate.call_permission_at
    is_later = bool(allowed_at and call.ended_at and allowed_at > call.ended_at)
    if not (candidate.do_not_call or is_later):
        note_refusal(candidate, CANDIDATE)


def _store_answer(turn: Turn, answer: Answer, started_at: datetime | None) -> None:
    if turn.answered_at is None:
        with contextlib.suppress(WrongState):
            if answer.how == "skipped":
                skip_turn(turn)
            else:
                _answered(turn, answer)
    else:
        _correct(turn, answer)
    _place(turn, answer, started_at)


def _correct(turn: Turn, answer: Answer) -> None:
    """Let an event that came after the end of its call tell more of an answer."""
    told = {"answer_text": answer.text, "answer_ms": _took_ms(answer)}
    if any(getattr(turn, name) != value for name, value in told.items()):
        Turn.objects.filter(pk=turn.pk).update(**told)


def _took_ms(answer: Answer) -> int | None:
    return max(_ms(answer.asked_at, answer.ended_at), 0) if answer.how == "answered" else None


def _answered(turn: Turn, answer: Answer) -> None:
    mark_answered(turn, text=answer.text, answer_ms=_took_ms(answer))
    if answer.how == "silent":
        record(turn, "not_answered", CANDIDATE)


def _place(turn: Turn, answer: Answer, started_at: datetime | None) -> None:
    """Note where it stands in the recording. An answer before its beginning is not in it."""
    if started_at is None:
        return
    starts_ms, ends_ms = _ms(started_at, answer.asked_at), _ms(started_at, answer.ended_at)
    if 0 <= starts_ms < ends_ms and (starts_ms, ends_ms) != (turn.starts_ms, turn.ends_ms):
        Turn.objects.filter(pk=turn.pk).update(starts_ms=starts_ms, ends_ms=ends_ms)


def _ms(start: datetime, end: datetime) -> int:
    return round((end - start).total_seconds() * 1000)
