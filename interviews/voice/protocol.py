"""What a voice is: the text of a question in, sound for the candidate's page out."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Sound:
    """A whole audio file and its media type."""

    content: bytes
    media_type: str


class Voice(Protocol):
    """Says questions; never writes rows. Whoever calls it keeps what it said."""

    name: str
    label: str  # a true sentence on who speaks
    synthesises: bool  # False: it makes no sound; the candidate's own browser reads the text

    def check(self) -> list[str]:
        """Return what is missing in its configuration, in sentences; no network."""

    def voice_of(self, language: str) -> str:
        """Return the name of the voice for this language, empty where there is none.

        The same text in the same voice is the same sound. Of a voice that synthesises nothing the
        name says only that it may be tried.
        """

    def speak(self, text: str, *, language: str) -> Sound:
        """Return `text` as speech; a person waits, so it takes seconds at the most.

        Raises PermanentFailure (language_not_supported, nothing_to_say, not_synthesised ...) or
        RetryLater.
        """
