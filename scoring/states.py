"""States of scorecards, outcomes of the gate and of decisions."""

from django.db.models import TextChoices

from talenti.states import machine


class Kind(TextChoices):
    """Who judged."""

    ENGINE = "engine", "Engine"
    REVIEWER = "reviewer", "Reviewer"


class ScorecardStatus(TextChoices):
    """Whether the judgement is there."""

    PENDING = "pending", "Pending"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"


class Outcome(TextChoices):
    """What a person decided."""

    ADVANCE = "advance", "Advance"
    HOLD = "hold", "Hold"
    REJECT = "reject", "Reject"


class GateOutcome(TextChoices):
    """What the quality gate said of the words."""

    SCORABLE = "scorable", "Scorable"
    WARNINGS = "scorable_with_warnings", "Scorable with warnings"
    NEEDS_CONFIRMATION = "needs_confirmation", "Needs confirmation"
    NOT_SCORABLE = "not_scorable", "Not scorable"


SCORECARD = machine(
    "status",
    {
        ScorecardStatus.PENDING: [ScorecardStatus.READY, ScorecardStatus.FAILED],
        ScorecardStatus.FAILED: [ScorecardStatus.PENDING],
        ScorecardStatus.READY: [],
    },
)
DECISION = machine(
    "outcome",
    {
        Outcome.HOLD: [Outcome.ADVANCE, Outcome.REJECT],
        Outcome.ADVANCE: [],
        Outcome.REJECT: [],
    },
)
