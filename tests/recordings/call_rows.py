"""Calls for tests: rows and folders as a conversation on the line leaves them."""

from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from interviews.models import Call, CallOperation, Interview, Turn
from interviews.services.call_addresses import recording_folder
from interviews.states import CallStatus, Channel, Status
from talenti.models import Organisation
from tests.rows import make_interview

NUMBER = "+15555550100"
LONG_AGO = timedelta(minutes=20)  # for a recording that nobody announced


def make_phone_interview(organisation: Organisation, **values: Any) -> Interview:
    """Return an interview whose conversation is over: everything was asked."""
    interview = make_interview(organisation, channel=Channel.PHONE)
    now = timezone.now()
    facts = {"status": Status.COMPLETED, "completed_at": now, "consented_at": now} | values
    Interview.objects.filter(pk=interview.pk).update(**facts)
    interview.consents.create(
        organisation_id=organisation.pk,
        version="2026-11",
        language="en-US",
        text_sha256="0" * 64,
        purposes=["automated_assessment", "recording", "transcription"],
        source="candidate",
        given_as="1",
    )
    interview.refresh_from_db()
    return interview


def make_call(interview: Interview, *, ended_at: datetime | None = None, **values: Any) -> Call:
    """Return a call that is over and was recorded from its 10th second on."""
    ended_at = ended_at or timezone.now() - LONG_AGO
    began = ended_at - timedelta(minutes=5)
    facts: dict[str, Any] = {
        "number": NUMBER,
        "status": CallStatus.ENDED,
        "engine": "offline",
        "scheduled_at": began,
        "secret_hash": "0" * 64,
        "connected_at": began,
        "ended_at": ended_at,
        "outcome": "completed",
        "recording_started_at": began + timedelta(seconds=10),
    }
    return Call.objects.create(
        organisation_id=interview.organisation_id, interview=interview, **(facts | values)
    )


def write_file(call: Call, name: str, content: bytes) -> str:
    """Write a file into the call's folder as the line does; returns its whole name."""
    whole = f"{recording_folder(call)}/{name}"
    storages["recordings"].delete(whole)
    storages["recordings"].save(whole, ContentFile(content))
    return whole


def files_of(call: Call) -> list[str]:
    """Return what lies in the call's folder and the one below it."""
    try:
        folders, files = storages["recordings"].listdir(recording_folder(call))
    except FileNotFoundError:
        return []
    below = [
        f"{folder}/{name}"
        for folder in folders
        for name in storages["recordings"].listdir(f"{recording_folder(call)}/{folder}")[1]
    ]
    return sorted(files + below)


def ask_in(call: Call, place: int, starts_ms: int, ends_ms: int, *, number: int = 0) -> Turn:
    """Return the answered turn of the question at `place`, which this call asked."""
    interview = call.interview
    question = interview.guide.questions.order_by("position")[place]
    now = timezone.now()
    turn, _ = interview.turns.get_or_create(
        organisation_id=interview.organisation_id,
        position=place + 1,
        defaults={
            "question": question,
            "kind": "question",
            "source": "planned",
            "text": question.text,
            "asked_at": now,
            "answered_at": now,
        },
    )
    Turn.objects.filter(pk=turn.pk).update(starts_ms=starts_ms, ends_ms=ends_ms)
    turn.refresh_from_db()
    CallOperation.objects.create(
        organisation_id=call.organisation_id,
        call=call,
        number=number or call.operations.count() + 1,
        kind="ask",
        about="question",
        text=turn.text,
        spec={"text": turn.text},
        turn=turn,
        wanted_at=now,
        deadline_at=now,
    )
    return turn
