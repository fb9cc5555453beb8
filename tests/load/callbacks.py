"""Calls for tests/load/locustfile.py to send events of, in the installation of this environment.

    python -m tests.load.callbacks 200 > calls.json
    LOAD_CALLS=calls.json make load LOAD_USERS=50

It runs with the variables of the server (DATA_DIR or DATABASE_URL, those of the phone), never in
staging or prod: the key that it signs with takes the place of Communication Services' own, and
the server believes it for an hour. The calls are over, so their events are kept and read, and
nothing is done on a line.
"""

import json
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talenti.settings")
django.setup()

from django.conf import settings  # noqa: E402

from interviews.calls.facts import Fact, FactKind  # noqa: E402
from interviews.calls.plan import Plan  # noqa: E402
from interviews.models import Job  # noqa: E402
from interviews.services.call_addresses import callback_url  # noqa: E402
from interviews.states import CallStatus, Channel  # noqa: E402
from talenti.ids import new_id  # noqa: E402
from talenti.models import Organisation  # noqa: E402
from talenti.roles import Role  # noqa: E402
from tests.interviews.call_rows import START, make_call, make_callable, tell  # noqa: E402
from tests.people import make_user  # noqa: E402
from tests.rows import make_guide, make_interview, make_job  # noqa: E402
from tests.talenti.webhooks.issuer import know, make_signer  # noqa: E402

HOUR = 3600


def take_over_keys() -> str:
    """Let a key of ours be the known one; returns a token of it."""
    audience = settings.AZURE_ACS_RESOURCE_ID
    signer = make_signer(issuer=settings.ACS_EVENT_ISSUER, audience=audience, kid="load")
    know(settings.ACS_KEYS_ADDRESS, signer)
    return signer.token(exp=int(time.time()) + HOUR)


def make_own_job() -> Job:
    """Return a job of an organisation of its own."""
    name = new_id().hex
    organisation = Organisation.objects.create(name=f"Load {name}")
    make_user(f"load-{name}", organisation=organisation, role=Role.OWNER)
    job = make_job(organisation)
    make_guide(job)
    return job


def make_ended_call(job: Job, place: int) -> str:
    """Make a call that nobody answered; returns where its events go."""
    candidate = make_callable(job.organisation, f"Load {place}")
    interview = make_interview(
        job.organisation, job=job, candidate=candidate, channel=Channel.PHONE
    )
    call = make_call(interview, CallStatus.ENDED, outcome="no_answer", connected_at=None)
    plan = Plan("en-US", job.organisation.name, job.title, "", "2026-11-23")
    planned = Fact(FactKind.PLANNED, START, data=plan.as_data())
    tell(call, [planned, Fact(FactKind.DIAL_REFUSED, START, code="560480")])
    return callback_url(call).removeprefix(settings.PUBLIC_URL)


def main(wanted: int) -> None:
    """Write the token and the addresses as JSON."""
    if settings.DEPLOYED or not settings.AZURE_ACS_RESOURCE_ID:
        raise SystemExit("Set AZURE_ACS_RESOURCE_ID, on your own machine.")
    job = make_own_job()
    paths = [make_ended_call(job, place) for place in range(wanted)]
    json.dump({"token": take_over_keys(), "paths": paths}, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
