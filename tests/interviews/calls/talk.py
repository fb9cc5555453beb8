"""Tells the machine one fact after the other."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from interviews.calls.facts import Fact, FactKind
from interviews.calls.machine import fold
from interviews.calls.plan import Plan, PlannedTurn
from interviews.calls.state import CallState, Operation

K = FactKind
START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PLAN = Plan("en", "Acme", "Nurse", "", "phone-2026-11-24")
TURN = PlannedTurn("t1", 1, "question", "What did you do?", 60)
AGREED = ("recording", "transcription")


class Talk:
    """Facts as they come, five seconds apart; each is about the operation that is running."""

    def __init__(self, plan: Plan = PLAN) -> None:
        self.at = START
        self.facts: list[Fact] = []
        self.add(K.PLANNED, 0, data=plan.as_data())

    def add(self, kind: FactKind, op: int | None = None, **values: Any) -> CallState:
        number = (self.state.wanted or self.state).number if op is None else op  # type: ignore[union-attr]
        self.at += timedelta(seconds=values.pop("after", 5))
        self.facts.append(Fact(kind, self.at, number, **values))
        return self.state

    @property
    def state(self) -> CallState:
        return fold(self.facts)

    @property
    def wanted(self) -> Operation:
        return cast(Operation, self.state.wanted)

    def key(self, tone: str) -> CallState:
        return self.add(K.HEARD, tone=tone)

    def words(self, words: str, **values: Any) -> CallState:
        return self.add(K.HEARD, words=words, **values)

    def silence(self) -> CallState:
        return self.add(K.NOT_HEARD, code="8510")

    def turn(self, turn: PlannedTurn = TURN) -> CallState:
        return self.add(K.TURN, self.state.op, data=turn.as_data())

    def records(self) -> CallState:
        started_at = self.at.isoformat()
        return self.add(K.RECORDING_ON, 0, data={"recording_id": "r", "started_at": started_at})


def greeted(plan: Plan = PLAN) -> Talk:
    talk = Talk(plan)
    talk.add(K.CONNECTED, 0)
    return talk


def asked_for_consent() -> Talk:
    talk = greeted()
    talk.key("1")
    return talk


def recording() -> Talk:
    talk = asked_for_consent()
    talk.key("1")
    talk.key("2")
    return talk


def asked(turn: PlannedTurn = TURN, plan: Plan = PLAN) -> Talk:
    talk = greeted(replace(plan, agreed=AGREED))
    talk.key("1")
    talk.records()
    talk.turn(turn)
    return talk


def answer(talk: Talk) -> tuple[str, str]:
    (found,) = talk.state.answers
    return found.how, found.text
