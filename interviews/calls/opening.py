"""The beginning of a conversation: a person is there, agrees, and the recording runs."""

from dataclasses import replace

from interviews.calls import asking, ending, wishes
from interviews.calls.facts import Fact
from interviews.calls.sentences import say
from interviews.calls.state import Agreement, CallState, Counts, Phase
from interviews.calls.wishes import Wish

REQUIRED = ("recording", "transcription")  # without these there is no interview
ASSESSMENT = ("automated_assessment",)
MAX_ASKED = 3  # how often the same thing is asked in all
SURE = 0.5  # words that were understood with less confidence agree to nothing


def connected(state: CallState, fact: Fact) -> CallState:
    """Greet whoever, or whatever, took the call."""
    return _greet(replace(state, phase=Phase.GREETING, connected_at=fact.at), _greeting(state))


def greeting_heard(state: CallState, fact: Fact) -> CallState:
    """Go on with whoever pressed a key: it is a person."""
    key = fact.tone[:1]
    if key == "1":
        return _after_greeting(state)
    if key == wishes.WRONG_NUMBER_KEY:
        return ending.wrong_number(state)
    return _greet(state, _greeting(state))


def greeting_silent(state: CallState, fact: Fact) -> CallState:
    """Ask once more; a machine never presses a key, and nothing is left on one."""
    counts = replace(state.counts, silences=state.counts.silences + 1)
    if counts.silences >= 2:
        return ending.voicemail(state, fact)
    return _greet(replace(state, counts=counts), ("greeting_again", "greeting_keys"))


def greeting_again(state: CallState, fact: Fact) -> CallState:
    """Say it once more after a fault."""
    return _greet(state, _greeting(state))


def consent_heard(state: CallState, fact: Fact) -> CallState:
    """Take a plain yes or no for what it is, and nothing else for either."""
    wish = _answer(state, fact)
    given_as = (fact.tone or fact.words)[:120]
    if wish is Wish.YES:
        return _answered(state, agreed=True, given_as=given_as)
    if wish is Wish.NO:
        return _answered(state, agreed=False, given_as=given_as)
    if wish is Wish.WRONG_NUMBER:
        return ending.wrong_number(state)
    if wish in ending.CANDIDATES:
        return ending.CANDIDATES[wish](state, fact)
    if wish in (Wish.REPEAT, Wish.MOMENT) and state.counts.repeats < MAX_ASKED:
        counts = replace(state.counts, repeats=state.counts.repeats + 1)
        return _ask_consent(replace(state, counts=counts), "consent_again")
    return consent_unclear(state, fact)


def consent_unclear(state: CallState, fact: Fact) -> CallState:
    """Ask once more; then it is no agreement, and no refusal."""
    counts = replace(state.counts, silences=state.counts.silences + 1)
    if counts.silences < 2:
        return _ask_consent(replace(state, counts=counts), "consent_unclear")
    if state.phase is Phase.ASSESSMENT:
        return _answered(state, agreed=False, given_as="")
    return ending.consent_unclear(state, fact)


def consent_again(state: CallState, fact: Fact) -> CallState:
    """Ask it once more after a fault."""
    return _ask_consent(state, "")


def recording_on(state: CallState, fact: Fact) -> CallState:
    """Let the conversation begin."""
    return replace(
        state,
        phase=Phase.CONVERSATION,
        wanted=None,
        wants_turn=True,
        counts=Counts(),
        lead_in="instructions",
    )


def recording_failed(state: CallState, fact: Fact) -> CallState:
    """Try to record once more; without a recording nothing is asked at all."""
    counts = replace(state.counts, faults=state.counts.faults + 1)
    if counts.faults >= 2:
        return ending.trouble(state, fact, fact.code or "no_recording", "It did not record.")
    return asking.record(replace(state, counts=counts))


def _greeting(state: CallState) -> tuple[str, ...]:
    agreed = _has_agreed(state)
    return (
        "greeting",
        "greeting_resumes" if state.plan.resumes else "",
        "greeting_agreed" if agreed else "greeting_consent_first",
        "greeting_human" if state.plan.contact else "",
        "greeting_keys",
    )


def _greet(state: CallState, names: tuple[str, ...]) -> CallState:
    if state.counts.asked >= MAX_ASKED:
        return ending.never_began(state)
    state = replace(state, counts=replace(state.counts, asked=state.counts.asked + 1))
    return asking.ask_keys(state, say(state.plan, *names), about="greeting")


def _has_agreed(state: CallState) -> bool:
    return set(REQUIRED) <= set(state.plan.agreed)


def _after_greeting(state: CallState) -> CallState:
    """Ask for consent, unless it was given before; the assessment was asked about then too."""
    if _has_agreed(state):
        return _begin_recording(state)
    return _ask_consent(replace(state, phase=Phase.CONSENT, counts=Counts()), "")


def _ask_consent(state: CallState, lead_in: str) -> CallState:
    question = "recording_question" if state.phase is Phase.CONSENT else "assessment_question"
    text = say(state.plan, lead_in, question, "consent_keys")
    return asking.ask_yes_or_no(state, text, about=state.phase.value)


def _answer(state: CallState, fact: Fact) -> Wish | None:
    if fact.tone:
        return wishes.consent_of_tone(fact.tone)
    wish = wishes.wish_of(fact.words, state.plan.language)
    unsure = fact.confidence is not None and fact.confidence < SURE
    return None if unsure and wish is Wish.YES else wish


def _answered(state: CallState, *, agreed: bool, given_as: str) -> CallState:
    purposes = REQUIRED if state.phase is Phase.CONSENT else ASSESSMENT
    agreement = Agreement(purposes, agreed, given_as)
    state = replace(state, agreements=(*state.agreements, agreement))
    if state.phase is Phase.ASSESSMENT:
        return _begin_recording(state)
    if not agreed:
        return ending.consent_refused(state)
    if set(ASSESSMENT) <= set(state.plan.agreed):
        return _begin_recording(state)
    return _ask_consent(replace(state, phase=Phase.ASSESSMENT, counts=Counts()), "")


def _begin_recording(state: CallState) -> CallState:
    return asking.record(replace(state, phase=Phase.RECORDING, counts=Counts()))
