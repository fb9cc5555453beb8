"""States of jobs, guides and interviews, and which moves between them are legal."""

from django.db.models import TextChoices

from talenti.states import machine


class JobStatus(TextChoices):
    """Whether a position still takes candidates."""

    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


class GuideStatus(TextChoices):
    """A published guide never changes."""

    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"


class Channel(TextChoices):
    """How the candidate answers."""

    PHONE = "phone", "Phone"
    BROWSER = "browser", "Browser"
    UPLOAD = "upload", "Uploaded recordings"


class Status(TextChoices):
    """Where the interview itself stands."""

    CREATED = "created", "Created"
    INVITED = "invited", "Invited"
    CONSENTED = "consented", "Consented"
    IN_PROGRESS = "in_progress", "In progress"
    COMPLETED = "completed", "Completed"
    CANCELLED = "cancelled", "Cancelled"
    EXPIRED = "expired", "Expired"
    REFUSED = "refused", "Refused"


class Stage(TextChoices):
    """How far the answers have come on their way to a decision."""

    AWAITING_RECORDING = "awaiting_recording", "Awaiting recording"
    TRANSCRIBING = "transcribing", "Transcribing"
    NEEDS_CONFIRMATION = "needs_confirmation", "Transcript needs confirmation"
    NOT_SCORABLE = "not_scorable", "Not scorable"
    SCORING = "scoring", "Scoring"
    SCORED = "scored", "Scored"
    REVIEWED = "reviewed", "Reviewed"
    DECIDED = "decided", "Decided"
    FAILED = "failed", "Failed"


class CallStatus(TextChoices):
    """Where one call stands. What it came to is its outcome."""

    SCHEDULED = "scheduled", "Scheduled"
    DIALLING = "dialling", "Dialling"
    OUTCOME_UNKNOWN = "outcome_unknown", "No answer from the line yet"
    CONNECTED = "connected", "Connected"
    ENDED = "ended", "Ended"
    CANCELLED = "cancelled", "Cancelled"


class CallPermission(TextChoices):
    """Whether a candidate may be called, and who said so."""

    UNKNOWN = "", "Not asked"
    GIVEN = "given", "Given by the candidate"
    DECLARED = "declared", "Declared by the recruiter"


ENDED = (Status.CANCELLED, Status.EXPIRED, Status.REFUSED)
OPEN = (Status.CREATED, Status.INVITED, Status.CONSENTED, Status.IN_PROGRESS)
ANSWERING = (Status.CONSENTED, Status.IN_PROGRESS)
CONSENT_GIVEN = (Status.CONSENTED, Status.IN_PROGRESS, Status.COMPLETED)
INVITABLE = (Status.CREATED, Status.INVITED, Status.CONSENTED, Status.IN_PROGRESS)

JOB = machine("status", {JobStatus.OPEN: [JobStatus.CLOSED], JobStatus.CLOSED: [JobStatus.OPEN]})
GUIDE = machine("status", {GuideStatus.DRAFT: [GuideStatus.PUBLISHED], GuideStatus.PUBLISHED: []})
INTERVIEW = machine(
    "status",
    {
        Status.CREATED: [Status.INVITED, Status.CONSENTED, *ENDED],
        Status.INVITED: [Status.CONSENTED, *ENDED],
        Status.CONSENTED: [Status.IN_PROGRESS, Status.COMPLETED, *ENDED],
        Status.IN_PROGRESS: [Status.COMPLETED, *ENDED],
        Status.COMPLETED: [],
        Status.CANCELLED: [],
        Status.EXPIRED: [],
        Status.REFUSED: [],
    },
)

_AFTER_SCORING = [Stage.SCORING, Stage.REVIEWED, Stage.DECIDED]
STAGE = machine(
    "stage",
    {
        Stage.AWAITING_RECORDING: [
            Stage.TRANSCRIBING,
            Stage.NEEDS_CONFIRMATION,
            Stage.SCORING,
            Stage.DECIDED,
            Stage.FAILED,
        ],
        Stage.TRANSCRIBING: [
            Stage.AWAITING_RECORDING,
            Stage.NEEDS_CONFIRMATION,
            Stage.SCORING,
            Stage.DECIDED,
            Stage.FAILED,
        ],
        Stage.NEEDS_CONFIRMATION: [
            Stage.TRANSCRIBING,
            Stage.SCORING,
            Stage.DECIDED,
            Stage.FAILED,
        ],
        Stage.SCORING: [
            Stage.SCORED,
            Stage.NOT_SCORABLE,
            Stage.REVIEWED,
            Stage.DECIDED,
            Stage.FAILED,
        ],
        Stage.NOT_SCORABLE: _AFTER_SCORING,
        Stage.SCORED: _AFTER_SCORING,
        Stage.REVIEWED: [Stage.SCORING, Stage.DECIDED],
        Stage.FAILED: [
            Stage.AWAITING_RECORDING,
            Stage.TRANSCRIBING,
            Stage.NEEDS_CONFIRMATION,
            *_AFTER_SCORING,
        ],
        Stage.DECIDED: [],
    },
)

OPEN_CALLS = (
    CallStatus.SCHEDULED,
    CallStatus.DIALLING,
    CallStatus.OUTCOME_UNKNOWN,
    CallStatus.CONNECTED,
)
COMING_CALLS = (CallStatus.SCHEDULED, CallStatus.DIALLING, CallStatus.OUTCOME_UNKNOWN)
LIVE_CALLS = (CallStatus.DIALLING, CallStatus.OUTCOME_UNKNOWN, CallStatus.CONNECTED)
CALL = machine(
    "status",
    {
        CallStatus.SCHEDULED: [CallStatus.DIALLING, CallStatus.CANCELLED, CallStatus.ENDED],
        CallStatus.DIALLING: [
            CallStatus.OUTCOME_UNKNOWN,
            CallStatus.CONNECTED,
            CallStatus.ENDED,
        ],
        CallStatus.OUTCOME_UNKNOWN: [CallStatus.CONNECTED, CallStatus.ENDED],
        CallStatus.CONNECTED: [CallStatus.ENDED],
        CallStatus.ENDED: [],
        CallStatus.CANCELLED: [],
    },
)
