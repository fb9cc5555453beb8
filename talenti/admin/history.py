"""The history of everything, in words; entries are never written here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import display

from talenti.admin.histories import describe
from talenti.admin.tenants import RecordAdmin
from talenti.history import shown_to
from talenti.models import HistoryEntry


@admin.register(HistoryEntry)
class HistoryEntryAdmin(RecordAdmin):
    """Who did what, when and why, in the user's organisations."""

    list_display = ("moment", "who", "what", "why")
    list_display_links = ("moment",)
    list_filter = ("subject", "actor_kind", ("created_at", RangeDateFilter))
    list_select_related = ("actor",)
    search_fields = ("reason", "actor__full_name", "actor__email", "=root_id")
    search_help_text = "Search by person or reason"
    ordering = ("-id",)
    list_filter_submit = True

    def cut(self, rows: Any, request: HttpRequest) -> QuerySet[Any]:
        """Return those of `rows` that the user may know of: blind reviewers not all of them."""
        return shown_to(rows, request.user)

    @display(description="When", ordering="id")
    def moment(self, entry: HistoryEntry) -> str:
        """Return when it happened, in UTC."""
        return f"{entry.created_at:%-d %b %Y, %H:%M}"

    @display(description="Who")
    def who(self, entry: HistoryEntry) -> str:
        """Return who did it."""
        return describe(entry).who

    @display(description="What")
    def what(self, entry: HistoryEntry) -> str:
        """Return what happened."""
        return describe(entry).what

    @display(description="Why")
    def why(self, entry: HistoryEntry) -> str:
        """Return the reason, if one was given."""
        return describe(entry).why

    def history_view(self, request: HttpRequest, object_id: str, *_: Any, **__: Any) -> Any:
        """Show the entry itself: it has no history of its own."""
        return self.change_view(request, object_id)
