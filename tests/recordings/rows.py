"""Recordings and transcripts for tests, by the product's own services wherever there is one."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from interviews.models import Interview, Question, Turn
from recordings.media.facts import DecodedAudio
from recordings.models import Recording, Transcript
from recordings.services.transcription import store_transcription
from recordings.services.uploads import UploadPlan, announce_upload, complete_upload
from recordings.states import RecordingStatus
from recordings.transcriber.offline import OfflineTranscriber
from recordings.transcriber.protocol import SpokenSegment, Transcription
from talenti.history import SYSTEM
from talenti.ids import new_id
from talenti.work.models import State, WorkItem

FIXTURES = Path(__file__).parent / "fixtures"
WAV = FIXTURES / "customer.wav"


def announce(interview: Interview, content: bytes, **plan: object) -> Recording:
    """Return a recording that waits for exactly this content."""
    values = {"filename": "answer.wav", "content_type": "audio/wav", "size": len(content)}
    row, _ = announce_upload(interview, UploadPlan(**(values | plan)), SYSTEM)
    return row


def send(row: Recording, content: bytes) -> None:
    """Put the file where the upload's address would."""
    storages["recordings"].save(row.storage_name, ContentFile(content))


def path_of(url: str) -> str:
    """Return the part of an address that a test client asks for."""
    return url.removeprefix(settings.PUBLIC_URL)


def put_file(address: dict[str, Any], content: bytes) -> HttpResponse:
    """Send the file as a browser would: to the API's `upload` address alone, without any token."""
    media_type = address["headers"]["Content-Type"]
    length = {"CONTENT_LENGTH": str(len(content))}
    return Client().generic(
        address["method"], path_of(address["url"]), content, media_type, **length
    )


def upload(interview: Interview, path: Path = WAV, **plan: object) -> Recording:
    """Return a stored recording that went the whole way of an upload."""
    content = path.read_bytes()
    row = announce(interview, content, **plan)
    send(row, content)
    complete_upload(row, SYSTEM)
    return row


def make_recording(
    interview: Interview,
    *,
    question: Question | None = None,
    turn: Turn | None = None,
    stored_at: datetime | None = None,
    content: bytes = b"sound",
    **values: object,
) -> Recording:
    """Return a row that says `stored`, with a file that nobody has measured."""
    recording_id = new_id()
    facts = {
        "status": RecordingStatus.STORED,
        "filename": "answer.wav",
        "declared_type": "audio/wav",
        "declared_size": len(content),
        "size": len(content),
        "sha256": "0" * 64,
        "media_type": "audio/wav",
        "duration_ms": 60_000,
        "stored_at": stored_at or timezone.now(),
        "upload_until": (stored_at or timezone.now()) + timedelta(minutes=15),
    }
    row = Recording.objects.create(
        pk=recording_id,
        organisation_id=interview.organisation_id,
        interview=interview,
        question=question,
        turn=turn,
        storage_name=f"{interview.organisation_id}/{interview.pk}/{recording_id}",
        **(facts | values),
    )
    send(row, content)
    return row


def make_draft(recording: Recording, *texts: str, confidence: float = 0.9) -> Transcript:
    """Return the draft that the offline engine would store: ten seconds for each text."""
    segments = tuple(
        SpokenSegment(place * 10_000, (place + 1) * 10_000, text, confidence)
        for place, text in enumerate(texts)
    )
    heard = Transcription(segments, "en-US", "test")
    WorkItem.objects.filter(subject_id=recording.pk).update(
        state=State.DONE, finished_at=timezone.now()
    )
    store_transcription(recording.pk, DecodedAudio(60_000, (1, 2, 3)), heard, OfflineTranscriber())
    return Transcript.objects.get(recording=recording)
