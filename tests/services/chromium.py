"""How the tests start Chromium: quiet on the network, its microphone a tone or a file."""

import os
from pathlib import Path

from tests.services.programs import CHROMIUM

FLAGS = (
    "--no-sandbox",  # the tests may run as root, where Chromium's sandbox cannot
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
)
ALLOW_MICROPHONE = "--use-fake-ui-for-media-stream"


def find_chromium() -> str:
    """Return the path of the browser; raises MissingProgram."""
    return os.environ.get("TEST_CHROMIUM") or str(CHROMIUM.require())


def speak_from(recording: Path) -> str:
    """Return the flag that plays a 48 kHz mono 16-bit WAV file once as the microphone."""
    return f"--use-file-for-fake-audio-capture={recording.resolve()}%noloop"
