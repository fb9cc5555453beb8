"""Candidates, and what was agreed and sent."""

import zoneinfo
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from unfold.decorators import display
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminSelectWidget

from interviews.models import Candidate, Consent, Interview, Invitation
from interviews.services.call_permissions import allow_calls
from interviews.services.call_planning import refuse_calls
from talenti.admin.outcomes import try_on
from talenti.admin.tenants import RecordAdmin, TenantAdmin
from talenti.history import Actor
from talenti.roles import WRITERS


@admin.register(Candidate)
class CandidateAdmin(TenantAdmin):
    """People who are interviewed; one without interviews may still be deleted."""

    fields = ("name", "email", "phone", "locale", "time_zone")
    list_display = ("name", "email", "phone", "interview_count", "created_at")
    search_fields = ("name", "email", "phone")
    search_help_text = "Search by name, e-mail or phone"
    ordering = ("-created_at", "-id")
    removers: ClassVar[frozenset[str]] = WRITERS
    change_form_outer_after_template = "console/candidate_interviews.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count the interviews in the same query."""
        return super().get_queryset(request).annotate(interview_total=Count("interviews"))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Say how a phone number is written."""
        if db_field.name == "email":
            kwargs["widget"] = UnfoldAdminEmailInputWidget
        if db_field.name == "time_zone":
            kwargs["widget"] = UnfoldAdminSelectWidget(choices=_time_zones())
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "phone" and field is not None:
            field.help_text = "With country code, for example +442071838750."
        return field

    @display(description="Interviews", ordering="interview_total")
    def interview_count(self, row: Any) -> int:
        """Return how many interviews there are."""
        return row.interview_total

    def is_removable(self, row: Any) -> bool:
        """Nobody was interviewed and no document was stored."""
        return not row.interviews.exists() and not row.documents.exists()

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the candidate with all interviews."""
        row = self.own_row(request, object_id)
        interviews = Interview.objects.for_user(request.user).filter(candidate=row)
        shown = {
            "interviews": interviews.select_related("job", "guide").order_by("-id")[:50],
            "candidate_id": row.pk,
            "candidate": row,
            "may_write": self.has_change_permission(request, row),
        }
        return super().change_view(request, object_id, form_url, {**shown, **(extra_context or {})})

    # --- buttons ----------------------------------------------------------------------------
    def get_urls(self) -> list[Any]:
        """Add the buttons that note whether somebody may be called."""
        own = [
            path(
                "<uuid:object_id>/allow_calls/",
                self._button(allow_calls, "It is noted that this person may be called."),
                name="candidate_allow_calls",
            ),
            path(
                "<uuid:object_id>/refuse_calls/",
                self._button(refuse_calls, "It is noted: this person is not called."),
                name="candidate_refuse_calls",
            ),
        ]
        return own + super().get_urls()

    def _button(self, note: Any, done: str) -> Any:
        @require_POST
        def pressed(request: HttpRequest, object_id: Any) -> HttpResponse:
            row = self.row_to_change(request, str(object_id))
            try_on(request, lambda: note(row, Actor.person(request.user)), done)
            return redirect(reverse("admin:interviews_candidate_change", args=[row.pk]))

        return self.admin_site.admin_view(pressed)


def _time_zones() -> list[tuple[str, str]]:
    names = sorted(zoneinfo.available_timezones())
    return [("", "Not known"), *((name, name.replace("_", " ")) for name in names)]


class OfInterviewAdmin(RecordAdmin):
    """Rows that are read on the page of their interview; the list leads there."""

    list_select_related: Any = ("interview__candidate", "interview__job")
    search_fields: Any = ("interview__candidate__name", "interview__candidate__email")
    search_help_text = "Search by candidate"
    ordering = ("-id",)
    list_display_links = ("interview",)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Lead to the interview."""
        row = self.own_row(request, object_id)
        return redirect(reverse("admin:interviews_interview_change", args=[row.interview_id]))


@admin.register(Invitation)
class InvitationAdmin(OfInterviewAdmin):
    """Which links were sent, opened and taken back; the secret itself is stored nowhere."""

    list_display = ("interview", "shown_state", "sent_at", "opened_at", "expires_at")

    @display(
        description="State",
        label={"Open": "info", "Opened": "success", "Expired": "warning", "Not sent yet": "danger"},
    )
    def shown_state(self, row: Invitation) -> str:
        """Return what became of the link."""
        return invitation_state(row)


@admin.register(Consent)
class ConsentAdmin(OfInterviewAdmin):
    """What was agreed to, in which words."""

    list_display = ("interview", "version", "language", "shown_source", "created_at")
    list_filter = ("source", "version")

    @display(description="Given by", ordering="source")
    def shown_source(self, row: Consent) -> str:
        """Return who gave or declared it."""
        return "the candidate" if row.source == "candidate" else "declared by a member"


def invitation_state(row: Invitation) -> str:
    """Return in words what became of an invitation's link."""
    if row.revoked_at:
        return "No longer valid"
    if row.expires_at <= timezone.now():
        return "Expired"
    if row.opened_at:
        return "Opened"
    return "Open" if row.sent_at else "Not sent yet"
