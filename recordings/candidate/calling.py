"""The candidate's choice of a time to be called: taken, moved, taken back, or refused."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from interviews.models import Interview
from interviews.services.call_choices import choose_time, refuse_to_be_called, take_back_time
from interviews.states import OPEN, Channel
from recordings.candidate import pages, phone
from recordings.candidate.forms import TimeForm
from recordings.candidate.guests import for_candidate
from talenti.errors import Invalid, WrongState

PAST = _("This time has passed. Please choose another one.")
NOT_THEN = _("We cannot call you then. Please choose another time, or turn to the person below.")
UNREADABLE = _("This page could not be read. Please try once more.")


@for_candidate("GET", "HEAD", "POST")
def choose(request: HttpRequest, interview: Interview) -> HttpResponse:
    """Show the times, or take the one that was chosen; an earlier plan is moved."""
    if not _is_called(interview):
        return redirect("candidate:page")
    if request.method != "POST":
        return phone.call_page(request, interview, wants_another=True)
    form = TimeForm(request.POST)
    if not form.is_valid():
        problem = UNREADABLE if {"interview", "time_zone"} & set(form.errors) else ""
        return _again(request, interview, form, 422, problem)
    if form.cleaned_data["interview"] != interview.pk:
        return pages.elsewhere(request)
    return _plan(request, interview, form)


def _plan(request: HttpRequest, interview: Interview, form: TimeForm) -> HttpResponse:
    given = form.cleaned_data
    try:
        choose_time(interview, at=given["at"], time_zone=given["time_zone"])
    except Invalid:
        return _again(request, interview, form, 422, PAST)
    except WrongState:
        return _again(request, interview, form, 409, NOT_THEN)
    return redirect("candidate:page")


def _again(
    request: HttpRequest, interview: Interview, form: TimeForm, status: int, problem: object
) -> HttpResponse:
    """Return the times once more; what was tried has left nothing in the rows."""
    known = Interview.objects.select_related("candidate", "organisation", "job")
    fresh = known.get(pk=interview.pk)
    return phone.call_page(request, fresh, form, status=status, wants_another=True, problem=problem)


@for_candidate("GET", "HEAD", "POST")
def take_back(request: HttpRequest, interview: Interview) -> HttpResponse:
    """Cancel the planned call; the times are shown again."""
    if request.method == "POST" and _is_called(interview):
        if request.POST.get("interview") != str(interview.pk):
            return pages.elsewhere(request)
        try:
            take_back_time(interview)
        except WrongState:  # it is being made
            return redirect("candidate:page")
    return redirect("candidate:call")


@for_candidate("GET", "HEAD", "POST")
def refuse(request: HttpRequest, interview: Interview) -> HttpResponse:
    """Ask once more, then note that this person is not to be called."""
    if not _is_called(interview):
        return redirect("candidate:page")
    if request.method != "POST":
        context = {"interview": interview, "organisation": interview.organisation}
        return render(request, "candidate/no_calls.html", context)
    if request.POST.get("interview") != str(interview.pk):
        return pages.elsewhere(request)
    refuse_to_be_called(interview)
    return redirect("candidate:page")


def _is_called(interview: Interview) -> bool:
    return interview.channel == Channel.PHONE and interview.status in OPEN
