"""manage.py retention: what would go and why, and making it go."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from interviews.models import Interview
from interviews.states import Channel
from recordings.models import Recording
from tests.people import People
from tests.recordings.rows import make_recording
from tests.rows import make_interview


@pytest.fixture
def rows(people: People) -> list[Recording]:
    """One that is due, one that is held, one that is young."""
    due, held = (make_interview(people.home, channel=Channel.UPLOAD) for _ in range(2))
    Interview.objects.filter(pk=held.pk).update(legal_hold=True)
    old = timezone.now() - timedelta(days=31)
    return [
        make_recording(due, stored_at=old),
        make_recording(held, stored_at=old),
        make_recording(due),
    ]


def run(*options: str) -> str:
    out = StringIO()
    call_command("retention", *options, stdout=out)
    return out.getvalue()


def states(rows: list[Recording]) -> list[str]:
    return [Recording.objects.get(pk=row.pk).status for row in rows]


def test_dry_run_lists_what_would_go_and_why_and_changes_nothing(rows: list[Recording]):
    header, *lines, summary = run("--dry-run").splitlines()
    due, held, _ = rows
    moment = f"{due.stored_at:%Y-%m-%d %H:%M}"
    assert header.split("\t") == [
        "organisation",
        "interview",
        "recording",
        "stored at",
        "kept for",
        "what happens",
    ]
    assert sorted(lines) == sorted(
        f"Demo Ltd\t{row.interview_id}\t{row.pk}\t{moment}\t30 days\t{fate}"
        for row, fate in [(due, "deleted"), (held, "held")]
    )
    assert summary == "1 would be deleted, 1 are held. Nothing was changed."
    assert states(rows) == ["stored", "stored", "stored"]


def test_dry_run_with_nothing_due_says_so(people: People):
    assert run("--dry-run") == "0 would be deleted, 0 are held. Nothing was changed.\n"


def test_run_deletes_what_is_due_and_keeps_what_is_held(rows: list[Recording]):
    assert run() == "1 deleted, 1 are held, 0 wait for the next sweep.\n"
    assert states(rows) == ["deleted", "stored", "stored"]


def test_list_never_names_the_candidate(rows: list[Recording]):
    candidate = rows[0].interview.candidate
    told = run("--dry-run")
    assert [word for word in (candidate.name, candidate.email) if word in told] == []


def test_file_that_cannot_be_deleted_waits_for_the_next_sweep(rows: list[Recording]):
    Recording.objects.filter(pk=rows[0].pk).update(storage_name="../poison")
    assert run() == "0 deleted, 1 are held, 1 wait for the next sweep.\n"
