"""Playback: a short-lived address for those who may listen, noted in the history."""

from datetime import timedelta

from django.conf import settings

from recordings.models import Recording
from recordings.services.uploads import ALIAS
from recordings.states import RECORDING, RecordingStatus
from talenti.errors import WrongState
from talenti.history import Actor, record
from talenti.storage.addresses import FileAddress, file_address


def playback_address(recording: Recording, actor: Actor) -> FileAddress:
    """Return the address of the audio; WrongState unless the file is there."""
    if recording.status != RecordingStatus.STORED:
        raise WrongState(
            f"This recording is {recording.status}: it cannot be played.",
            RECORDING.moves[recording.status],
        )
    record(recording, "opened", actor)
    return file_address(
        ALIAS,
        recording.storage_name,
        media_type=recording.media_type,
        ttl=timedelta(seconds=settings.SIGNED_URL_TTL_SECONDS),
    )
