"""Durable work of recordings."""

from interviews.models import Call
from recordings.models import Recording
from recordings.services.call_fetching import delete_copies, expect_no_more, fetch_recording
from recordings.services.progress import FETCH_CALL, TRANSCRIBE
from recordings.services.transcription import listen, store_transcription
from recordings.states import RecordingStatus
from recordings.transcriber.protocol import Transcriber
from talenti.engines import engine
from talenti.errors import PermanentFailure
from talenti.work.actors import durable
from talenti.work.claims import Claim


@durable(TRANSCRIBE, queue="media", lease_seconds=120)
def transcribe_recording(claim: Claim) -> None:
    """Write down one recording, once."""
    recording = Recording.objects.select_related("interview").get(pk=claim.subject_id)
    if recording.status != RecordingStatus.STORED:
        raise PermanentFailure("The recording is not there any more.", code="recording_gone")
    if hasattr(recording, "transcript"):
        return
    transcriber: Transcriber = engine("transcriber")
    decoded, heard = listen(recording, transcriber)
    with claim.finish():
        store_transcription(recording.pk, decoded, heard, transcriber)


@durable(FETCH_CALL, queue="media", lease_seconds=120)
def fetch_call_recording(claim: Claim) -> None:
    """Take over what the line recorded of one call, then delete it there."""
    call = Call.objects.select_related("interview").get(pk=claim.subject_id)
    fetch_recording(call)
    delete_copies(call)
    with claim.finish():
        expect_no_more(call)
