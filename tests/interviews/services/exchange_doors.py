"""The emulated service and the product's own door, with a test between them.

What the emulator delivers over HTTP is held, and goes through the real door when a test says so.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from django.utils import timezone

from interviews.callroom.simulated.scripts import script_named
from interviews.models import Call, Interview
from interviews.services.call_planning import plan_call
from interviews.services.call_steps import WATCH
from interviews.tasks import CALL_KINDS
from talenti.history import CANDIDATE
from talenti.models import Organisation
from talenti.work.models import State, WorkItem
from tests.emulators.acs import AcsEmulator
from tests.emulators.acs_doors import Doors
from tests.interviews.call_rows import make_phone_interview
from tests.talenti.webhooks.issuer import know
from tests.work import do_work

MOST_ROUNDS = 400
LONG_AGO = timedelta(minutes=10)


@dataclass
class Line:
    """One installation, its line and the events on their way between them."""

    emulator: AcsEmulator
    doors: Doors
    delivered: int = 0
    unwanted: tuple[str, ...] = ()

    def call(self, organisation: Organisation, script: str = "cooperative") -> Call:
        """Plan a call of a script's candidate, to be made at once."""
        interview = make_phone_interview(organisation, phone=script_named(script).number)
        return self.call_again(interview)

    def call_again(self, interview: Interview) -> Call:
        """Plan another one."""
        return plan_call(interview, CANDIDATE, by_candidate=True)

    def deliver(self) -> int:
        """Let what has come so far through the door; returns how many deliveries it was."""
        waiting = self.doors.taken[self.delivered :]
        for path, headers, body in waiting:
            if any(name.encode() in body for name in self.unwanted):
                continue
            answer = Client().post(
                urlsplit(path).path,
                body,
                content_type=headers["content-type"],
                headers={"Authorization": headers["authorization"]},
            )
            assert answer.status_code == 200, answer.content
        self.delivered += len(waiting)
        return len(waiting)

    def go_on(self) -> None:
        """Deliver and work until nothing happens any more; nobody looks at a clock."""
        for _ in range(MOST_ROUNDS):
            assert self.emulator.postman.settle()
            self.deliver()
            without_waiting()
            if not do_work(kinds=CALL_KINDS) and self.is_quiet():
                return
        raise AssertionError("the call never comes to rest")

    def go_on_without(self, *names: str) -> None:
        """Go on, while events of these types are lost on their way."""
        self.unwanted = names
        self.go_on()
        self.unwanted = ()

    def is_quiet(self) -> bool:
        """Return whether nothing is on its way."""
        return self.emulator.postman.settle() and self.delivered == len(self.doors.taken)

    def placed(self, call: Call) -> int:
        """Return how often the number rang."""
        return self.emulator.exchange.placed(call.number)

    def recordings(self) -> list[str]:
        """Return the ids of everything that was ever recorded."""
        calls = self.emulator.exchange.calls.values()
        return [recording.id for call in calls for recording in call.recordings]


def without_waiting() -> None:
    """Let what was put off be done now; who looks at the clock goes on sleeping."""
    put_off = WorkItem.objects.filter(state=State.QUEUED, kind__in=CALL_KINDS).exclude(kind=WATCH)
    put_off.update(next_run_at=timezone.now())


def pass_time(call: Call) -> None:
    """Let whatever the call waits for be long over, and look at it."""
    long_ago = timezone.now() - LONG_AGO
    call.operations.filter(deadline_at__gt=long_ago).update(deadline_at=long_ago)
    Call.objects.filter(pk=call.pk, connected_at=None, first_sent_at__gt=long_ago).update(
        first_sent_at=long_ago
    )
    looks = WorkItem.objects.filter(state=State.QUEUED, kind=WATCH, subject_id=call.pk)
    looks.update(next_run_at=timezone.now())
    do_work(kinds=CALL_KINDS)


def open_line(emulator: AcsEmulator, doors: Doors, settings: Any) -> Line:
    """Make this installation one that calls by the emulator, and whose events come to the doors."""
    settings.ENGINES = settings.ENGINES | {"callroom": "azure"}
    settings.PUBLIC_URL = doors.url
    settings.ACS_KEYS_ADDRESS = emulator.keys_url
    know(emulator.keys_url, emulator.signer)
    return Line(emulator, doors, delivered=len(doors.taken))
