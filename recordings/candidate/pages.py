"""What is shown: one page for each state of the interview, and one for each thing gone wrong."""

import math
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from interviews import consent as consents
from interviews.consent import ConsentText
from interviews.models import Interview, Invitation, Turn
from interviews.services.conversation import open_turn
from interviews.services.speeches import reader_of
from interviews.states import ENDED, Channel, Status
from interviews.states import OPEN as OPEN
from recordings.candidate import phone, words
from recordings.candidate.forms import AnswerForm, ConsentForm
from recordings.serializers import LONGEST_TEXT
from recordings.services.retention import retention_days
from talenti.errors import Invalid

BEFORE = (Status.CREATED, Status.INVITED)
LONGEST_HEADING = 60  # signs of a sentence that is shown as a paragraph's heading
WARNING_MINUTES = 1  # recording stops by itself this long before the longest that is taken


def next_page(request: HttpRequest, interview: Interview) -> HttpResponse:
    """Return the page of the interview's state."""
    if interview.status in ENDED:
        return _of_interview(request, "over", interview, status_code=200)
    if interview.status == Status.COMPLETED:
        return _of_interview(request, "thanks", interview, receipt=_receipt(interview))
    if interview.channel == Channel.PHONE and _is_about_the_call(interview):
        return phone.call_page(request, interview)
    if interview.status in BEFORE:
        return before(request, interview)
    turn = open_turn(interview)
    if turn is None:
        return _ready(request, interview)
    return question(request, interview, turn)


def _ready(request: HttpRequest, interview: Interview) -> HttpResponse:
    return _of_interview(
        request,
        "ready",
        interview,
        has_begun=interview.status == Status.IN_PROGRESS,
        words=words.of_check(),
        **_size(interview),
    )


def _is_about_the_call(interview: Interview) -> bool:
    """Return whether it comes to the call: after the consent, or when the call was spoken about.

    Consent can be given in the call as well.
    """
    has_spoken = interview.candidate.do_not_call or interview.calls.open().exists()
    return interview.status not in BEFORE or has_spoken


def before(request: HttpRequest, interview: Interview) -> HttpResponse:
    """Return what is agreed to, or that there is no text in the interview's language."""
    text = consent_text(interview)
    if text is None:
        return _of_interview(request, "no_language", interview)
    return consent(request, interview, ConsentForm(text))


def consent_text(interview: Interview) -> ConsentText | None:
    """Return what is agreed to, None when there is no text in the interview's language."""
    try:
        return consents.current(interview.language)
    except Invalid:
        return None


def consent(
    request: HttpRequest,
    interview: Interview,
    form: ConsentForm,
    *,
    status: int = 200,
    has_changed: bool = False,
) -> HttpResponse:
    """Return who asks, for what and how, with each purpose to be ticked by itself."""
    organisation = interview.organisation
    text = form.text
    shown = text.filled(
        organisation=organisation.name,
        contact=organisation.contact_email or _someone(interview),
        retention_days=retention_days(organisation),
    )
    return _of_interview(
        request,
        "consent",
        interview,
        status_code=status,
        form=form,
        has_changed=has_changed,
        text=text,
        paragraphs=[_paragraph(part) for part in shown.split("\n\n")],
        purposes=[_purpose(form, key, sentence) for key, sentence in text.purposes.items()],
        **_size(interview),
    )


def _paragraph(part: str) -> dict[str, str]:
    """Return a paragraph with its first sentence apart when that is a short heading."""
    heading, stop, rest = part.partition(". ")
    is_heading = bool(stop) and len(heading) <= LONGEST_HEADING
    return {"heading": f"{heading}." if is_heading else "", "rest": rest if is_heading else part}


def _purpose(form: ConsentForm, key: str, sentence: str) -> dict[str, Any]:
    return {
        "key": key,
        "sentence": sentence,
        "is_required": key in form.text.required_purposes,
        "is_ticked": key in form.ticked,
        "is_missing": key in form.missing,
    }


def _someone(interview: Interview) -> str:
    """Return the way to a person where the organisation left no address."""
    asked = _("the person at %(organisation)s who is in touch with you")
    return asked % {"organisation": interview.organisation.name}


def _size(interview: Interview) -> dict[str, int]:
    """Return how many questions, and the longest they should take in minutes, with extra time."""
    limits = list(interview.guide.questions.values_list("time_limit_seconds", flat=True))
    minutes = math.ceil(sum(_stretched(limit, interview) for limit in limits) / 60)
    return {"questions": len(limits), "minutes": minutes}


def _stretched(seconds: int, interview: Interview) -> int:
    return math.ceil(seconds * (100 + interview.extra_time) / 100)


def question(
    request: HttpRequest, interview: Interview, turn: Turn, form: AnswerForm | None = None
) -> HttpResponse:
    """Return the open question, with what was written so far after a mistake."""
    seconds = _stretched(turn.question.time_limit_seconds, interview)
    places = list(interview.guide.questions.order_by("position").values_list("pk", flat=True))
    longest = settings.MAX_RECORDING_DURATION_MINUTES - WARNING_MINUTES
    return _of_interview(
        request,
        "question",
        interview,
        status_code=422 if form else 200,
        turn=turn,
        form=form or AnswerForm(),
        is_follow_up=turn.kind == "probe",
        number=places.index(turn.question_id) + 1,
        total=len(places),
        answered=places.index(turn.question_id),
        limit=_clock(seconds),
        limit_seconds=seconds,
        longest_seconds=max(longest * 60, 30),
        longest_text=LONGEST_TEXT,
        words=words.of_recorder(),
        read_by=reader_of(interview),
        listen_words=words.of_listening(),
    )


def _clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"


def skip(request: HttpRequest, interview: Interview, turn: Turn) -> HttpResponse:
    """Return the question whether to leave it out."""
    return _of_interview(request, "skip", interview, turn=turn)


def decline(request: HttpRequest, interview: Interview) -> HttpResponse:
    """Return the question whether to end it all."""
    context = {
        "has_answers": interview.turns.exclude(answered_at=None).exists(),
        "retention_days": retention_days(interview.organisation),
    }
    return _of_interview(request, "decline", interview, **context)


def _receipt(interview: Interview) -> dict[str, int]:
    answers = list(interview.turns.values_list("answer_ms", "answer_text"))
    spoken = sum(spoken_ms is not None for spoken_ms, _text in answers)
    written = sum(bool(text) for _ms, text in answers)
    return {"spoken": spoken, "written": written, "skipped": len(answers) - spoken - written}


# --- what went wrong --------------------------------------------------------------------------


def dead_link(request: HttpRequest, invitation: Invitation | None) -> HttpResponse:
    """Return 404 for every link that opens nothing, whether it ever did or not.

    Who holds a link that once was right is told where to find a person.
    """
    interview = invitation.interview if invitation else None
    return _trouble(request, "dead_link", 404, interview)


def closed(request: HttpRequest) -> HttpResponse:
    """Return 403 for a browser that did not come by a link, or came too long ago."""
    return _trouble(request, "closed", 403)


def refused(request: HttpRequest) -> HttpResponse:
    """Return 403 for a form that may be forged, or whose page is older than the cookies."""
    return _trouble(request, "refused", 403)


def elsewhere(request: HttpRequest) -> HttpResponse:
    """Return 404 for something that is no part of the visitor's own interview."""
    return _trouble(request, "elsewhere", 404)


def too_late(
    request: HttpRequest, interview: Interview, turn: Turn, form: AnswerForm
) -> HttpResponse:
    """Return 409 for an answer to what has its answer already, or to an interview that is over."""
    return _trouble(request, "too_late", 409, interview)


def _trouble(
    request: HttpRequest, name: str, status: int, interview: Interview | None = None
) -> HttpResponse:
    """Return a page that says what to do, with the words that were sent in vain."""
    written = request.POST.get("text", "") if request.method == "POST" else ""
    context = {"trouble": name, "written": written, "interview": interview}
    return render(request, "candidate/trouble.html", context, status=status)


def _of_interview(
    request: HttpRequest, name: str, interview: Interview, *, status_code: int = 200, **more: Any
) -> HttpResponse:
    context = {"interview": interview, "organisation": interview.organisation, **more}
    return render(request, f"candidate/{name}.html", context, status=status_code)
