"""The page of one interview, and everything that can be done from it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from interviews.models import Interview, Question
from interviews.services.interviews import cancel_interview, set_legal_hold
from interviews.services.invitations import invite
from recordings.forms.confirmation import read_corrections
from recordings.forms.upload import UploadForm
from recordings.models import Segment
from recordings.services.confirmation import confirm_transcript
from recordings.services.uploads import announce_upload
from recordings.states import UNCONFIRMED
from scoring.admin import page
from scoring.admin.interview_calls import InterviewCalls
from scoring.forms.review import DecisionForm, HoldForm, ReviewForm
from scoring.reading.visibility import hidden_history
from scoring.services.decisions import decide
from scoring.services.requests import request_score
from scoring.services.reviews import submit_review
from talenti.admin.outcomes import explain, try_on
from talenti.errors import Invalid, TalentiError
from talenti.history import Actor, record
from talenti.models import HistoryEntry
from talenti.roles import DECIDERS, REVIEWERS, WRITERS

Act = Callable[[HttpRequest, Interview], object]


class InterviewPages(InterviewCalls):
    """One page with the whole interview; each button is one address that calls one service."""

    writers = WRITERS

    def get_urls(self) -> list[Any]:
        """Add the buttons, the report and the state that the page asks for."""
        acts: list[tuple[str, frozenset[str], Act, str]] = [
            ("confirm", REVIEWERS, self._confirm, "The transcript is confirmed."),
            ("decide", DECIDERS, self._decide, "The decision is stored."),
            ("hold", WRITERS, self._hold, "The legal hold is stored."),
            ("invite", WRITERS, self._invite, "The invitation is on its way."),
            ("cancel", WRITERS, self._cancel, "The interview is cancelled."),
            ("score", WRITERS, self._score, "Scoring has been asked for."),
            ("call", WRITERS, self.call_now, "The candidate is being called."),
            ("plan_call", WRITERS, self.plan_a_call, "The call is planned."),
            ("stop_call", WRITERS, self.stop_calling, "The call comes to its end."),
        ]
        own = [
            path(
                f"<uuid:object_id>/{name}/",
                self._button(roles, act, done),
                name=f"interview_{name}",
            )
            for name, roles, act, done in acts
        ]
        pages = {
            "review": self._review,
            "upload": self._upload,
            "state": self._state,
            "report": self._report,
        }
        own += [
            path(
                f"<uuid:object_id>/{name}/",
                self.admin_site.admin_view(view),
                name=f"interview_{name}",
            )
            for name, view in pages.items()
        ]
        return own + super().get_urls()

    def history_of(self, request: HttpRequest, row: Any) -> QuerySet[HistoryEntry]:
        """Return the story without what is withheld from a blind reviewer."""
        return super().history_of(request, row).exclude(hidden_history(request.user))

    # --- pages ------------------------------------------------------------------------------
    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the interview."""
        return self._render(request, self.whole(request, object_id))

    def _render(
        self,
        request: HttpRequest,
        interview: Interview,
        template: str = "console/interview.html",
        **extra: Any,
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            **page.page_of(interview, request.user),
            "title": str(interview.candidate),
            "subtitle": str(interview.job),
            "opts": self.opts,
            "object": interview,
            "may_write": self.allows(request, WRITERS, interview),
            "may_review": self.allows(request, REVIEWERS, interview),
            "may_decide": self.allows(request, DECIDERS, interview),
            "now": timezone.now(),
        }
        context.setdefault("review_form", ReviewForm(context["competencies"]))
        return TemplateResponse(request, template, context | extra)

    def _report(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """Show the whole story as one page for printing; that it was opened is noted."""
        interview = self.whole(request, object_id)
        if request.method == "GET":
            record(interview, "printed", Actor.person(request.user))
        return self._render(request, interview, "console/report.html")

    def _state(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """Return a word that changes when the page has something new to show."""
        interview = self.own_row(request, str(object_id))
        return JsonResponse({"version": page.version_of(interview)})

    # --- buttons ----------------------------------------------------------------------------
    def _button(self, roles: frozenset[str], act: Act, done: str) -> Any:
        @require_POST
        def pressed(request: HttpRequest, object_id: Any) -> HttpResponse:
            interview = self.row_to_change(request, str(object_id), roles)
            try_on(request, lambda: act(request, interview), done)
            return self._back(interview)

        return self.admin_site.admin_view(pressed)

    def _back(self, interview: Interview, place: str = "") -> HttpResponse:
        address = reverse("admin:interviews_interview_change", args=[interview.pk])
        return redirect(f"{address}{place}")

    def _confirm(self, request: HttpRequest, interview: Interview) -> None:
        waiting = Segment.objects.filter(
            transcript__interview=interview, transcript__status__in=UNCONFIRMED
        )
        corrections = read_corrections(request.POST, waiting)
        confirm_transcript(interview, corrections, Actor.person(request.user))

    def _decide(self, request: HttpRequest, interview: Interview) -> None:
        given = _valid(DecisionForm(request.POST), "Choose an outcome and give a reason.")
        decide(interview, given["outcome"], given["reason"], Actor.person(request.user))

    def _hold(self, request: HttpRequest, interview: Interview) -> None:
        given = _valid(HoldForm(request.POST), "Give a reason for the legal hold.")
        actor = Actor.person(request.user)
        set_legal_hold(interview, actor, held=given["held"] == "yes", reason=given["reason"])

    def _invite(self, request: HttpRequest, interview: Interview) -> None:
        invite(interview, Actor.person(request.user))

    def _cancel(self, request: HttpRequest, interview: Interview) -> None:
        reason = request.POST.get("reason", "").strip()[:500]
        cancel_interview(interview, Actor.person(request.user), reason=reason)

    def _score(self, request: HttpRequest, interview: Interview) -> None:
        request_score(interview, Actor.person(request.user))

    def _review(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """Store a scorecard of the user's own; what was filled in stays when it is refused."""
        if request.method != "POST":
            return self._back(self.own_row(request, str(object_id)))
        self.row_to_change(request, str(object_id), REVIEWERS)
        interview = self.whole(request, object_id)
        competencies = interview.guide.competencies.order_by("position")
        form = ReviewForm(list(competencies), request.POST)
        actor = Actor.person(request.user)
        if not form.is_valid():
            messages.error(request, "Choose a level for every competency, or Not assessed.")
            return self._render(request, interview, review_form=form)
        comment = form.cleaned_data["comment"]
        submit = lambda: submit_review(interview, form.ratings(), actor, comment=comment)  # noqa: E731
        if try_on(request, submit, "Your scorecard is submitted."):
            return self._back(interview, "#scorecards")
        return self._render(request, interview, review_form=form)

    def _upload(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """Return the address to which the browser sends one recording."""
        if request.method != "POST":
            return self._back(self.own_row(request, str(object_id)))
        interview = self.row_to_change(request, str(object_id), WRITERS)
        form = UploadForm(Question.objects.filter(guide=interview.guide_id), request.POST)
        try:
            _valid(form, "The file has no name, or its size is unknown.")
            row, address = announce_upload(interview, form.plan(), Actor.person(request.user))
        except TalentiError as refusal:
            return JsonResponse({"detail": explain(refusal)}, status=409)
        done = reverse("admin:recording_complete", args=[row.pk])
        upload = {"method": address.method, "url": address.url, "headers": address.headers}
        return JsonResponse({"upload": upload, "complete": done})


def _valid(form: Any, otherwise: str) -> dict[str, Any]:
    """Return the cleaned values, or raise Invalid with the sentence for the person."""
    if not form.is_valid():
        raise Invalid(otherwise)
    return form.cleaned_data
