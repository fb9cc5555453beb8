"""What the emulated voice refuses to say, as the service does."""

import pytest

from talenti.azure.speech_synthesis import FORMAT, ssml
from tests.emulators.speech_voice import read_ssml

HEADERS = {
    "X-Microsoft-OutputFormat": FORMAT,
    "User-Agent": "talenti",
    "Content-Type": "application/ssml+xml",
}
RIGHT = ssml("Why?", "en-US-JennyNeural").encode()


def test_right_document_is_said() -> None:
    assert read_ssml(RIGHT, HEADERS) == {
        "language": "en-US",
        "voice": "en-US-JennyNeural",
        "text": "Why?",
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Microsoft-OutputFormat", "wav"),
        ("User-Agent", ""),
        ("Content-Type", "text/plain"),
    ],
)
def test_wrong_headers_are_refused(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"format|type"):
        read_ssml(RIGHT, HEADERS | {name: value})


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"<speak", "not well formed"),
        (RIGHT.replace(b"Jenny", b"Gone"), "no known voice"),
        (RIGHT.replace(b"synthesis", b"other"), "no known voice"),
        (RIGHT.replace(b"Why?", b""), "no plain text"),
        (RIGHT.replace(b"Why?", b"<break/>Why?"), "no plain text"),
    ],
)
def test_document_that_cannot_be_said_is_refused(body: bytes, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        read_ssml(body, HEADERS)
