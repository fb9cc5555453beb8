"""Lists of calls, and for operations of events that nobody could use."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import display

from interviews.admin.candidates import OfInterviewAdmin
from interviews.models import Call, DeadLetter
from interviews.reading.calls import seconds_of
from interviews.states import CallStatus
from talenti.admin.tenants import OwnRowsFilter
from talenti.admin.theme import is_operator

STATUS_COLOURS = {
    CallStatus.SCHEDULED.label: "info",
    CallStatus.DIALLING.label: "warning",
    CallStatus.OUTCOME_UNKNOWN.label: "danger",
    CallStatus.CONNECTED.label: "warning",
    CallStatus.CANCELLED.label: "default",
}


@admin.register(Call)
class CallAdmin(OfInterviewAdmin):
    """Every attempt; each is read on the page of its interview."""

    list_display = (
        "interview",
        "shown_status",
        "shown_outcome",
        "moment",
        "seconds",
        "wanted_by",
    )
    list_select_related: Any = (*OfInterviewAdmin.list_select_related, "asked_by")
    list_filter = (
        "status",
        "outcome",
        ("interview__job", OwnRowsFilter),
        "chosen_by_candidate",
        ("scheduled_at", RangeDateFilter),
    )
    list_filter_submit = True
    search_fields: Any = (*OfInterviewAdmin.search_fields, "interview__job__title")
    search_help_text = "Search by candidate, e-mail or job"

    @display(description="Status", ordering="status", label=STATUS_COLOURS)
    def shown_status(self, row: Call) -> str:
        """Return where the call stands."""
        return row.get_status_display()

    @display(description="Outcome", ordering="outcome", empty_value="")
    def shown_outcome(self, row: Call) -> str:
        """Return how it ended."""
        return row.outcome_in_words

    @display(description="When", ordering="scheduled_at")
    def moment(self, row: Call) -> str:
        """Return the moment for which it was planned, in UTC."""
        return f"{row.scheduled_at:%-d %b %Y, %H:%M}"

    @display(description="Wanted by", empty_value="")
    def wanted_by(self, row: Call) -> str:
        """Return who chose the time."""
        return "the candidate" if row.chosen_by_candidate else str(row.asked_by or "")

    @display(description="Seconds", empty_value="")
    def seconds(self, row: Call) -> int | None:
        """Return how long it was connected, so far."""
        return seconds_of(row.connected_at, row.ended_at) if row.connected_at else None


@admin.register(DeadLetter)
class DeadLetterAdmin(ModelAdmin):
    """Events that belong to no known call. Their bodies may speak of somebody: nobody sees them."""

    list_display = ("source", "reason", "size", "times", "received_at")
    list_display_links = None
    list_filter = ("source", "reason")
    fields = readonly_fields = list_display
    ordering = ("-received_at", "-id")
    show_full_result_count = False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Filter by what is shown alone: whoever may search in bodies reads them bit by bit."""
        return lookup.partition("__")[0] in self.list_display

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Operations see it."""
        return is_operator(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Operations see it."""
        return is_operator(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Rows are written by the doors alone."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows are written by the doors alone."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows are emptied in their time."""
        return False
