"""Transcription: from a stored file to a transcript."""

import tempfile
import uuid
from decimal import Decimal
from pathlib import Path

from recordings.media.facts import DecodedAudio
from recordings.media.inspection import decode_with_peaks
from recordings.models import Recording, Segment, Transcript
from recordings.services.call_words import (
    CANDIDATES_SIDE,
    Window,
    own_words,
    question_at,
    windows_in,
)
from recordings.services.progress import settle
from recordings.services.refusals import ALIAS
from recordings.services.storing import limits_of
from recordings.services.voices import MANY_VOICES, speakers_of
from recordings.states import TranscriptStatus
from recordings.transcriber.legibility import is_too_unclear
from recordings.transcriber.protocol import SpokenSegment, Transcriber, Transcription
from talenti.connections import release_connections
from talenti.errors import PermanentFailure
from talenti.storage.local import local_file

BY_HAND = "No recogniser for this language: a person writes it."


def listen(recording: Recording, transcriber: Transcriber) -> tuple[DecodedAudio, Transcription]:
    """Decode the recording and let the engine write it down; no row is touched.

    A language that the engine does not know gives no segments: a person writes the transcript.
    """
    language = recording.interview.language
    release_connections()
    channel = CANDIDATES_SIDE if recording.call_id else None
    with (
        local_file(ALIAS, recording.storage_name) as source,
        tempfile.TemporaryDirectory(prefix="talenti-") as folder,
    ):
        wav = Path(folder) / "audio.wav"
        decoded = decode_with_peaks(source, wav, limits=limits_of(recording), channel=channel)
        try:
            return decoded, transcriber.transcribe(wav, language=language)
        except PermanentFailure as failure:
            if failure.code != "language_not_supported":
                raise
            return decoded, Transcription((), language, "")


def store_transcription(
    recording_id: uuid.UUID, decoded: DecodedAudio, heard: Transcription, transcriber: Transcriber
) -> None:
    """Write the transcript and its segments and settle the stage, in the caller's transaction."""
    recording = Recording.objects.select_related("interview").get(pk=recording_id)
    Recording.objects.filter(pk=recording_id).update(peaks=list(decoded.peaks))
    speakers = speakers_of(heard.segments, recording.speaker)
    transcript = Transcript.objects.create(
        organisation_id=recording.organisation_id,
        interview=recording.interview,
        recording=recording,
        status=_status(heard, transcriber, has_many_voices=len(speakers) > 1),
        engine=transcriber.name,
        model=heard.model,
        label=_label(heard, transcriber, has_many_voices=len(speakers) > 1),
        language=heard.language,
    )
    windows = windows_in(recording)
    said = [
        *own_words(transcript, windows, heard.segments, decoded.duration_ms),
        *(
            _segment(transcript, recording, one, speakers[one.voice], windows)
            for one in heard.segments
        ),
    ]
    _write(said)
    settle(recording.interview_id)


def _status(
    heard: Transcription, transcriber: Transcriber, *, has_many_voices: bool
) -> TranscriptStatus:
    if heard.model and not transcriber.is_draft:
        return TranscriptStatus.DRAFT if has_many_voices else TranscriptStatus.READY
    unclear = is_too_unclear(heard.segments)
    return TranscriptStatus.NEEDS_TRANSCRIPT if unclear else TranscriptStatus.DRAFT


def _label(heard: Transcription, transcriber: Transcriber, *, has_many_voices: bool) -> str:
    label = transcriber.label if heard.model else BY_HAND
    return f"{label} {MANY_VOICES}" if has_many_voices else label


def _write(said: list[Segment]) -> None:
    said.sort(key=lambda row: row.start_ms or 0)  # keeps what begins together in its order
    for position, row in enumerate(said, start=1):
        row.position = position
    Segment.objects.bulk_create(said)


def _segment(
    transcript: Transcript,
    recording: Recording,
    spoken: SpokenSegment,
    speaker: str,
    windows: list[Window],
) -> Segment:
    text = _storable(spoken.text)
    return Segment(
        organisation_id=transcript.organisation_id,
        transcript=transcript,
        question_id=recording.question_id or question_at(windows, spoken.start_ms),
        speaker=speaker,
        voice=_storable(spoken.voice),
        start_ms=spoken.start_ms,
        end_ms=spoken.end_ms,
        draft_text=text,
        text=text,
        confidence=_share(spoken.confidence),
        words=[
            [_storable(word.text), word.start_ms, word.end_ms, word.confidence]
            for word in spoken.words
        ]
        or None,
    )


def _share(confidence: float | None) -> Decimal | None:
    return None if confidence is None else Decimal(f"{min(max(confidence, 0.0), 1.0):.3f}")


def _storable(text: str) -> str:
    """Return the text without what no database stores: NUL and lone surrogates."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()
