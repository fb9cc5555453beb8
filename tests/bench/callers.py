"""Plans calls in a process of its own: python -m tests.bench.callers QUESTIONS.

The first line of its input is a set of keys that events are signed with; each further line is a
number of calls to be made at once, answered by the same number.
"""

import sys

import django

django.setup()

from django.conf import settings  # noqa: E402 - the models exist once Django is set up
from django.utils import timezone  # noqa: E402

from interviews.models import Job  # noqa: E402
from interviews.services.call_planning import plan_call  # noqa: E402
from interviews.states import Channel  # noqa: E402
from talenti.history import CANDIDATE  # noqa: E402
from talenti.ids import new_id  # noqa: E402
from talenti.models import Organisation, SigningKeys  # noqa: E402
from talenti.roles import Role  # noqa: E402
from talenti.webhooks.jwks import read_keys  # noqa: E402
from tests.interviews.call_rows import make_callable  # noqa: E402
from tests.people import make_user  # noqa: E402
from tests.rows import make_body, make_guide, make_interview, make_job, make_question  # noqa: E402


def believe(keys: str) -> None:
    """Let these be the keys of Communication Services, as if read just now."""
    values = {"keys": read_keys(keys.encode()), "fetched_at": timezone.now()}
    SigningKeys.objects.update_or_create(address=settings.ACS_KEYS_ADDRESS, defaults=values)


def prepare(questions: int) -> Job:
    """Return a job whose guide has so many questions."""
    home = Organisation.objects.create(name="Benchmark")
    make_user(f"bench-{new_id().hex}", organisation=home, role=Role.OWNER)
    asked = [
        make_question("ownership" if place % 2 else "teamwork", f"What did you do in year {place}?")
        for place in range(questions)
    ]
    job = make_job(home)
    make_guide(job, body=make_body(questions=tuple(asked)))
    return job


def call_somebody(job: Job) -> None:
    """Plan a call of a new candidate, to be made at once."""
    candidate = make_callable(job.organisation, f"Candidate {new_id().hex}")
    interview = make_interview(
        job.organisation, job=job, candidate=candidate, channel=Channel.PHONE
    )
    plan_call(interview, CANDIDATE, by_candidate=True)


def main(questions: int) -> None:
    """Plan as many as are asked for until the input ends."""
    believe(sys.stdin.readline())
    job = prepare(questions)
    print("ready", flush=True)  # noqa: T201
    for line in sys.stdin:
        for _ in range(int(line)):
            call_somebody(job)


if __name__ == "__main__":
    main(int(sys.argv[1]))
