"""States of recordings and transcripts, and which moves between them are legal."""

from django.db.models import TextChoices

from talenti.states import machine


class RecordingStatus(TextChoices):
    """Whether the file is there."""

    PENDING = "pending", "Waiting for the file"
    STORED = "stored", "Stored"
    REFUSED = "refused", "Refused"
    DELETING = "deleting", "Being deleted"
    DELETED = "deleted", "Deleted"


class TranscriptStatus(TextChoices):
    """Whether somebody stands behind the words."""

    NEEDS_TRANSCRIPT = "needs_transcript", "Too unclear: a person has to write it"
    DRAFT = "draft", "Draft"
    READY = "ready", "Ready"
    CONFIRMED = "confirmed", "Confirmed"


class Speaker(TextChoices):
    """Whose words; only the candidate's are ever evidence."""

    CANDIDATE = "candidate", "Candidate"
    INTERVIEWER = "interviewer", "Interviewer"
    UNKNOWN = "unknown", "Not known"


class Source(TextChoices):
    """How a recording came to us."""

    UPLOAD = "upload", "Upload"
    BROWSER = "browser", "Browser"
    PHONE = "phone", "Phone"


UNCONFIRMED = (TranscriptStatus.NEEDS_TRANSCRIPT, TranscriptStatus.DRAFT)

RECORDING = machine(
    "status",
    {
        RecordingStatus.PENDING: [RecordingStatus.STORED, RecordingStatus.REFUSED],
        RecordingStatus.STORED: [RecordingStatus.DELETING],
        RecordingStatus.DELETING: [RecordingStatus.DELETED],
        RecordingStatus.REFUSED: [],
        RecordingStatus.DELETED: [],
    },
)
TRANSCRIPT = machine(
    "status",
    {
        TranscriptStatus.NEEDS_TRANSCRIPT: [TranscriptStatus.CONFIRMED],
        TranscriptStatus.DRAFT: [TranscriptStatus.CONFIRMED],
        TranscriptStatus.READY: [TranscriptStatus.CONFIRMED],
        TranscriptStatus.CONFIRMED: [],
    },
)
