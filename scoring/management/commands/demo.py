"""Load the demo, show its progress, and print one interview's report."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from interviews.models import Interview
from scoring.demo import content_files
from scoring.demo.follow import FOLLOW
from scoring.demo.load import DEMO, load_demo
from scoring.demo.terminal import print_report
from talenti.data_dir import DataDirTaken, hold_data_dir
from talenti.models import Organisation
from talenti.work import inprocess
from talenti.work.models import State, WorkItem

PATIENCE_SECONDS = 600


class Command(BaseCommand):
    """`manage.py demo`; refused in staging and production."""

    help = "Load the demo organisation if it is missing, wait for its interviews, print a report."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --load-only."""
        parser.add_argument("--load-only", action="store_true", help="load the rows and return")

    def handle(self, *, load_only: bool, **_: Any) -> None:
        """Load, watch and print."""
        if settings.DEPLOYED:
            raise CommandError("The demo has known passwords: it is refused in staging and prod.")
        if not Organisation.objects.filter(name=DEMO).exists():
            self.stdout.write("Loading the demo organisation (once) ...")
            self.stdout.flush()
        load_demo()
        if not load_only:
            self._wait_for_work()
            self._print()
            self._tell_what_died()

    def _wait_for_work(self) -> None:
        """Watch the work of a running server, or do it here when none runs."""
        try:
            lock = hold_data_dir()
        except DataDirTaken:
            self._watch()
            return
        beside = None if settings.REDIS_URL else inprocess.start(sole=True)
        try:
            self._watch()
        finally:
            if beside is not None:
                beside.stop()
            lock.close()

    def _watch(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        said = ""
        while time.monotonic() < until:
            waiting = WorkItem.objects.open().filter(kind__in=[FOLLOW, "scoring.score"]).count()
            speech = WorkItem.objects.open().filter(kind="recordings.transcribe").count()
            now = f"recordings to transcribe: {speech}, interviews on their way: {waiting}"
            if now != said:
                self.stdout.write(now)
                self.stdout.flush()
                said = now
            if waiting + speech == 0:
                return
            time.sleep(0.5)
        raise CommandError("The demo's work did not end in time: see Work in the console.")

    def _print(self) -> None:
        chosen = next(entry for entry in content_files.interviews() if entry.get("report"))
        interview = Interview.objects.get(
            organisation__name=DEMO, candidate__email=chosen["candidate"]["email"]
        )
        print_report(interview, self.stdout)

    def _tell_what_died(self) -> None:
        died = WorkItem.objects.filter(organisation__name=DEMO, state=State.DEAD)
        told = sorted({f"{kind} ({cause})" for kind, cause in died.values_list("kind", "cause")})
        if told:
            raise CommandError(f"Some of the demo's work died: {', '.join(told)}.")
