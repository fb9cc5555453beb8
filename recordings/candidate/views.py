"""The candidate's page: read, agree, answer one question after the other, or stop at any time."""

import logging
import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from interviews.models import Interview, Turn
from interviews.services.consents import give_consent
from interviews.services.conversation import begin, skip_turn
from interviews.services.interviews import end_interview
from interviews.services.links import find_link, lets_in, note_opened
from interviews.states import ANSWERING, Channel, Status
from recordings.candidate import pages
from recordings.candidate.forms import AnswerForm, ConsentForm
from recordings.candidate.guests import for_candidate, hardened
from recordings.candidate.session import remember, remembered_id
from recordings.services.answers import answer_in_writing
from talenti.errors import Invalid, PermanentFailure, RetryLater, WrongState
from talenti.history import CANDIDATE

logger = logging.getLogger(__name__)


@hardened
@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Put the secret into a cookie and out of the address.

    It uses nothing up: mail scanners open links too. HEAD leaves no trace at all.
    """
    invitation = find_link(token)
    if invitation is None or not lets_in(invitation):
        response = pages.dead_link(request, invitation)
    else:
        response = redirect("candidate:page")
        if request.method == "GET":
            note_opened(invitation)
            if remembered_id(request) != invitation.pk:
                rotate_token(request)
            remember(response, invitation)
    response["Referrer-Policy"] = "no-referrer"
    return response


@for_candidate("GET", "HEAD")
def show_page(request: HttpRequest, interview: Interview) -> HttpResponse:
    """Show what is next."""
    return pages.next_page(request, interview)


@for_candidate("GET", "HEAD", "POST")
def agree(request: HttpRequest, interview: Interview) -> HttpResponse:
    """Take the consent; a second one changes nothing."""
    text = pages.consent_text(interview)
    if request.method != "POST" and interview.status in pages.BEFORE:
        return pages.before(request, interview)
    if request.method != "POST" or text is None or interview.status not in pages.BEFORE:
        return redirect("candidate:page")
    form = ConsentForm(text, request.POST)
    if not form.is_valid():
        return pages.consent(request, interview, form, status=422)
    if form.cleaned_data["interview"] != interview.pk:
        return pages.elsewhere(request)
    given = form.cleaned_data
    try:
        give_consent(interview, version=given["version"], purposes=given["purposes"])
    except Invalid:  # the text changed while it was read
        return pages.consent(request, interview, ConsentForm(text), status=409, has_changed=True)
    except WrongState:  # a second click, or it ended a moment ago
        pass
    return redirect("candidate:page")


@for_candidate("GET", "HEAD", "POST")
def decline(request: HttpRequest, interview: Interview) -> HttpResponse:
    """Ask once more, then end the interview as refused."""
    if interview.status not in pages.OPEN:
        return redirect("candidate:page")
    if request.method != "POST":
        return pages.decline(request, interview)
    if request.POST.get("interview") != str(interview.pk):
        return pages.elsewhere(request)
    try:
        end_interview(interview, Status.REFUSED, CANDIDATE)
    except WrongState:
        logger.info("declined after its end interview=%s", interview.pk)
    return redirect("candidate:page")


@for_candidate("GET", "HEAD", "POST")
def begin_interview(request: HttpRequest, interview: Interview) -> HttpResponse:
    """Ask the first question, or the next one after an interruption."""
    if request.method == "POST":
        ask_next(interview)
    return redirect("candidate:page")


@for_candidate("GET", "HEAD", "POST")
def write_answer(request: HttpRequest, interview: Interview, turn_id: uuid.UUID) -> HttpResponse:
    """Take an answer in writing."""
    turn = find_turn(interview, turn_id)
    if request.method != "POST":
        return redirect("candidate:page")
    form = AnswerForm(request.POST)
    if not form.is_valid():
        is_open = turn.answered_at is None and interview.status in ANSWERING
        show = pages.question if is_open else pages.too_late
        return show(request, interview, turn, form)
    try:
        answer_in_writing(turn, form.cleaned_data["text"])
    except WrongState:
        turn.refresh_from_db()
        if turn.answer_text != form.cleaned_data["text"]:
            return pages.too_late(request, interview, turn, form)
    ask_next(interview)
    return redirect("candidate:page")


@for_candidate("GET", "HEAD", "POST")
def skip(request: HttpRequest, interview: Interview, turn_id: uuid.UUID) -> HttpResponse:
    """Ask once more, then leave the question unanswered."""
    turn = find_turn(interview, turn_id)
    if turn.answered_at or interview.status not in ANSWERING:
        return redirect("candidate:page")
    if request.method != "POST":
        return pages.skip(request, interview, turn)
    try:
        skip_turn(turn)
    except WrongState:
        logger.info("skipped after its answer turn=%s", turn.pk)
    ask_next(interview)
    return redirect("candidate:page")


def find_turn(interview: Interview, turn_id: uuid.UUID) -> Turn:
    """Return one of the interview's own turns; Http404 for any other."""
    turn = interview.turns.select_related("question", "interview").filter(pk=turn_id).first()
    if turn is None:
        raise Http404
    return turn


def ask_next(interview: Interview) -> None:
    """Ask what is next. What was answered is kept even when that has to wait."""
    if interview.channel == Channel.PHONE:
        return
    try:
        begin(interview)
    except WrongState:  # it is over
        return
    except (RetryLater, PermanentFailure) as error:
        logger.warning("no next question interview=%s code=%s", interview.pk, error.code)
