"""A process of its own with telemetry: a request, the work it causes, and what may not leave."""

import logging

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from talenti.telemetry import recorder, starting  # noqa: E402
from talenti.work.actors import perform  # noqa: E402
from talenti.work.models import WorkItem  # noqa: E402
from tests.people import client_for, make_people  # noqa: E402
from tests.talenti.telemetry.planted import PLANTED, SAID  # noqa: E402

logger = logging.getLogger("talenti.speaker")


def fail() -> None:
    """Raise an exception that quotes somebody."""
    raise ValueError(SAID[0])


def speak() -> None:
    """Do it all."""
    call_command("migrate", verbosity=0)
    people = make_people()
    starting.start(watching=True)
    address = f"/api/v1/organisations/{people.home.pk}/members"
    body = {
        "email": "planted.nina@candidate.example",
        "role": "viewer",
        "full_name": "Nina Planted",
    }
    status = client_for(people.olive).post(address, body, HTTP_HOST="localhost").status_code
    assert status == 201, status
    item = WorkItem.objects.get()
    perform(item.kind, item.pk)
    with recorder.span("planting") as span:
        for number, (text, _) in enumerate(PLANTED):
            logger.warning("line %d: %s", number, text)
            span.note({f"planted.{number}": text, "client.address": "203.0.113.77"})
        try:
            fail()
        except ValueError:
            logger.exception("work failed", extra={"custom_dimensions": {"name": SAID[1]}})
    try:
        with recorder.span("failing"):
            fail()
    except ValueError:
        logger.warning("over")
    recorder.count(recorder.INTERVIEWS_COMPLETED, channel="browser")
    recorder.measure(recorder.SCORING_DURATION_MS, 1250, engine="offline")
    starting.stop()


if __name__ == "__main__":
    speak()
