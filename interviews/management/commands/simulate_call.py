"""`manage.py simulate_call`: a whole phone interview in the terminal, on the offline line."""

import time
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from interviews.callroom.simulated.scripts import script_named, script_names
from interviews.models import Call, Candidate, Guide, Interview
from interviews.reading.calls import read_timeline
from interviews.reading.timeline import Line
from interviews.services.call_planning import plan_call
from interviews.services.interviews import InterviewPlan, create_interview
from interviews.states import Channel, GuideStatus, JobStatus
from interviews.tasks import CALL_KINDS
from talenti.engines import engine
from talenti.errors import WrongState
from talenti.history import CANDIDATE, SYSTEM
from talenti.work.actors import perform
from talenti.work.models import WorkItem

NAMES = {"candidate": "candidate", "we": "Talenti", "line": "line"}
LONGEST_PAUSE = 5.0  # seconds; nobody wants to watch somebody think
PATIENCE = timedelta(minutes=5)


class Command(BaseCommand):
    """Makes an interview with a simulated candidate, calls them, and prints what is said."""

    help = "Play one phone interview with a scripted candidate and print it as it happens."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take which script, which interview, and how fast."""
        parser.add_argument(
            "--script", choices=script_names(), default="cooperative", help="how the candidate acts"
        )
        parser.add_argument(
            "--interview", type=uuid.UUID, help="call this one again instead of making a new one"
        )
        parser.add_argument(
            "--pace", type=float, default=0.0, help="1 shows it in real time, 0 (default) at once"
        )

    def handle(self, *, script: str, interview: uuid.UUID | None, pace: float, **_: Any) -> None:
        """Call, print, and say how it ended."""
        if engine("callroom").name != "offline":
            raise CommandError("Calls are not simulated here: CALLROOM is not offline.")
        row = _interview(interview) if interview else _new_interview(script)
        try:
            call = plan_call(row, CANDIDATE, by_candidate=True)
        except WrongState as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"Interview {row.pk}, call {call.pk}, script {script}.")
        self._follow(call, pace)
        call.refresh_from_db()
        self.stdout.write(f"Outcome: {call.outcome_in_words}.")

    def _follow(self, call: Call, pace: float) -> None:
        """Do the call's work, here or in a worker beside, and print what it has come to."""
        shown, at, ends = 0, None, timezone.now() + PATIENCE
        while call.is_open or _do_due(call):
            if not _do_due(call):
                time.sleep(0.05)  # a worker beside is at it
            lines = read_timeline(call)
            for line in lines[shown:]:
                at = self._print(line, at, pace)
            shown = len(lines)
            if timezone.now() > ends:
                raise CommandError("The call does not end.")
            call.refresh_from_db()

    def _print(self, line: Line, before: datetime | None, pace: float) -> datetime:
        if before and pace:
            time.sleep(min((line.at - before).total_seconds() * pace, LONGEST_PAUSE))
        said = f" “{line.said}”" if line.said else ""
        code = f" ({line.code}: {line.code_words})" if line.code else ""
        name = NAMES[line.who.value]
        self.stdout.write(f"{line.at:%H:%M:%S}  {name:<9}  {line.text}{said}{code}")
        return line.at


def _do_due(call: Call) -> int:
    """Do what is due of calls in this organisation; returns how much that was."""
    due = WorkItem.objects.due().filter(kind__in=CALL_KINDS, organisation=call.organisation_id)
    items = list(due.order_by("next_run_at").values_list("kind", "pk"))
    for kind, pk in items:
        perform(kind, pk)
    return len(items)


def _interview(pk: uuid.UUID) -> Interview:
    found: Interview | None = Interview.objects.select_related("candidate").filter(pk=pk).first()
    if found is None:
        raise CommandError("There is no such interview.")
    return found


def _new_interview(script: str) -> Interview:
    guides = Guide.objects.filter(status=GuideStatus.PUBLISHED, job__status=JobStatus.OPEN)
    guide = guides.select_related("job").order_by("-id").first()
    if guide is None:
        raise CommandError("There is no published guide: write one, or run `manage.py demo`.")
    candidate = Candidate.objects.create(
        organisation_id=guide.organisation_id,
        name=f"Simulated candidate ({script})",
        phone=script_named(script).number,
        locale=guide.language,
        time_zone="UTC",
    )
    plan = InterviewPlan(guide.job, candidate, Channel.PHONE, guide=guide)
    return create_interview(plan, SYSTEM)
