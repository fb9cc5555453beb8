"""Positions, and the guides that belong to them."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST
from unfold.decorators import display

from interviews.guide_body import GuideBody
from interviews.models import Guide, Job
from interviews.services.drafting import Drafted, Position, draft_guide
from interviews.services.guides import create_guide
from interviews.states import JOB, GuideStatus, JobStatus
from talenti.admin.outcomes import explain, try_on
from talenti.admin.tenants import TenantAdmin
from talenti.errors import Invalid, TalentiError
from talenti.history import Actor, advance
from talenti.roles import WRITERS

DRAFTED = "This is a draft. Read and edit every line before you publish it."
QUEUED = "The draft is on its way: this page shows it as soon as it is there."
STATUS_COLOURS = {JobStatus.OPEN.label: "success"}


@admin.register(Job)
class JobAdmin(TenantAdmin):
    """A position with its guides; one without guides and interviews may still be deleted."""

    fields = ("title", "description")
    list_display = ("title", "shown_status", "guide_state", "interview_count", "created_at")
    list_filter = ("status",)
    search_fields = ("title",)
    search_help_text = "Search by title"
    ordering = ("-created_at", "-id")
    removers: ClassVar[frozenset[str]] = WRITERS
    change_form_outer_after_template = "console/job_guides.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count guides and interviews in the same query."""
        published = Count("guides", filter=Q(guides__status=GuideStatus.PUBLISHED), distinct=True)
        return (
            super()
            .get_queryset(request)
            .annotate(
                guide_total=Count("guides", distinct=True),
                published_total=published,
                interview_total=Count("interviews", distinct=True),
            )
        )

    @display(description="Status", ordering="status", label=STATUS_COLOURS)
    def shown_status(self, row: Job) -> str:
        """Return the status in words."""
        return row.get_status_display()

    @display(description="Guide", label={"Published": "success", "Draft only": "warning"})
    def guide_state(self, row: Any) -> str:
        """Return whether interviews can be made."""
        if row.published_total:
            return "Published"
        return "Draft only" if row.guide_total else "None yet"

    @display(description="Interviews", ordering="interview_total")
    def interview_count(self, row: Any) -> int:
        """Return how many interviews there are."""
        return row.interview_total

    def is_removable(self, row: Any) -> bool:
        """Nothing was written or asked for it yet."""
        return not row.guides.exists() and not row.interviews.exists()

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the position with its guides and what can be done."""
        row = self.own_row(request, object_id)
        shown = {
            "job_row": row,
            "guides": Guide.objects.filter(job=row).order_by("-version"),
            "may_write": self.has_change_permission(request, row),
        }
        return super().change_view(request, object_id, form_url, {**shown, **(extra_context or {})})

    # --- buttons ----------------------------------------------------------------------------
    def get_urls(self) -> list[Any]:
        """Add the buttons of one position."""
        own = [
            path("<uuid:object_id>/draft/", self._button(self._draft), name="job_draft"),
            path("<uuid:object_id>/empty/", self._button(self._empty), name="job_empty_guide"),
            path("<uuid:object_id>/status/", self._button(self._turn), name="job_status"),
        ]
        return own + super().get_urls()

    def _button(self, press: Any) -> Any:
        @require_POST
        def pressed(request: HttpRequest, object_id: Any) -> HttpResponse:
            job = self.row_to_change(request, str(object_id))
            return redirect(
                press(request, job) or reverse("admin:interviews_job_change", args=[job.pk])
            )

        return self.admin_site.admin_view(pressed)

    def _draft(self, request: HttpRequest, job: Job) -> str | None:
        language = request.POST.get("language", "en-US")
        try:
            made = draft_from_description(job, language, Actor.person(request.user))
        except TalentiError as refusal:
            messages.error(request, explain(refusal))
            return None
        messages.success(request, QUEUED if made.queued else DRAFTED)
        return guide_address(made.guide)

    def _empty(self, request: HttpRequest, job: Job) -> str:
        body = GuideBody(title=job.title, language="en-US", competencies=(), questions=())
        return guide_address(create_guide(job, body, Actor.person(request.user)))

    def _turn(self, request: HttpRequest, job: Job) -> None:
        to = JobStatus.CLOSED if job.status == JobStatus.OPEN else JobStatus.OPEN
        actor = Actor.person(request.user)
        try_on(request, lambda: advance(job, JOB, to, actor), f"The job is {to} now.")


def guide_address(guide: Guide) -> str:
    """Return the address of the guide's page."""
    return reverse("admin:interviews_guide_change", args=[guide.pk])


def draft_from_description(job: Job, language: str, actor: Actor) -> Drafted:
    """Let the author draft the job's next guide; raises Invalid without a description."""
    if not job.description.strip():
        raise Invalid("Write the job's description first: the draft is made from it.")
    return draft_guide(job, Position(job.title, job.description, language), actor)
