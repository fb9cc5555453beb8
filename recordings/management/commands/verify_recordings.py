"""Compares stored recordings with their files: for restores, and after moving storage."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recordings.models import Recording
from recordings.services.verification import damaged
from talenti.errors import RetryLater

HEADER = ("organisation", "interview", "recording", "stored at", "file")


class Command(BaseCommand):
    """`manage.py verify_recordings [--content]`; ends with 1 when a file is not what it was."""

    help = "Check that the file of every stored recording is there and unchanged."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take `--content`."""
        parser.add_argument(
            "--content",
            action="store_true",
            help="Read every file and compare its SHA-256; without it only its size.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """List what is damaged; CommandError when there is anything, or no telling."""
        try:
            count = self._list(read_all=options["content"])
        except RetryLater as error:
            raise CommandError(f"{error.message} Not all were checked: try again.") from error
        stored = Recording.objects.stored().count()
        if count:
            raise CommandError(f"{count} of {stored} stored recordings are damaged.")
        self.stdout.write(f"{stored} stored recordings, all with their file.")

    def _list(self, *, read_all: bool) -> int:
        """Print what is damaged; returns how many."""
        count = 0
        for count, found in enumerate(damaged(read_all=read_all), start=1):
            if count == 1:
                self.stdout.write("\t".join(HEADER))
            row = found.recording
            place = (str(row.organisation_id), str(row.interview_id), str(row.pk))
            self.stdout.write("\t".join((*place, f"{row.stored_at:%Y-%m-%d %H:%M}", found.fault)))
        return count
