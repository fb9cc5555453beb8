"""What the measured worker loads: an empty unit and a scoring, as plain and as durable actors."""

import ctypes
import os
import signal
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talenti.settings")
django.setup()

import dramatiq  # noqa: E402 - the broker exists once Django is set up

from talenti.azure.openai import Form, Limits, complete  # noqa: E402
from talenti.history import SYSTEM, record  # noqa: E402
from talenti.models import Organisation  # noqa: E402
from talenti.work.actors import durable  # noqa: E402
from talenti.work.claims import Claim  # noqa: E402
from talenti.work.models import WorkItem  # noqa: E402
from talenti.work.queue import enqueue  # noqa: E402
from tests.bench.kinds import DURABLE, PLAIN, PLAIN_SCORING, SCORING  # noqa: E402

PR_SET_PDEATHSIG = 1
FORM = Form(
    "judgement",
    {
        "type": "object",
        "additionalProperties": False,
        "required": ["level", "rationale"],
        "properties": {"level": {"type": "string"}, "rationale": {"type": "string"}},
    },
)
QUESTION = (
    {"role": "system", "content": "Judge by the anchors. " * 60},
    {"role": "user", "content": "I checked the log and called the customer. " * 60},
)
LIMITS = Limits(seconds=30, max_tokens=400)
_journal = os.open(
    Path(os.environ["DATA_DIR"]) / "journal", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600
)


def die_with_parent() -> None:
    """Let the kernel end this process with its parent, also after kill -9; Linux only."""
    if hasattr(ctypes.CDLL(None), "prctl"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() == 1:
        sys.exit("the parent died before this process could hear of it")


die_with_parent()  # Dramatiq's master dies with the benchmark, and its children load this file


def note(unit: object) -> None:
    """Write down that a unit began (a scoring: that it ended); short appends do not mix."""
    os.write(_journal, f"{unit} {time.time():.6f}\n".encode())


@dramatiq.actor(actor_name=PLAIN, max_retries=0)
def plain(unit: str) -> None:
    """Do nothing."""
    note(uuid.UUID(unit))


@durable(DURABLE)
def nothing(claim: Claim) -> None:
    """Do nothing, with a claim, a fence and a result that is stored."""
    note(claim.subject_id)


@dramatiq.actor(actor_name=PLAIN_SCORING, max_retries=0, time_limit=float("inf"))
def plain_score(unit: str) -> None:
    """Ask the model with the real SDK and forget the answer."""
    complete(QUESTION, FORM, LIMITS)
    note(uuid.UUID(unit))


PLAIN_ACTORS: "dict[str, dramatiq.Actor[Any, Any]]" = {PLAIN: plain, PLAIN_SCORING: plain_score}


@durable(SCORING, lease_seconds=180)
def score(claim: Claim) -> None:
    """Read a row, ask the model with the real SDK and store a row."""
    item = WorkItem.objects.get(pk=claim.item_id)
    answer = complete(QUESTION, FORM, LIMITS)
    with claim.finish():
        record(item, "result", SYSTEM, root_id=claim.subject_id, reason=answer.finish)
    note(claim.subject_id)


def queueing(kind: str) -> Callable[[uuid.UUID], object]:
    """Return what queues a unit: plain ones as a message, durable ones for the organisation."""
    if kind in PLAIN_ACTORS:
        return lambda unit: PLAIN_ACTORS[kind].send(str(unit))
    home, _ = Organisation.objects.get_or_create(name="Benchmark")
    return lambda unit: enqueue(kind, organisation_id=home.pk, subject_id=unit)
