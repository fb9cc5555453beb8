"""What was said: files and words."""

from recordings.models.recordings import Recording
from recordings.models.transcripts import Segment, Transcript

__all__ = ["Recording", "Segment", "Transcript"]
