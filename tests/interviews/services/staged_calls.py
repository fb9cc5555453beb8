"""Calls brought to a point by facts, and a line that does what a test tells it to."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from interviews.callroom.protocol import Ask, Dial, Line, RecordOrder
from interviews.calls.facts import Fact, FactKind
from interviews.models import Call
from interviews.services.call_placing import plan_of
from interviews.services.call_steps import note_fact, state_of
from interviews.states import CallStatus
from talenti.models import Organisation
from talenti.work.actors import perform
from talenti.work.models import WorkItem
from tests.interviews.call_rows import make_call, make_phone_interview, tell

K = FactKind
PATH = "tests.interviews.services.staged_calls.StagedRoom"


class StagedRoom:
    """A line that answers what `faults` holds (None: fine), and notes what reached it."""

    name = "staged"
    label = "A line in a test."
    faults: list[Exception | None] = []
    asked: list[str] = []

    def check(self) -> list[str]:
        return []

    def speaks(self, language: str) -> bool:
        return True

    def place(self, dial: Dial) -> Line:
        self._note("place")
        return Line(f"line-{dial.call_id}", "server", dial.number)

    def ask(self, line: Line, ask: Ask) -> None:
        self._note(f"ask {ask.context}")

    def say(self, line: Line, text: str, *, language: str, context: str) -> None:
        self._note(f"say {context}")

    def cancel_media(self, line: Line) -> None:
        self.asked.append("cancel")

    def start_recording(self, line: Line, order: RecordOrder) -> str:
        self._note("record")
        return "recording"

    def hang_up(self, line: Line) -> None:
        self._note("hang_up")

    def is_alive(self, line: Line) -> bool:
        self._note("is_alive")
        return True

    def delete_copy(self, location: str) -> None:
        self._note("delete")

    def _note(self, what: str) -> None:
        fault = self.faults.pop(0) if self.faults else None
        self.asked.append(what)
        if fault is not None:
            raise fault


def staged(settings: Any) -> Iterator[type[StagedRoom]]:
    """Let calls be made on this line while a test runs."""
    settings.ENGINES = settings.ENGINES | {"callroom": PATH}
    StagedRoom.faults, StagedRoom.asked = [], []
    yield StagedRoom


def picked_up(organisation: Organisation) -> Call:
    """Return a call that was answered; the greeting is wanted."""
    call = make_call(make_phone_interview(organisation), CallStatus.CONNECTED)
    now = timezone.now()
    Call.objects.filter(pk=call.pk).update(first_sent_at=now, connected_at=now)
    call.refresh_from_db()
    tell(call, [Fact(K.PLANNED, now, data=plan_of(call).as_data())])
    happens(call, K.CONNECTED, op=0)
    return call


def happens(call: Call, kind: FactKind, *, op: int | None = None, **values: Any) -> None:
    """Let this come true, of the running operation, and go on."""
    state = state_of(call)
    number = (state.wanted.number if state.wanted else state.op) if op is None else op
    note_fact(call.pk, Fact(kind, timezone.now(), op=number, **values), f"told-{call.entries}")
    call.refresh_from_db()


def recording_begins(call: Call) -> None:
    """Agree to everything and let the recording begin; the first turn is wanted."""
    for key in ("1", "1", "1"):
        happens(call, K.HEARD, tone=key)
    started = {"started_at": timezone.now().isoformat(), "recording_id": "r"}
    happens(call, K.RECORDING_ON, op=0, data=started)


def do_one(kind: str, subject_id: Any = None) -> None:
    """Do the one open work item of a kind now."""
    items = WorkItem.objects.open().filter(kind=kind)
    item = items.get(subject_id=subject_id) if subject_id else items.get()
    WorkItem.objects.filter(pk=item.pk).update(next_run_at=timezone.now())
    perform(kind, item.pk)


def told(call: Call) -> list[str]:
    """Return the types of the ledger's entries."""
    return list(call.ledger.order_by("position").values_list("type", flat=True))
