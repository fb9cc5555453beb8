"""Storing a recording: what uploads and the files of calls have in common."""

import uuid
from dataclasses import replace

from django.conf import settings
from django.utils import timezone

from interviews.models import Interview
from recordings.media.facts import MediaFacts, MediaLimits
from recordings.models import Recording
from recordings.states import RECORDING, RecordingStatus
from talenti.history import Actor, advance
from talenti.storage.digests import Digest

SLACK_MINUTES = 10  # a goodbye is heard to its end, and lines stop recording late
LINE_BYTES_PER_SECOND = 5 * 2 * 16_000  # channels, bytes per sample, samples


def media_limits() -> MediaLimits:
    """Return this installation's limits for one recording."""
    return MediaLimits(
        max_bytes=settings.MAX_RECORDING_BYTES,
        max_duration_ms=settings.MAX_RECORDING_DURATION_MINUTES * 60_000,
    )


def call_limits() -> MediaLimits:
    """Return the limits of what a line records: as long as a call may last, and then some.

    It is uncompressed, with a channel for everybody on the line.
    """
    usual = media_limits()
    seconds = (settings.CALL_MAX_MINUTES + SLACK_MINUTES) * 60
    return replace(
        usual,
        max_duration_ms=max(usual.max_duration_ms, seconds * 1000),
        max_bytes=max(usual.max_bytes, seconds * LINE_BYTES_PER_SECOND),
    )


def limits_of(recording: Recording) -> MediaLimits:
    """Return the limits that hold for this one."""
    return call_limits() if recording.call_id else media_limits()


def own_name(interview: Interview, recording_id: uuid.UUID) -> str:
    """Return the name that a recording's file has in our storage."""
    return f"{interview.organisation_id}/{interview.pk}/{recording_id}"


def mark_stored(row: Recording, found: Digest, facts: MediaFacts, actor: Actor) -> None:
    """Write what was measured into a row that waited for it; WrongState when it waits no longer.

    The caller's transaction goes on with what follows, and announces `recording_stored`.
    """
    advance(
        row,
        RECORDING,
        RecordingStatus.STORED,
        actor,
        size=found.size,
        sha256=found.sha256,
        media_type=facts.media_type,
        codec=facts.codec,
        duration_ms=facts.duration_ms,
        stored_at=timezone.now(),
    )
