"""The voice without keys and network: none of ours. The candidate's browser reads the question.

Of the synthesisers that pip installs, pyttsx3 needs a program of the system, and piper is under the
GPL and needs a voice of many megabytes from elsewhere. Browsers have voices, and the page uses only
those that work on the candidate's own machine, so that no question leaves it.
"""

from interviews.voice.protocol import Sound
from talenti.errors import PermanentFailure

READER = "browser"


class OfflineVoice:
    """Satisfies the Voice protocol, and says openly that it makes no sound."""

    name = "offline"
    label = "Read aloud by the candidate's own browser."
    synthesises = False

    def check(self) -> list[str]:
        """Return nothing: it needs nothing."""
        return []

    def voice_of(self, language: str) -> str:
        """Return the browser for every language: which voices it has is known only there."""
        return READER

    def speak(self, text: str, *, language: str) -> Sound:
        """Raise PermanentFailure (not_synthesised): ask `synthesises` before."""
        raise PermanentFailure(
            "The candidate's own browser reads the questions.", code="not_synthesised"
        )
