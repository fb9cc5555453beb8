"""The demo goes the real way: through services, work items and the local engines."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Q
from django.test import override_settings
from django.utils import timezone

from interviews.models import Interview
from interviews.services.call_planning import PLACE_CALL
from interviews.tasks import CALL_KINDS
from recordings.services.progress import TRANSCRIBE
from scoring.demo import content_files
from scoring.demo.calls import is_called
from scoring.demo.load import DEMO, load_demo
from scoring.demo.terminal import print_report
from scoring.models import Evidence, Scorecard
from talenti.models import Organisation, User
from talenti.work.models import State, WorkItem
from tests.work import do_work

pytestmark = pytest.mark.django_db
ENTRIES = {entry["candidate"]["email"]: entry for entry in content_files.interviews()}


def standing(organisation: str = DEMO) -> dict[str, tuple[str, str]]:
    rows = Interview.objects.filter(organisation__name=organisation)
    return {
        row.candidate.email: (row.status, row.stage) for row in rows.select_related("candidate")
    }


def has_speech(entry: dict) -> bool:
    return any(answer["audio"] for answer in entry["answers"])


def test_demo_loads_every_status_and_a_second_load_adds_nothing() -> None:
    load_demo()
    load_demo()
    statuses = {email: status for email, (status, _) in standing().items()}
    assert statuses == {
        email: "created" if is_called(entry) else entry["status"]  # nobody has dialled yet
        for email, entry in ENTRIES.items()
    }
    assert sorted(Organisation.objects.values_list("name", flat=True)) == [
        DEMO,
        "Other organisation",
    ]
    assert User.objects.get(email="alice@demo.example").check_password("talenti-demo")


def test_typed_interviews_reach_their_stage_and_every_quote_is_the_candidates() -> None:
    load_demo()
    speech = WorkItem.objects.filter(kind=TRANSCRIBE)
    speech.delete()
    WorkItem.objects.filter(kind=PLACE_CALL).delete()
    spoken = Q(recordings__isnull=False) | Q(calls__isnull=False)
    WorkItem.objects.filter(
        kind="scoring.demo_follow", subject_id__in=Interview.objects.filter(spoken).values("pk")
    ).delete()
    do_work(ahead_of_time=True)
    typed = {email: entry for email, entry in ENTRIES.items() if not has_speech(entry)}
    assert {email: stage for email, (_, stage) in standing().items() if email in typed} == {
        email: entry["stage"] or "awaiting_recording" for email, entry in typed.items()
    }
    quotes = Evidence.objects.select_related("segment")
    assert quotes.count() > 20
    for quote in quotes:
        assert quote.segment.text[quote.start : quote.end] == quote.quote
        assert quote.segment.speaker == "candidate"
    assert set(Scorecard.objects.filter(kind="engine").values_list("overall", flat=True)) == {None}


def test_the_called_candidate_answers_every_question_on_the_simulated_line() -> None:
    load_demo()
    do_work(kinds=CALL_KINDS)
    entry = next(entry for entry in ENTRIES.values() if is_called(entry))
    interview = Interview.objects.get(candidate__email=entry["candidate"]["email"])
    call = interview.calls.get()
    assert (call.outcome, interview.status) == ("completed", "completed")
    said = interview.turns.exclude(answer_text="").order_by("position")
    assert list(said.values_list("answer_text", flat=True)) == [
        answer["text"] for answer in entry["answers"]
    ]


@pytest.mark.slow
def test_spoken_interviews_reach_their_stage_and_the_report_cites_them() -> None:
    load_demo()
    do_work(ahead_of_time=True)
    assert {email: stage for email, (_, stage) in standing().items()} == {
        email: entry["stage"] or "awaiting_recording" for email, entry in ENTRIES.items()
    }
    chosen = next(entry for entry in content_files.interviews() if entry["report"])
    out = io.StringIO()
    print_report(Interview.objects.get(candidate__email=chosen["candidate"]["email"]), _Lines(out))
    assert "[00:0" in out.getvalue()
    assert "not an AI assessment" in out.getvalue()


class _Lines:
    """Writes lines as a command's stdout does."""

    def __init__(self, out: io.StringIO) -> None:
        self.out = out

    def write(self, line: str) -> None:
        self.out.write(line + "\n")


def test_demo_is_refused_where_real_people_are() -> None:
    with override_settings(DEPLOYED=True), pytest.raises(CommandError, match="known passwords"):
        call_command("demo")
    assert Organisation.objects.count() == 0


def test_demo_fails_with_the_names_of_work_that_died(settings) -> None:
    load_demo()
    WorkItem.objects.update(state=State.DEAD, cause="bad_audio", finished_at=timezone.now())
    settings.REDIS_URL = "redis://broker.example"  # so that the command starts no worker itself
    with pytest.raises(CommandError, match=r"died: .*recordings.transcribe \(bad_audio\)"):
        call_command("demo", stdout=io.StringIO())
