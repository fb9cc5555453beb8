"""Interviews: the list with its actions, the form for a new one, and the way to each page."""

import contextlib
import uuid
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import display

from interviews.forms.new_interview import NewInterviewForm
from interviews.models import Interview
from interviews.services.call_planning import plan_call
from interviews.services.interviews import cancel_interview, create_interview
from interviews.services.invitations import invite
from interviews.states import Stage, Status
from scoring.admin.interview_page import InterviewPages
from scoring.admin.waiting import WAITING
from scoring.services.requests import request_score
from talenti.admin.outcomes import explain, try_on_each
from talenti.admin.tenants import OwnRowsFilter
from talenti.errors import NotAllowed, TalentiError
from talenti.history import Actor
from talenti.roles import WRITERS

STATUS_COLOURS = {
    Status.INVITED.label: "info",
    Status.CONSENTED.label: "info",
    Status.IN_PROGRESS.label: "warning",
    Status.COMPLETED.label: "success",
    Status.EXPIRED.label: "danger",
    Status.REFUSED.label: "danger",
}
STAGE_COLOURS = {
    Stage.TRANSCRIBING.label: "info",
    Stage.SCORING.label: "info",
    Stage.NEEDS_CONFIRMATION.label: "warning",
    Stage.NOT_SCORABLE.label: "warning",
    Stage.SCORED.label: "primary",
    Stage.REVIEWED.label: "primary",
    Stage.DECIDED.label: "success",
    Stage.FAILED.label: "danger",
}


class WaitingFilter(admin.SimpleListFilter):
    """What waits for the user."""

    title = "waits for me"
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the ways in which something can wait."""
        return [(key, title) for key, (title, _, _) in WAITING.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the chosen part of the user's own rows."""
        if self.value() not in WAITING:
            return queryset
        return WAITING[self.value() or ""][2](queryset, request.user)


@admin.register(Interview)
class InterviewAdmin(InterviewPages):
    """The list of interviews; each has one page for everything."""

    list_display = (
        "candidate",
        "job",
        "shown_status",
        "shown_stage",
        "channel",
        "created_on",
        "ends_on",
    )
    list_display_links = ("candidate",)
    list_filter = (
        WaitingFilter,
        "status",
        "stage",
        ("job", OwnRowsFilter),
        "channel",
        ("created_at", RangeDateFilter),
    )
    list_filter_submit = True
    list_select_related: ClassVar = ("candidate", "job")
    search_fields = ("candidate__name", "candidate__email", "job__title")
    search_help_text = "Search by candidate, e-mail or job"
    ordering = ("-created_at", "-id")
    actions = ("invite_selected", "call_selected", "cancel_selected", "score_selected")

    @display(description="Status", ordering="status", label=STATUS_COLOURS)
    def shown_status(self, row: Interview) -> str:
        """Return where the interview itself stands."""
        return row.get_status_display()

    @display(description="Stage", ordering="stage", label=STAGE_COLOURS)
    def shown_stage(self, row: Interview) -> str | None:
        """Return how far the answers have come; nothing before there are any."""
        waiting = row.stage == Stage.AWAITING_RECORDING and row.status != Status.COMPLETED
        return None if waiting else row.get_stage_display()

    @display(description="Created", ordering="created_at")
    def created_on(self, row: Interview) -> str:
        """Return the day."""
        return f"{row.created_at:%-d %b %Y}"

    @display(description="Ends", ordering="expires_at")
    def ends_on(self, row: Interview) -> str | None:
        """Return the last day, if one was set."""
        return f"{row.expires_at:%-d %b %Y}" if row.expires_at else None

    # --- actions ----------------------------------------------------------------------------
    @admin.action(description="Invite", permissions=["change"])
    def invite_selected(self, request: HttpRequest, rows: QuerySet[Interview]) -> None:
        """Send invitations; an earlier link stops working."""
        self._act(request, rows, invite, "Invited")

    @admin.action(description="Call now", permissions=["change"])
    def call_selected(self, request: HttpRequest, rows: QuerySet[Interview]) -> None:
        """Call those who can be called now; each other one is named with what speaks against it."""
        self._act(request, rows, plan_call, "Being called")

    @admin.action(description="Cancel", permissions=["change"])
    def cancel_selected(self, request: HttpRequest, rows: QuerySet[Interview]) -> None:
        """Cancel interviews that are not over."""
        self._act(request, rows, cancel_interview, "Cancelled")

    @admin.action(description="Score again", permissions=["change"])
    def score_selected(self, request: HttpRequest, rows: QuerySet[Interview]) -> None:
        """Queue another scoring; it adds a scorecard and changes none."""
        self._act(request, rows, request_score, "Scoring")

    def _act(
        self, request: HttpRequest, rows: QuerySet[Interview], service: Any, done: str
    ) -> None:
        actor = Actor.person(request.user)

        def act(row: Interview) -> None:
            if not self.allows(request, WRITERS, row):
                raise NotAllowed("Your role does not allow this.")
            service(row, actor)

        try_on_each(request, rows.select_related("candidate", "job"), act, done)

    # --- a new one --------------------------------------------------------------------------
    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Plan an interview."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            form = NewInterviewForm(request.user, request.POST)
            made = self._create(request, form) if form.is_valid() else None
            if made is not None:
                return redirect(reverse("admin:interviews_interview_change", args=[made.pk]))
        else:
            form = NewInterviewForm(request.user, initial=_asked(request))
        context = {
            **self.admin_site.each_context(request),
            "title": "New interview",
            "opts": self.opts,
            "form": form,
            "job_count": form.fields["job"].queryset.count(),  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "console/new_interview.html", context)

    def _create(self, request: HttpRequest, form: NewInterviewForm) -> Interview | None:
        actor = Actor.person(request.user)
        try:
            with transaction.atomic():
                made = create_interview(form.plan(), actor)
                if form.wants_invitation:
                    invite(made, actor)
        except TalentiError as refusal:
            form.add_error(None, explain(refusal))
            return None
        messages.success(request, "The interview is ready.")
        return made


def _asked(request: HttpRequest) -> dict[str, uuid.UUID]:
    """Return the job or candidate that a link names; what is no id is left out."""
    asked = {}
    for name in ("job", "candidate"):
        with contextlib.suppress(KeyError, ValueError):
            asked[name] = uuid.UUID(request.GET[name])
    return asked
