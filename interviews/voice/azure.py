"""Azure Speech as the voice: one request over HTTP for one question, in the language's own voice.

Not the SDK that recognises speech: a question is one short request, whose status and Retry-After
the SDK hides. It waits for 40 seconds where a person waits, is native code that needs a process of
its own, and that process would take longer to start than the service takes to answer.
"""

from interviews.voice.protocol import Sound
from talenti.azure.speech import SpeechProvider, missing_settings, speech_provider
from talenti.azure.speech_synthesis import (
    MEDIA_TYPE,
    ping_voices,
    spoken_text,
    synthesise,
    voice_named,
)
from talenti.errors import PermanentFailure


class AzureVoice:
    """Satisfies the Voice protocol. Settings name the provider unless one is given."""

    name = "azure"
    label = "Read aloud by a synthetic voice (Azure Speech)."
    synthesises = True

    def __init__(self, provider: SpeechProvider | None = None) -> None:
        self._provider = provider

    def check(self) -> list[str]:
        """Return what is missing in its configuration, in sentences; no network."""
        return missing_settings(self._provider or speech_provider())

    def probe(self) -> str:
        """Call the provider once, for nothing; raises PermanentFailure or RetryLater."""
        return ping_voices(self._provider or speech_provider())

    def voice_of(self, language: str) -> str:
        """Return the voice that the settings name for the language, or for its main part."""
        return voice_named(language)

    def speak(self, text: str, *, language: str) -> Sound:
        """Return `text` as MP3.

        Raises PermanentFailure (language_not_supported, nothing_to_say, provider_unauthorised ...)
        or RetryLater.
        """
        voice, said = voice_named(language), spoken_text(text)
        if not voice:
            raise PermanentFailure(
                "No voice is set for this language.", code="language_not_supported"
            )
        if not said:
            raise PermanentFailure("There is nothing to say.", code="nothing_to_say")
        provider = self._provider or speech_provider()
        return Sound(synthesise(provider, said, voice), MEDIA_TYPE)
