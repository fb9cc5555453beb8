"""What the measured worker loads: the same empty unit as a plain actor and as a durable one."""

import os
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talenti.settings")
django.setup()

import dramatiq  # noqa: E402 - the broker exists once Django is set up

from talenti.models import Organisation  # noqa: E402
from talenti.work.actors import durable  # noqa: E402
from talenti.work.claims import Claim  # noqa: E402
from talenti.work.queue import enqueue  # noqa: E402

PLAIN, DURABLE = "bench.plain", "bench.durable"
_journal = os.open(
    Path(os.environ["DATA_DIR"]) / "journal", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600
)


def note(unit: object) -> None:
    """Write down that a unit began; short appends do not mix."""
    os.write(_journal, f"{unit} {time.time():.6f}\n".encode())


@dramatiq.actor(actor_name=PLAIN, max_retries=0)
def plain(unit: str) -> None:
    """Do nothing."""
    note(uuid.UUID(unit))


@durable(DURABLE)
def nothing(claim: Claim) -> None:
    """Do nothing, with a claim, a fence and a result that is stored."""
    note(claim.subject_id)


def queue_plain(unit: uuid.UUID) -> None:
    """Send a message and nothing else."""
    plain.send(str(unit))


def queue_durable(kind: str) -> Callable[[uuid.UUID], None]:
    """Return what queues durable work of a kind for the one organisation there is."""
    home, _ = Organisation.objects.get_or_create(name="Benchmark")
    return lambda unit: enqueue(kind, organisation_id=home.pk, subject_id=unit)
