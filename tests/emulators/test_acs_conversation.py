"""Whole conversations: the machine decides, the real SDK asks, the emulated candidate answers."""

import io
import wave
from array import array
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from interviews.callroom.azure import AzureCallroom
from interviews.callroom.protocol import Ask, Dial, Line, RecordOrder, Repeatability
from interviews.callroom.simulated.scripts import script_named
from interviews.calls.facts import Fact, FactKind
from interviews.calls.machine import fold
from interviews.calls.plan import Plan, PlannedTurn
from interviews.calls.state import CallState, Operation, OpKind, Outcome, Phase
from tests.emulators.acs_callee import Scripted
from tests.emulators.acs_delivery import Mischief
from tests.emulators.acs_played import Played

PLAN = Plan("de", "Elbe Werke", "Elektriker", "", "1")
TURNS = [
    PlannedTurn("t1", 1, "question", "Welche Störung haben Sie gefunden?", 120),
    PlannedTurn("t2", 2, "question", "Wie haben Sie sie behoben?", 120),
]
MOST_STEPS = 60


class Conversation:
    """One call, driven as the services drive it, without a database."""

    def __init__(self, server, doors, plan: Plan = PLAN) -> None:
        self.server, self.doors, self.plan = server, doors, plan
        self.room = AzureCallroom()
        self.turns = iter(TURNS)
        self.own = [Fact(FactKind.PLANNED, datetime.now(UTC), data=plan.as_data())]
        self.performed: list[int] = []
        repeat = Repeatability(str(uuid4()), datetime.now(UTC))
        self.line = self.room.place(
            Dial("c", "o", "+4930901820", f"{doors.url}/acs", "call", repeat)
        )

    def hold(self) -> CallState:
        """Go on until it is over."""
        for _ in range(MOST_STEPS):
            assert self.server.postman.settle()
            state = fold([*self.own, *self.doors.facts()])
            if state.phase is Phase.OVER:
                return state
            self._go_on(state)
        raise AssertionError(f"it does not end: {state}")

    def _go_on(self, state: CallState) -> None:
        if state.wants_turn:
            turn = next(self.turns, None)
            kind = FactKind.TURN if turn else FactKind.NO_MORE_TURNS
            data = turn.as_data() if turn else {}
            self.own.append(Fact(kind, datetime.now(UTC), op=state.op, data=data))
            return
        wanted = state.wanted
        assert wanted is not None, state
        assert wanted.number not in self.performed, state
        self.performed.append(wanted.number)
        perform(self.room, self.line, wanted, self.plan.language, f"{self.doors.url}/acs")


def perform(
    room: AzureCallroom, line: Line, wanted: Operation, language: str, callback: str
) -> None:
    context = f"op-{wanted.number}"
    if wanted.interrupts:
        room.cancel_media(line)
    if wanted.kind is OpKind.ASK:
        silences = wanted.initial_silence_seconds, wanted.end_silence_seconds
        room.ask(line, Ask(context, wanted.text, language, wanted.listens, *silences))
    elif wanted.kind is OpKind.SAY:
        room.say(line, wanted.text, language=language, context=context)
    elif wanted.kind is OpKind.RECORD:
        repeat = Repeatability(str(uuid4()), datetime.now(UTC))
        room.start_recording(line, RecordOrder("o/c", callback, repeat))
    else:
        room.hang_up(line)


ANSWERS = ["Ein Schütz war verklebt.", "", "Ich habe es getauscht.", ""]


@pytest.mark.parametrize("consent", ["1", "Ja."])
def test_candidate_who_agrees_is_asked_everything(azure_acs, acs_doors, consent):
    callee = Scripted(says=["1", consent, consent, *ANSWERS])
    azure_acs.exchange.callee = lambda _: callee
    state = Conversation(azure_acs, acs_doors).hold()
    assert (state.outcome, state.all_asked) == (Outcome.COMPLETED, True)
    assert [(answer.how, answer.text) for answer in state.answers] == [
        ("answered", "Ein Schütz war verklebt."),
        ("answered", "Ich habe es getauscht."),
    ]
    assert "Elbe Werke" in callee.heard[0]
    (call,) = azure_acs.exchange.calls.values()
    assert [recording.id for recording in call.recordings] == [state.recording_id]


ENDINGS = {
    "nobody there": (Scripted(says=[]), Outcome.VOICEMAIL),
    "wrong number": (Scripted(says=["9"]), Outcome.WRONG_NUMBER),
    "refuses": (Scripted(says=["1", "2"]), Outcome.CONSENT_REFUSED),
    "hangs up": (Scripted(says=["1", "1", "1", "hang-up"]), Outcome.HUNG_UP_EARLY),
    "busy": (Scripted(ringing=(486, 560486)), Outcome.BUSY),
    "declined": (Scripted(ringing=(603, 560603)), Outcome.DECLINED),
    "does not answer": (Scripted(ringing=(480, 560480)), Outcome.NO_ANSWER),
}


@pytest.mark.parametrize(("callee", "outcome"), ENDINGS.values(), ids=ENDINGS.keys())
def test_every_other_ending_has_its_own_outcome(azure_acs, acs_doors, callee, outcome):
    azure_acs.exchange.callee = lambda _: deepcopy(callee)
    state = Conversation(azure_acs, acs_doors).hold()
    assert state.outcome is outcome
    recorded = [call.recordings for call in azure_acs.exchange.calls.values()]
    assert bool(recorded[0]) == (outcome is Outcome.HUNG_UP_EARLY)


@pytest.mark.parametrize("seed", range(3))
def test_doubled_and_late_events_change_nothing(azure_acs, acs_doors, seed):
    azure_acs.exchange.callee = lambda _: Scripted(says=["1", "1", "1", *ANSWERS])
    azure_acs.postman.misbehave(Mischief(seed, doubled=0.7, late=0.5, late_seconds=0.02))
    state = Conversation(azure_acs, acs_doors).hold()
    assert (state.outcome, len(state.answers)) == (Outcome.COMPLETED, 2)


PLAYED = {
    "cooperative": Outcome.COMPLETED,
    "asks_back": Outcome.COMPLETED,
    "silent_once": Outcome.COMPLETED,
    "noise": Outcome.COMPLETED,
    "no_assessment": Outcome.COMPLETED,
    "voicemail": Outcome.VOICEMAIL,
    "wrong_person": Outcome.WRONG_NUMBER,
    "refuses": Outcome.CONSENT_REFUSED,
    "hangs_up": Outcome.HUNG_UP_EARLY,
    "busy": Outcome.BUSY,
    "declines": Outcome.DECLINED,
    "no_answer": Outcome.NO_ANSWER,
    "unknown_number": Outcome.WRONG_NUMBER,
    "network_fault": Outcome.FAILED,
}


@pytest.mark.parametrize(("script", "outcome"), PLAYED.items())
def test_candidates_of_the_simulated_line_act_the_same_here(azure_acs, acs_doors, script, outcome):
    azure_acs.exchange.callee = lambda _: Played(script_named(script))
    state = Conversation(azure_acs, acs_doors, replace(PLAN, language="en")).hold()
    assert state.outcome is outcome


def test_recording_holds_what_both_sides_said_at_its_time(azure_acs, acs_doors):
    written: dict[str, bytes] = {}
    azure_acs.exchange.tapes.upload = written.__setitem__
    state = Conversation(azure_acs, acs_doors, replace(PLAN, language="en")).hold()
    azure_acs.postman.settle()
    (sound,) = (content for url, content in written.items() if url.endswith(".wav"))
    with wave.open(io.BytesIO(sound)) as file:
        lasts, both = file.getnframes() / file.getframerate(), array("h", file.readframes(10**9))
        rate = file.getframerate()
    asked, ended = (
        round((moment - state.recording_started_at).total_seconds() * rate)
        for moment in (state.answers[0].asked_at, state.answers[-1].ended_at)
    )
    candidate, ours = both[::2], both[1::2]
    assert len(candidate) == len(ours) == round(lasts * rate)
    assert min(max(candidate[asked:ended]), max(ours[asked:ended]), max(ours[ended:])) > 1000
    assert max(candidate[ended:]) == 0, "we say goodbye alone"
