"""Lists of judgements; each leads to the page of its interview."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from interviews.admin.candidates import OfInterviewAdmin
from scoring.models import Decision, QualityCheck, Scorecard
from scoring.reading.visibility import hidden_history
from scoring.states import GateOutcome, Outcome, ScorecardStatus
from talenti.admin.history import HistoryEntryAdmin
from talenti.models import HistoryEntry

CARD_COLOURS = {
    ScorecardStatus.READY.label: "success",
    ScorecardStatus.PENDING.label: "info",
    ScorecardStatus.FAILED.label: "danger",
}
OUTCOME_COLOURS = {
    Outcome.ADVANCE.label: "success",
    Outcome.HOLD.label: "warning",
    Outcome.REJECT.label: "danger",
}
GATE_COLOURS = {
    GateOutcome.SCORABLE.label: "success",
    GateOutcome.WARNINGS.label: "warning",
    GateOutcome.NEEDS_CONFIRMATION.label: "warning",
    GateOutcome.NOT_SCORABLE.label: "danger",
}


@admin.register(Scorecard)
class ScorecardAdmin(OfInterviewAdmin):
    """Judgements by engines and people; a blind reviewer sees only what is theirs to see."""

    list_select_related: Any = (*OfInterviewAdmin.list_select_related, "reviewer")
    list_display = ("interview", "label", "reviewer", "shown_status", "share", "created_at")
    list_filter = ("kind", "status", "engine")

    def cut(self, rows: Any, request: HttpRequest) -> QuerySet[Any]:
        """Return what the user may see."""
        return rows.visible_to(request.user)

    @display(description="Status", ordering="status", label=CARD_COLOURS)
    def shown_status(self, row: Scorecard) -> str:
        """Return the status in words."""
        return row.get_status_display()

    @display(description="Assessed")
    def share(self, row: Scorecard) -> str:
        """Return how much of the weight was assessed."""
        return "-" if row.assessed_share is None else f"{round(row.assessed_share * 100)} %"


@admin.register(Decision)
class DecisionAdmin(OfInterviewAdmin):
    """What people decided, and why."""

    list_select_related: Any = (*OfInterviewAdmin.list_select_related, "decided_by")
    list_display = ("interview", "shown_outcome", "reason", "decided_by", "decided_at")
    list_filter = ("outcome",)

    @display(description="Decision", ordering="outcome", label=OUTCOME_COLOURS)
    def shown_outcome(self, row: Decision) -> str:
        """Return the outcome in words."""
        return row.get_outcome_display()


@admin.register(QualityCheck)
class QualityCheckAdmin(OfInterviewAdmin):
    """What the quality gate said."""

    list_display = ("interview", "shown_outcome", "created_at")
    list_filter = ("outcome",)

    @display(description="Result", ordering="outcome", label=GATE_COLOURS)
    def shown_outcome(self, row: QualityCheck) -> str:
        """Return the result in words."""
        return row.get_outcome_display()


admin.site.unregister(HistoryEntry)


@admin.register(HistoryEntry)
class VisibleHistoryAdmin(HistoryEntryAdmin):
    """The history without what is withheld from a blind reviewer: only this house knows of that."""

    def cut(self, rows: Any, request: HttpRequest) -> QuerySet[Any]:
        """Return what the user may know of."""
        return super().cut(rows, request).exclude(hidden_history(request.user))
