"""Work items: what is queued, running, done or dead, and putting dead work back."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timesince import timesince
from django.views.decorators.http import require_POST
from unfold.decorators import display

from talenti.admin.histories import words
from talenti.admin.outcomes import try_on, try_on_each
from talenti.admin.tenants import OwnRowsFilter, RecordAdmin
from talenti.errors import NotAllowed
from talenti.history import Actor
from talenti.models import Organisation
from talenti.roles import OWNERS
from talenti.work.models import OPEN_STATES, State, WorkItem
from talenti.work.queue import cancel, requeue

STATE_COLOURS = {
    State.QUEUED.label: "info",
    State.RUNNING.label: "warning",
    State.DONE.label: "success",
    State.DEAD.label: "danger",
}
KINDS = {
    "recordings.transcribe": "Writing down a recording",
    "recordings.fetch_call": "Fetching the recording of a call",
    "scoring.score": "Scoring an interview",
    "interviews.send_invitation": "Sending an invitation",
    "interviews.draft_guide": "Drafting a guide",
    "interviews.place_call": "Calling a candidate",
    "interviews.follow_call": "Following a call",
    "interviews.choose_turn": "Choosing the next question of a call",
    "interviews.perform_operation": "Speaking in a call",
    "interviews.watch_call": "Watching a call",
    "interviews.take_back_document": "Deleting a file that was not stored to the end",
}


class OrganisationFilter(OwnRowsFilter):
    """A filter that offers staff every organisation and members their own."""

    def field_choices(
        self,
        field: Any,
        request: HttpRequest,
        model_admin: Any,
    ) -> list[tuple[Any, Any]]:
        """Return the ids and names of organisations, by name."""
        user: Any = request.user
        known = Organisation.objects.order_by("name")
        if not user.is_staff:
            known = known.filter(pk__in=list(user.roles))
        return [(row.pk, row.name) for row in known[:200]]


@admin.register(WorkItem)
class WorkItemAdmin(RecordAdmin):
    """Operations: staff see all organisations' work, members their own."""

    list_display = ("what", "shown_state", "attempt", "age", "cause", "organisation")
    list_filter = ("state", "kind", ("organisation", OrganisationFilter))
    list_filter_sheet = True
    list_select_related = ("organisation",)
    search_fields = ("cause", "kind")
    search_help_text = "Search by cause or kind"
    ordering = ("-id",)
    actions = ("requeue_selected", "cancel_selected")
    change_form_outer_after_template = "console/work_buttons.html"

    def cut(self, rows: Any, request: HttpRequest) -> QuerySet[Any]:
        """Return all work to staff, one's own organisations' to members."""
        return rows if request.user.is_staff else super().cut(rows, request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Staff see operations of everybody."""
        return request.user.is_staff or super().has_view_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show what explains the item first."""
        first = ["kind", "state", "cause", "last_error", "attempt", "organisation", "created_at"]
        hidden = {"id", "ring_at", "rings"}
        rest = [field.name for field in self.model._meta.fields if field.name not in hidden]
        return [*first, *(name for name in rest if name not in first)]

    @display(description="Work")
    def what(self, item: WorkItem) -> str:
        """Return what is to be done, in words."""
        return kind_in_words(item.kind)

    @display(description="State", ordering="state", label=STATE_COLOURS)
    def shown_state(self, item: WorkItem) -> str:
        """Return the state's name."""
        return item.get_state_display()

    @display(description="Age", ordering="created_at")
    def age(self, item: WorkItem) -> str:
        """Return since when it waits, or how long ago it was queued."""
        return timesince(item.created_at, timezone.now(), depth=1)

    @admin.action(description="Put back into the queue")
    def requeue_selected(self, request: HttpRequest, rows: QuerySet[WorkItem]) -> None:
        """Requeue dead or cancelled work."""
        try_on_each(request, rows, lambda item: self._requeue(request, item), "Put back")

    @admin.action(description="Take out of the queue")
    def cancel_selected(self, request: HttpRequest, rows: QuerySet[WorkItem]) -> None:
        """Cancel open work."""
        try_on_each(request, rows, lambda item: self._cancel(request, item), "Taken out")

    def _check(self, request: HttpRequest, item: WorkItem) -> None:
        if not may_operate(request.user, item):
            raise NotAllowed("Only owners and staff may do that.")

    def _requeue(self, request: HttpRequest, item: WorkItem) -> None:
        self._check(request, item)
        requeue(item, Actor.person(request.user))

    def _cancel(self, request: HttpRequest, item: WorkItem) -> None:
        self._check(request, item)
        cancel(item, Actor.person(request.user))

    def get_urls(self) -> list[Any]:
        """Add the buttons of one item."""
        own = [
            path("<uuid:object_id>/requeue/", self._button(self._requeue), name="work_requeue"),
            path("<uuid:object_id>/cancel/", self._button(self._cancel), name="work_cancel"),
        ]
        return own + super().get_urls()

    def _button(self, act: Any) -> Any:
        @require_POST
        def press(request: HttpRequest, object_id: Any) -> HttpResponse:
            item = self.own_row(request, str(object_id))
            if not may_operate(request.user, item):
                raise PermissionDenied
            try_on(request, lambda: act(request, item), "Done.")
            return redirect(
                _next_page(request) or reverse("admin:work_workitem_change", args=[item.pk])
            )

        return self.admin_site.admin_view(press)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one item with what can be done about it."""
        item = self.own_row(request, object_id)
        operates = may_operate(request.user, item)
        moves = {
            "title": kind_in_words(item.kind),
            "can_requeue": operates and item.state in {State.DEAD, State.CANCELLED},
            "can_cancel": operates and item.state in OPEN_STATES,
            "work_id": item.pk,
        }
        return super().change_view(request, object_id, form_url, {**moves, **(extra_context or {})})


def _next_page(request: HttpRequest) -> str:
    """Return the page that the button stood on, if it is one of ours."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if ours else ""


def kind_in_words(kind: str) -> str:
    """Return what work of this kind does."""
    return KINDS.get(kind) or words(kind.rpartition(".")[2]).capitalize()


def may_operate(user: Any, item: WorkItem) -> bool:
    """Return whether this user may requeue or cancel the item: staff, or an owner there."""
    return user.is_staff or user.role_in(item.organisation_id) in OWNERS
