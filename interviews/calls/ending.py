"""How a call comes to its end: a goodbye of its own kind, hanging up, and what it came to."""

from dataclasses import replace

from interviews.calls import asking, codes
from interviews.calls.answers import close
from interviews.calls.facts import Fact
from interviews.calls.sentences import say
from interviews.calls.state import CallState, Counts, Fault, Outcome, Phase
from interviews.calls.wishes import Wish

MAX_HANG_UPS = 5
_SAID_BY_CANDIDATE = (Outcome.COMPLETED, Outcome.CONSENT_REFUSED, Outcome.WRONG_NUMBER)
_NO_CONTACT = ("goodbye_completed", "goodbye_wrong_number")  # they say goodbye by themselves


def completed(state: CallState) -> CallState:
    """Thank for everything."""
    state = replace(state, outcome=Outcome.COMPLETED, fault=Fault.NONE, code="")
    lead_in = state.lead_in if state.lead_in == "skipped" else ""
    return _goodbye(state, lead_in, "goodbye_completed")


def wrong_number(state: CallState) -> CallState:
    """Apologise to whoever was called by mistake."""
    state = _came_to(state, Outcome.WRONG_NUMBER, remark="It was the wrong number.")
    return _goodbye(state, "", "goodbye_wrong_number")


def consent_refused(state: CallState) -> CallState:
    """Respect a no."""
    state = _came_to(state, Outcome.CONSENT_REFUSED, remark="Consent was refused.")
    return _goodbye(state, "", "goodbye_refused")


def consent_unclear(state: CallState, fact: Fact) -> CallState:
    """End it without a yes and without a no."""
    remark = "There was no plain answer on consent."
    return _goodbye(_early(state, fact.code, remark), "", "goodbye_unclear")


def never_began(state: CallState) -> CallState:
    """End it where keys were pressed, and never the one to begin."""
    remark = "Other keys were pressed than the one to begin."
    return _goodbye(_early(state, "", remark), "", "goodbye_no_start")


def candidate_stops(state: CallState, fact: Fact) -> CallState:
    """Stop because the candidate wishes so."""
    state = _keep_answer(state, fact)
    return _goodbye(_early(state, "", "The candidate wished to stop."), "", "goodbye_wish")


def never_again(state: CallState, fact: Fact) -> CallState:
    """Stop, and let the candidate not be called any more."""
    remark = codes.explain(codes.DO_NOT_CALL)
    state = _early(_keep_answer(state, fact), codes.DO_NOT_CALL, remark)
    return _goodbye(state, "", "goodbye_never")


CANDIDATES = {Wish.STOP: candidate_stops, Wish.NEVER_CALL: never_again}  # ends that are wished for


def trouble(state: CallState, fact: Fact, code: str, remark: str) -> CallState:
    """Stop because the line does not do what it should."""
    fault = codes.fault_of_break(code) or Fault.PROVIDER
    state = _keep_answer(state, fact)
    state = _came_to(state, Outcome.FAILED, fault, code=code, remark=remark)
    return _goodbye(state, "", "goodbye_trouble")


def voicemail(state: CallState, fact: Fact) -> CallState:
    """Leave nothing on a machine."""
    state = _came_to(
        state, Outcome.VOICEMAIL, code=fact.code, remark="Nobody pressed a key: a machine, perhaps."
    )
    return hang_up(state, fact)


def stop(state: CallState, fact: Fact) -> CallState:
    """Stop for a person of ours, or because work of ours for the call can never be done.

    The fact names the operation it came at: what that one still told changes nothing any more.
    """
    if _is_leaving(state, fact):
        return state
    if not fact.op:  # nobody had answered yet
        return hang_up(_stopped(state, fact), fact)
    state = _stopped(_break_off(state, fact), fact)
    broken = state.outcome is Outcome.FAILED
    return _goodbye(state, "", "goodbye_trouble" if broken else "goodbye_stopped", interrupts=True)


def ceiling(state: CallState, fact: Fact) -> CallState:
    """Stop because the call has lasted as long as a call may; see `stop`."""
    if _is_leaving(state, fact) or not fact.op:
        return state
    state = _break_off(state, fact)
    if state.outcome not in _SAID_BY_CANDIDATE:
        remark = codes.explain("call_ceiling")
        state = _came_to(state, Outcome.FAILED, Fault.OURS, code="call_ceiling", remark=remark)
    return _goodbye(state, "", "goodbye_ceiling", interrupts=True)


def hang_up(state: CallState, fact: Fact) -> CallState:
    """End the call on the line; whether the goodbye was heard changes nothing."""
    leaving = state.leaving or asking.next_number(state)
    state = replace(state, phase=Phase.HANGING_UP, counts=Counts(), leaving=leaving)
    return asking.hang_up(state)


def hang_up_again(state: CallState, fact: Fact) -> CallState:
    """Try again, ever more patiently; a line that never answers is given up."""
    counts = replace(state.counts, faults=state.counts.faults + 1)
    if counts.faults >= MAX_HANG_UPS:
        return over(state, fact)
    seconds = asking.HANG_UP_SECONDS * (1 + counts.faults)
    return asking.hang_up(replace(state, counts=counts), ceiling_seconds=seconds)


def over(state: CallState, fact: Fact) -> CallState:
    """Note that the call is over: what was begun counts, and what it came to is known.

    In the conversation the next turn may still be wanted: it tells whether everything was asked.
    """
    if state.phase is Phase.OVER:
        return state
    was_talking = state.phase is Phase.CONVERSATION
    had_answer = bool(state.heard)
    state = _with_outcome(_past_running(state), fact)
    if had_answer:
        state = close(state, fact, "answered")
    return replace(
        state,
        phase=Phase.OVER,
        wanted=None,
        wants_turn=was_talking and (had_answer or state.wants_turn),
        ended_at=fact.at,
    )


def _with_outcome(state: CallState, fact: Fact) -> CallState:
    code = fact.code or ("gone" if fact.data.get("how") == "gone" else "")
    if state.outcome is not None:
        return state if state.code else replace(state, code=code)
    if state.connected_at is None:
        outcome, fault = codes.end_of_unanswered(code)
        return _came_to(state, outcome, fault, code=code, remark=codes.explain(code))
    fault = codes.fault_of_break(code)
    if fault is not Fault.NONE:
        return _came_to(state, Outcome.FAILED, fault, code=code, remark=codes.explain(code))
    return _early(state, code, "The call ended before the interview did.")


def _stopped(state: CallState, fact: Fact) -> CallState:
    if state.outcome in _SAID_BY_CANDIDATE:
        return state
    if fact.code in ("", "interview_over"):
        remark = "Somebody of ours stopped the call."
        return _came_to(state, Outcome.STOPPED, code=fact.code, remark=remark)
    remark = "Work for the call could not be done."
    return _came_to(state, Outcome.FAILED, Fault.OURS, code=fact.code, remark=remark)


def _early(state: CallState, code: str, remark: str) -> CallState:
    return _came_to(state, Outcome.HUNG_UP_EARLY, code=code, remark=remark)


def _came_to(
    state: CallState,
    outcome: Outcome,
    fault: Fault = Fault.NONE,
    *,
    code: str = "",
    remark: str = "",
) -> CallState:
    return replace(state, outcome=outcome, fault=fault, code=code, remark=remark)


def _past_running(state: CallState) -> CallState:
    """Count what is running as ended: its number is never used again."""
    return replace(state, op=state.wanted.number, wanted=None) if state.wanted else state


def _is_leaving(state: CallState, fact: Fact) -> bool:
    """Tell whether the goodbye was running already when this was decided."""
    return state.phase is Phase.OVER or bool(state.leaving and fact.op >= state.leaving)


def _break_off(state: CallState, fact: Fact) -> CallState:
    """Keep what was answered, and count the operation that the fact names as ended."""
    state = _keep_answer(state, fact)
    return replace(state, op=max(fact.op, state.op), wanted=None, wants_turn=False)


def _keep_answer(state: CallState, fact: Fact) -> CallState:
    return close(state, fact, "answered") if state.heard else state


def _goodbye(state: CallState, lead_in: str, name: str, *, interrupts: bool = False) -> CallState:
    farewell = "goodbye_contact" if state.plan.contact else "goodbye"
    names = (lead_in, name, "" if name in _NO_CONTACT else farewell)
    state = replace(
        state,
        phase=Phase.GOODBYE,
        counts=Counts(),
        lead_in="",
        leaving=asking.next_number(state),
    )
    return asking.say(
        state,
        say(state.plan, *names),
        about=name,
        interrupts=interrupts or state.unended,
    )
