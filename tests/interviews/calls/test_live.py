"""Whole calls in memory: what is lost, doubled or late must not change what a call comes to."""

import random

import pytest

from interviews.calls.machine import fold, steps
from interviews.calls.state import CallState, Operation, Outcome, Phase
from tests.interviews.calls.harness import Weather, World
from tests.interviews.calls.scripts import SCRIPTS

REORDERED = Weather(doubled=0.3, late=0.5, lateness=8)
LOSSY = Weather(doubled=0.3, late=0.3, lateness=8, lost=0.1)
VERY_LATE = Weather(doubled=0.3, late=0.3, lateness=60)

# script -> outcome, whose fault, and what came of each turn
COMES_TO = {
    "cooperative": ("completed", "", "t1 answered, t2 answered, t3 answered"),
    "in parts": ("completed", "", "t1 answered, t2 answered, t3 answered"),
    "silent once": ("completed", "", "t1 answered, t2 answered, t3 answered"),
    "silent": ("completed", "", "t1 answered, t2 silent, t3 answered"),
    "repeat and skip": ("completed", "", "t1 answered, t2 skipped, t3 answered"),
    "repeat for ever": ("completed", "", "t1 silent, t2 skipped, t3 answered"),
    "one moment": ("completed", "", "t1 answered, t2 answered, t3 answered"),
    "moments for ever": ("completed", "", "t1 silent, t2 answered, t3 answered"),
    "voicemail": ("voicemail", "", ""),
    "wrong number": ("wrong_number", "", ""),
    "other keys": ("hung_up_early", "", ""),
    "refuses consent": ("consent_refused", "", ""),
    "unclear on consent": ("hung_up_early", "", ""),
    "against assessment": ("completed", "", "t1 answered, t2 answered, t3 answered"),
    "hangs up": ("hung_up_early", "", "t1 answered"),
    "hangs up after an answer": ("hung_up_early", "", "t1 answered, t2 answered"),
    "wishes to stop": ("hung_up_early", "", "t1 answered"),
    "busy": ("busy", "", ""),
    "no answer": ("no_answer", "", ""),
    "declined": ("declined", "", ""),
    "no such number": ("wrong_number", "", ""),
    "noise": ("completed", "", "t1 answered, t2 answered, t3 silent"),
    "a fault once": ("completed", "", "t1 answered, t2 answered, t3 answered"),
    "a fault for ever": ("failed", "provider", "t1 answered"),
    "endless talker": ("completed", "", "t1 answered, t2 answered, t3 answered"),
    "endless hum": ("completed", "", "t1 silent, t2 answered, t3 answered"),
    "stopped by us": ("stopped", "", "t1 answered"),
    "stopped at the question of consent": ("stopped", "", ""),
    "stopped while it rings": ("stopped", "", ""),
    "stopped as it connects": ("stopped", "", ""),
    "stopped at the greeting": ("stopped", "", ""),
    "call ceiling": ("failed", "ours", "t1 answered"),
    "network breaks": ("failed", "network", "t1 answered"),
    "resumed": ("completed", "", "t1 answered, t2 answered, t3 answered"),
    "nothing left to ask": ("completed", "", ""),
}


def came_to(state: CallState) -> tuple[str, str, str]:
    assert state.phase is Phase.OVER
    answers = ", ".join(f"{answer.turn_id} {answer.how}" for answer in state.answers)
    return str(state.outcome), str(state.fault), answers


def agreed(state: CallState) -> list[tuple[tuple[str, ...], bool]]:
    return [(agreement.purposes, agreement.agreed) for agreement in state.agreements]


def replayed(world: World) -> dict[int, Operation]:
    """What the finished call's facts want, one after the other."""
    states = (state for _, state in steps(world.facts))
    return {state.wanted.number: state.wanted for state in states if state.wanted}


def assert_holds_together(world: World) -> None:
    """No number was used twice, and the replay wants what was done on the line.

    A turn that was chosen only to learn whether everything was asked is wanted in the replay: the
    call was over by then.
    """
    assert world.contradictions == []
    done = {number: replayed(world).get(number) for number in world.operations}
    assert done == world.operations


def missed(world: World) -> set[str]:
    """Subjects of which the line told nothing (or only silence) more than once."""
    return {subject for subject, times in world.unheard.items() if times > 1}


def outcomes_allowed(world: World, usual: CallState) -> set[Outcome | None]:
    """What a call may come to when events that carried the news alone were lost."""
    allowed = {usual.outcome}
    if "greeting" in missed(world):  # nobody was heard: as on a machine
        allowed.add(Outcome.VOICEMAIL)
    if "consent" in missed(world):  # no answer is no refusal
        allowed.add(Outcome.HUNG_UP_EARLY)
    if "CreateCallFailed" in world.lost:  # why is not known any more
        allowed.add(Outcome.FAILED)
    if "CallDisconnected" in world.lost:  # that the network ended it is not known
        allowed.add(Outcome.HUNG_UP_EARLY)
    if missed(world) & {turn.turn_id for turn in world.script.turns}:  # where it would have ended
        allowed.add(Outcome.COMPLETED)
    return allowed


def assert_lost_only_what_was_lost(world: World, state: CallState, usual: CallState) -> None:
    if not missed(world) and not {"CreateCallFailed", "CallDisconnected"} & set(world.lost):
        assert came_to(state) == came_to(usual)
        assert agreed(state) == agreed(usual)
        return
    assert state.outcome in outcomes_allowed(world, usual)
    before = {answer.turn_id: answer.how for answer in usual.answers}
    for answer in state.answers:
        as_usual = before.get(answer.turn_id, answer.how)
        assert answer.how in (
            {as_usual, "silent"} if answer.turn_id in missed(world) else {as_usual}
        )
    for purposes, is_agreed in agreed(state):
        assert (purposes, is_agreed) in agreed(usual) or "assessment" in missed(world)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_call_comes_to_what_the_candidate_does(name: str) -> None:
    world = World(SCRIPTS[name])
    assert came_to(world.run()) == COMES_TO[name]
    assert_holds_together(world)


def check_permutations(name: str, times: int) -> None:
    world = World(SCRIPTS[name])
    state = world.run()
    chance = random.Random(name)
    for _ in range(times):
        facts = [*world.facts, *chance.choices(world.facts, k=len(world.facts) // 2)]
        chance.shuffle(facts)
        assert fold(facts) == state


def check_weather(name: str, weather: Weather, seeds: range) -> None:
    usual = World(SCRIPTS[name]).run()
    for seed in seeds:
        world = World(SCRIPTS[name], seed=seed, weather=weather)
        state = world.run()
        assert state.phase is Phase.OVER
        assert_holds_together(world)
        if weather.lost:
            assert_lost_only_what_was_lost(world, state, usual)
        else:
            assert came_to(state) == came_to(usual)
            assert agreed(state) == agreed(usual)
            if name != "endless talker":  # how much of it fits into the time depends on the time
                assert [one.text for one in state.answers] == [one.text for one in usual.answers]


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_order_of_the_same_facts_is_the_same_state(name: str) -> None:
    check_permutations(name, 20)


@pytest.mark.parametrize("name", SCRIPTS)
def test_doubled_and_reordered_events_change_nothing(name: str) -> None:
    check_weather(name, REORDERED, range(3))


@pytest.mark.parametrize("name", SCRIPTS)
def test_lost_events_cost_only_their_own_news(name: str) -> None:
    check_weather(name, LOSSY, range(4))


@pytest.mark.parametrize("name", SCRIPTS)
def test_events_that_are_too_late_leave_a_call_that_ends_and_holds_together(name: str) -> None:
    world = World(SCRIPTS[name], seed=1, weather=VERY_LATE)
    assert world.run().phase is Phase.OVER
    assert_holds_together(world)


@pytest.mark.slow
@pytest.mark.parametrize("name", SCRIPTS)
def test_every_order_of_the_same_facts_is_the_same_state_200_times(name: str) -> None:
    check_permutations(name, 200)


@pytest.mark.slow
@pytest.mark.parametrize("name", SCRIPTS)
def test_bad_deliveries_200_times(name: str) -> None:
    check_weather(name, REORDERED, range(200))
    check_weather(name, LOSSY, range(200))
