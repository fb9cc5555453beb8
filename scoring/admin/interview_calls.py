"""The part of an interview's page about calls: call, plan, stop, and what happens meanwhile."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_safe

from interviews.models import Interview
from interviews.services.call_planning import plan_call, stop_call
from scoring.admin import phone
from scoring.forms.calls import PlanForm
from talenti.admin.tenants import RecordAdmin
from talenti.errors import Invalid, WrongState
from talenti.history import Actor


class InterviewCalls(RecordAdmin):
    """Buttons and the living part of the section about calls."""

    def get_urls(self) -> list[Any]:
        """Add what the page asks for again and again while a call lives."""
        live = self.admin_site.admin_view(require_safe(self._phone))
        own = [path("<uuid:object_id>/phone/", live, name="interview_phone")]
        return own + super().get_urls()

    def whole(self, request: HttpRequest, object_id: Any) -> Interview:
        """Return an own interview with everything that its page speaks of; 404 for any other id."""
        self.own_row(request, str(object_id))
        wanted = ("candidate", "job", "guide", "organisation")
        found: Interview = self.get_queryset(request).select_related(*wanted).get(pk=object_id)
        return found

    def _phone(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """Return the living part as it is now, for the script of the page."""
        interview = self.whole(request, object_id)
        living = phone.living_part(interview)
        if living is None:
            raise Http404
        return TemplateResponse(request, "console/call_live.html", {"phone": living})

    def call_now(self, request: HttpRequest, interview: Interview) -> None:
        """Call at once; raises WrongState with every reason against it."""
        plan_call(interview, Actor.person(request.user))

    def plan_a_call(self, request: HttpRequest, interview: Interview) -> None:
        """Plan a call at a time of the candidate's own clock."""
        form = PlanForm(interview.candidate.time_zone, request.POST)
        if not form.is_valid():
            raise Invalid("Give a day and a time that there is where the candidate is.")
        plan_call(interview, Actor.person(request.user), at=form.cleaned_data["local"])

    def stop_calling(self, request: HttpRequest, interview: Interview) -> None:
        """Cancel the planned call, or let the live one say goodbye."""
        call = interview.calls.open().first()
        if call is None:
            raise WrongState("There is no call that could be stopped.")
        stop_call(call, Actor.person(request.user))
