"""Interview guides: edited as one page while draft, read-only once published."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_POST
from unfold.decorators import display

from interviews.admin.guide_page import Draft, page_of
from interviews.admin.jobs import guide_address
from interviews.forms.guide_editor import editor_values, parse_editor, read_editor
from interviews.models import Guide
from interviews.services.drafting import read_progress
from interviews.services.guides import (
    copy_guide,
    publish_guide,
    read_body,
    replace_body,
    review_guide,
)
from interviews.states import GuideStatus
from talenti.admin.outcomes import explain, try_on
from talenti.admin.tenants import OwnRowsFilter, TenantAdmin
from talenti.errors import TalentiError, WrongState
from talenti.history import Actor
from talenti.roles import WRITERS

STATUS_COLOURS = {GuideStatus.PUBLISHED.label: "success", GuideStatus.DRAFT.label: "warning"}


@admin.register(Guide)
class GuideAdmin(TenantAdmin):
    """Guides are made on the page of their job; a draft that nobody uses may be deleted."""

    list_display = ("title", "job", "version", "shown_status", "questions_asked", "updated_at")
    list_filter = ("status", ("job", OwnRowsFilter))
    list_select_related = ("job",)
    search_fields = ("title", "job__title")
    search_help_text = "Search by title or job"
    ordering = ("-updated_at", "-id")
    removers: ClassVar[frozenset[str]] = WRITERS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count the questions in the same query."""
        return super().get_queryset(request).annotate(question_total=Count("questions"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: guides are added on the page of their job."""
        return False

    def is_removable(self, row: Any) -> bool:
        """Only drafts go; a published guide never changes."""
        return not row.is_published

    @display(description="Status", ordering="status", label=STATUS_COLOURS)
    def shown_status(self, row: Guide) -> str:
        """Return the status in words."""
        return row.get_status_display()

    @display(description="Questions", ordering="question_total")
    def questions_asked(self, row: Any) -> int:
        """Return how many questions it has."""
        return row.question_total

    def history_root(self, row: Any) -> Any:
        """Return the job's id: the history is kept there."""
        return row.job_id

    # --- the page ---------------------------------------------------------------------------
    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the guide, or store what was edited."""
        if request.method == "POST":
            return self._save(request, self.row_to_change(request, object_id))
        guide = self.own_row(request, object_id)
        return self._render(request, guide, Draft(editor_values(read_body(guide))))

    def _save(self, request: HttpRequest, guide: Guide) -> HttpResponse:
        draft = Draft({}, {})
        try:
            draft.values.update(read_editor(request.POST))
            self._refuse_stale(request, guide)
            replace_body(guide, parse_editor(draft.values), Actor.person(request.user))
            if request.POST.get("do") == "publish":
                return self._publish(request, guide)
        except TalentiError as refusal:
            draft.errors.update(getattr(refusal, "errors", {}))
            messages.error(request, refusal.message if draft.errors else explain(refusal))
            stored = draft.values or editor_values(read_body(guide))
            return self._render(request, guide, Draft(stored, draft.errors))
        messages.success(request, "The draft is saved.")
        return redirect(guide_address(guide))

    def _refuse_stale(self, request: HttpRequest, guide: Guide) -> None:
        if request.POST.get("seen") != guide.updated_at.isoformat():
            raise WrongState(
                "Somebody else changed this guide since you opened it."
                " Copy what you need, then load the page again."
            )

    def _publish(self, request: HttpRequest, guide: Guide) -> HttpResponse:
        reason = request.POST.get("override_reason", "").strip()
        actor = Actor.person(request.user)
        try:
            publish_guide(guide, actor, override_reason=reason)
        except WrongState as refusal:
            messages.error(request, f"The draft is saved. {refusal.message} See the notes below.")
        else:
            messages.success(request, "The guide is published. New interviews use it from now on.")
        return redirect(guide_address(guide))

    def _render(self, request: HttpRequest, guide: Guide, draft: Draft) -> HttpResponse:
        editable = not guide.is_published and self.has_change_permission(request, guide)
        objections = () if guide.is_published else review_guide(guide)
        context = {
            **self.admin_site.each_context(request),
            **page_of(draft, objections),
            "title": guide.title,
            "subtitle": f"Version {guide.version}",
            "opts": self.opts,
            "object": guide,
            "guide": guide,
            "progress": read_progress(guide),
            "editable": editable,
            "may_write": self.has_change_permission(request, guide),
            "may_delete": self.has_delete_permission(request, guide),
        }
        return TemplateResponse(request, "console/guide.html", context)

    # --- buttons ----------------------------------------------------------------------------
    def get_urls(self) -> list[Any]:
        """Add the button that makes the next version."""
        copy = path("<uuid:object_id>/copy/", self._copy_button(), name="guide_copy")
        return [copy, *super().get_urls()]

    def _copy_button(self) -> Any:
        @require_POST
        def pressed(request: HttpRequest, object_id: Any) -> HttpResponse:
            guide = self.row_to_change(request, str(object_id))
            made: list[Guide] = []
            actor = Actor.person(request.user)
            done = "This is the next version, as a draft. The published one stays as it is."
            try_on(request, lambda: made.append(copy_guide(guide, actor)), done)
            return redirect(guide_address(made[0] if made else guide))

        return self.admin_site.admin_view(pressed)
