"""Shows which recordings are past their days, or deletes them now, before the next sweep."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from recordings.models import Recording
from recordings.services.retention import Expired, delete_expired, expired, finish_deletions
from recordings.states import RecordingStatus

HEADER = ("organisation", "interview", "recording", "stored at", "kept for", "what happens")
LONGEST_NAME = 30


class Command(BaseCommand):
    """`manage.py retention [--dry-run]`."""

    help = "Delete recordings that are older than their organisation keeps them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take `--dry-run`."""
        parser.add_argument(
            "--dry-run", action="store_true", help="Only list what would be deleted, and why."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """List, and unless asked not to, delete until nothing is due."""
        if options["dry_run"]:
            self._list()
        else:
            self._delete()

    def _list(self) -> None:
        counts = {True: 0, False: 0}
        for number, found in enumerate(expired(timezone.now())):
            if not number:
                self.stdout.write("\t".join(HEADER))
            counts[found.held] += 1
            self.stdout.write("\t".join(describe(found)))
        self.stdout.write(
            f"{counts[False]} would be deleted, {counts[True]} are held. Nothing was changed."
        )

    def _delete(self) -> None:
        now = timezone.now()
        finished = sum(until_none(lambda: finish_deletions(now)))
        deleted = sum(until_none(lambda: delete_expired(now)))
        held = sum(found.held for found in expired(now))
        left = Recording.objects.filter(status=RecordingStatus.DELETING).count()
        self.stdout.write(
            f"{deleted + finished} deleted, {held} are held, {left} wait for the next sweep."
        )


def until_none(step: Callable[[], int]) -> Iterator[int]:
    """Yield what each step has done, until one does nothing."""
    while done := step():
        yield done


def describe(found: Expired) -> Iterator[str]:
    """Yield the columns of one recording; no word of them is about the candidate."""
    row = found.recording
    yield row.organisation.name[:LONGEST_NAME]
    yield str(row.interview_id)
    yield str(row.pk)
    yield f"{row.stored_at:%Y-%m-%d %H:%M}"
    yield f"{found.days} days"
    yield "held" if found.held else "deleted"
