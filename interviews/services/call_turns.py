"""Choosing what a live call asks next: the interviewer of every conversation chooses it."""

from datetime import datetime

from interviews.calls.facts import Fact, FactKind
from interviews.calls.machine import fold
from interviews.calls.plan import PlannedTurn
from interviews.models import Call, Interview, Turn
from interviews.services.call_intake import keep_fact
from interviews.services.call_steps import NextStep, events_of, finishing, go_on, now_by
from interviews.services.conversation import begin
from interviews.states import Status
from talenti.errors import WrongState
from talenti.work.claims import Claim


def choose_turn(claim: Claim) -> list[NextStep]:
    """Let the interviewer choose, and write it into the ledger; returns what follows at once.

    An interview that somebody ended meanwhile ends the call.
    """
    call = Call.objects.select_related("interview__guide").get(pk=claim.subject_id)
    events = events_of(call)
    state = fold(event.fact for event in events)
    if not state.wants_turn:
        return []
    try:
        turn = begin(call.interview)
    except WrongState:
        fact = _fact_of_end(call.interview, now_by(events), after=state.op)
    else:
        fact = _fact_of(turn, now_by(events), after=state.op)
    with finishing(claim, call.pk) as held:
        keep_fact(held, fact, event_id=f"turn-{state.op}")
        return go_on(held)


def _fact_of_end(interview: Interview, at: datetime, *, after: int) -> Fact:
    if interview.status == Status.COMPLETED:  # by the choice before, which nobody lived to note
        return Fact(FactKind.NO_MORE_TURNS, at, op=after)
    return Fact(FactKind.STOP, at, op=after, code="interview_over")


def _fact_of(turn: Turn | None, at: datetime, *, after: int) -> Fact:
    if turn is None:
        return Fact(FactKind.NO_MORE_TURNS, at, op=after)
    planned = PlannedTurn(
        turn_id=str(turn.pk),
        position=turn.position,
        kind=turn.kind,
        text=turn.text,
        time_limit_seconds=turn.question.time_limit_seconds,
    )
    return Fact(FactKind.TURN, at, op=after, data=planned.as_data())
