"""A worker that dies by kill -9 at a named point of its work: python -m ...killed_worker.

It loads the product once. For each line of its input, a point's name, a fork of it does the calls'
work until it reaches that point; then a line tells how the fork ended (-9), or 0 for one that never
came there.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import django

django.setup()

import requests  # noqa: E402 - Django first: the product's modules need its settings

from interviews import tasks  # noqa: E402
from interviews.calls.state import OpKind  # noqa: E402
from interviews.models import CallOperation  # noqa: E402
from interviews.services import call_performing, call_placing  # noqa: E402
from interviews.services.call_planning import PLACE_CALL  # noqa: E402
from interviews.services.call_steps import PERFORM  # noqa: E402
from talenti.work.claims import Claim  # noqa: E402
from tests.work import do_work  # noqa: E402

PATIENCE_SECONDS = 40.0
PAUSE_SECONDS = 0.02
Condition = Callable[..., bool]
PLACING, RECORDING = "/calling/callConnections", "/calling/recordings"


def die() -> None:
    """End as a machine does that loses its power."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_before(owner: Any, name: str, when: Condition = lambda *_, **__: True) -> None:
    """Die where this would be called."""
    original = getattr(owner, name)

    def replacement(*arguments: Any, **named: Any) -> Any:
        if when(*arguments, **named):
            die()
        return original(*arguments, **named)

    setattr(owner, name, replacement)


def die_after(owner: Any, name: str, when: Condition) -> None:
    """Die where this has been done, before anybody hears of it."""
    original = getattr(owner, name)

    def replacement(*arguments: Any, **named: Any) -> Any:
        result = original(*arguments, **named)
        if when(*arguments, **named):
            die()
        return result

    setattr(owner, name, replacement)


def die_in_finish(is_meant: Callable[[Claim], bool], *, committed: bool) -> None:
    """Die when everything is written: before the transaction is committed, or right after it."""
    original = Claim.finish

    @contextmanager
    def finish(claim: Claim) -> Iterator[None]:
        with original(claim):
            yield
            if is_meant(claim) and not committed:
                die()
        if is_meant(claim):
            die()

    Claim.finish = finish  # type: ignore[method-assign]


def goes_to(path: str) -> Condition:
    """Return whether a request is for this path."""
    return lambda _session, request, **_: urlsplit(request.url).path == path


def is_placing(claim: Claim) -> bool:
    return claim.kind == PLACE_CALL


def is_recording(claim: Claim) -> bool:
    """Return whether this work begins a recording."""
    mine = CallOperation.objects.filter(pk=claim.subject_id, kind=OpKind.RECORD)
    return claim.kind == PERFORM and mine.exists()


def leads_to_recording(steps: list[Any]) -> bool:
    """Return whether a recording is to begin at once."""
    ids = [step.subject_id for step in steps]
    return CallOperation.objects.filter(pk__in=ids, kind=OpKind.RECORD).exists()


POINTS: dict[str, Callable[[], None]] = {
    "place: nothing is claimed": lambda: die_before(call_placing, "_claim_dialling"),
    "place: nothing has left": lambda: die_before(requests.Session, "send", goes_to(PLACING)),
    "place: it rings": lambda: die_after(requests.Session, "send", goes_to(PLACING)),
    "place: uncommitted": lambda: die_in_finish(is_placing, committed=False),
    "place: committed": lambda: die_in_finish(is_placing, committed=True),
    "record: queued": lambda: die_before(tasks, "_take", leads_to_recording),
    "record: nothing is noted": lambda: die_before(
        call_performing, "_note_sending", lambda operation: operation.kind == OpKind.RECORD
    ),
    "record: nothing has left": lambda: die_before(requests.Session, "send", goes_to(RECORDING)),
    "record: it records": lambda: die_after(requests.Session, "send", goes_to(RECORDING)),
    "record: uncommitted": lambda: die_in_finish(is_recording, committed=False),
    "record: committed": lambda: die_in_finish(is_recording, committed=True),
}


def work_until_killed(point: str) -> None:
    """Do what is due, again and again."""
    POINTS[point]()
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        do_work(kinds=tasks.CALL_KINDS)
        time.sleep(PAUSE_SECONDS)


def fork(point: str) -> int:
    """Return how a process ended that worked until this point."""
    child = os.fork()
    if not child:
        work_until_killed(point)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    print("ready", flush=True)  # noqa: T201
    for line in sys.stdin:
        print(fork(line.strip()), flush=True)  # noqa: T201
