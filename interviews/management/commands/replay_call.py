"""`manage.py replay_call ID`: shows a call again, step by step, from its ledger alone."""

import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from interviews.calls.codes import explain
from interviews.calls.facts import Fact
from interviews.calls.machine import steps
from interviews.calls.state import CallState
from interviews.models import Call
from interviews.services.call_intake import is_unbroken
from interviews.services.call_steps import events_of


class Command(BaseCommand):
    """Reads only. Ends with 1 when the ledger is broken or tells another end than the row."""

    help = "Rebuild a call from its ledger and show each step."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the call's id."""
        parser.add_argument("call", type=uuid.UUID)
        parser.add_argument("--words", action="store_true", help="show what was said as well")

    def handle(self, *, call: uuid.UUID, words: bool, **_: Any) -> None:
        """Print the steps and the verdict."""
        row = Call.objects.filter(pk=call).first()
        if row is None:
            raise CommandError("There is no such call.")
        if row.forgotten_at:
            raise CommandError("What was said in this call has been deleted in its time.")
        facts = [event.fact for event in events_of(row)]
        if not facts:
            raise CommandError("This call was never dialled.")
        state = None
        for number, (fact, state) in enumerate(steps(facts), start=1):
            self.stdout.write(_line(number, fact, state, words=words))
        self._judge(row, state)

    def _judge(self, row: Call, state: CallState | None) -> None:
        if not is_unbroken(row):
            raise CommandError("The ledger is not as it was written.")
        self.stdout.write(f"The ledger is unbroken: {row.entries} entries, head {row.head[:16]}.")
        told = state.outcome.value if state and state.outcome else ""
        if row.outcome and told != row.outcome:
            raise CommandError(f"The ledger tells {told}, the row {row.outcome}.")
        self.stdout.write(f"Outcome: {row.outcome_in_words or 'not over yet'}.")


def _line(number: int, fact: Fact, state: CallState, *, words: bool) -> str:
    told = [fact.kind.value.replace("_", " ")]
    if fact.op:
        told.append(f"of operation {fact.op}")
    if fact.code:
        told.append(f"({fact.code}: {explain(fact.code)})")
    if fact.tone:
        told.append(f"key {fact.tone}")
    if fact.words:
        told.append(f"“{fact.words}”" if words else f"{len(fact.words.split())} words")
    wanted = state.wanted
    then = f"{wanted.number} {wanted.about or wanted.kind.value}" if wanted else "nothing"
    if state.wants_turn:
        then = "the next question"
    return f"{number:>4}  {fact.at:%H:%M:%S}  {' '.join(told)} -> {state.phase.value}; wants {then}"
