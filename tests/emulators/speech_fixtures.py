"""Azure Speech as the voice of the installation, for tests."""

from collections.abc import Iterator

import pytest

from tests.emulators.speech import KEY, SpeechEmulator


@pytest.fixture
def azure_voice(settings) -> Iterator[SpeechEmulator]:
    """The emulator, and settings with which it reads the questions aloud."""
    with SpeechEmulator() as emulator:
        settings.AZURE_SPEECH_ENDPOINT, settings.AZURE_SPEECH_KEY = emulator.endpoint, KEY
        settings.ENGINES = settings.ENGINES | {"voice": "azure"}
        yield emulator
