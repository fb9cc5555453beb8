"""What holds while an engine listens."""

from pathlib import Path

import pytest
from django.db import connection

from interviews.states import Channel
from recordings.services.transcription import listen
from recordings.transcriber.protocol import SpokenSegment, Transcription
from tests.people import People
from tests.recordings.rows import upload
from tests.rows import make_interview


class Listener:
    """A transcriber that looks at the database connection while it works."""

    name, label, is_draft = "listener", "Listens.", False
    connected = True

    def check(self) -> list[str]:
        return []

    def transcribe(self, audio: Path, *, language: str) -> Transcription:
        self.connected = connection.connection is not None
        return Transcription((SpokenSegment(0, 10, audio.suffix, 1.0),), language, "test")


@pytest.mark.django_db(transaction=True)
def test_no_connection_is_held_while_an_engine_listens(people: People) -> None:
    recording = upload(make_interview(people.home, channel=Channel.UPLOAD))
    listener = Listener()
    decoded, heard = listen(recording, listener)
    assert (decoded.duration_ms, heard.segments[0].text) == (4520, ".wav")
    assert not listener.connected
    recording.refresh_from_db()
