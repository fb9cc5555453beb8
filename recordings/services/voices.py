"""Whose words the voices of one recording are, as far as that can be known without a person.

An engine's label tells one voice from another, not a candidate from an interviewer. So:

- One voice, or none told apart: the declared speaker's. The declaration holds.
- Several: the one that spoke longest is proposed as the declared speaker's, the others are nobody's
  that is known, and nothing of the recording is scored before a person has confirmed who is who.
"""

from collections import Counter
from collections.abc import Sequence

from recordings.states import Speaker
from recordings.transcriber.protocol import SpokenSegment

MANY_VOICES = "More than one voice was heard: say whose words these are."


def speakers_of(segments: Sequence[SpokenSegment], declared: str) -> dict[str, str]:
    """Return the speaker of each voice. A voice the engine could not place is one of its own."""
    spoken_ms: Counter[str] = Counter()
    for segment in segments:
        spoken_ms[segment.voice] += segment.end_ms - segment.start_ms
    speakers = dict.fromkeys(spoken_ms, str(Speaker.UNKNOWN))
    for longest, _ in spoken_ms.most_common(1):
        speakers[longest] = declared
    return speakers
