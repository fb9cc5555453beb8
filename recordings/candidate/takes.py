"""Spoken answers, as the page's script sends them: announced, sent to the storage, completed."""

import uuid
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from interviews.models import Interview
from recordings.candidate.forms import TakeForm
from recordings.candidate.guests import for_candidate
from recordings.candidate.views import ask_next, find_turn
from recordings.models import Recording
from recordings.services.uploads import UploadPlan, announce_upload, complete_upload
from recordings.states import RecordingStatus
from talenti.errors import PermanentFailure, RetryLater, Unsuitable, WrongState
from talenti.history import CANDIDATE

REFUSALS: dict[str, Any] = {
    "empty": _("The recording is empty. Please record your answer again, or write it."),
    "no_sound": _("There is no sound in the recording. Please record it again, or write it."),
    "too_large": _("The recording is too large. Please record a shorter answer, or write it."),
    "too_long": _("The recording is too long. Please record a shorter answer, or write it."),
}
UNSUITABLE = _("We could not read this recording. Please record your answer again, or write it.")
UNKNOWN_KIND = _("Your browser records in a way we cannot read. Please write your answer.")
TOO_LATE = _("This question has been answered or the interview has ended. Please reload the page.")
NOT_NOW = _("We could not take the recording just now. Please send it again in a moment.")
NOT_THERE = _("The recording has not arrived. Please send it again.")
KINDS = {"audio/mp4": "m4a", "audio/ogg": "ogg", "audio/webm": "webm"}


def tell(status: int, message: Any, *, send_again: bool = False) -> JsonResponse:
    """Return what the candidate is told; `send_again` when the same recording may be sent again."""
    return JsonResponse({"message": str(message), "send_again": send_again}, status=status)


@for_candidate("POST")
def announce(request: HttpRequest, interview: Interview, turn_id: uuid.UUID) -> HttpResponse:
    """Return where to send one recording; an earlier take that was not stored is given up."""
    turn = find_turn(interview, turn_id)
    form = TakeForm(request.POST)
    if not form.is_valid():
        return tell(422, UNKNOWN_KIND)
    ending = KINDS.get(form.cleaned_data["content_type"].partition(";")[0], "audio")
    plan = UploadPlan(filename=f"answer-{turn.position}.{ending}", turn=turn, **form.cleaned_data)
    try:
        recording, address = announce_upload(interview, plan, CANDIDATE)
    except Unsuitable as refusal:
        return tell(refusal.status, REFUSALS.get(refusal.code, UNSUITABLE))
    except WrongState:
        return tell(409, TOO_LATE)
    except (PermanentFailure, RetryLater):  # the storage is away
        return tell(503, NOT_NOW)
    url = address.url.removeprefix(settings.PUBLIC_URL)  # the server may have other names too
    upload = {"method": address.method, "url": url, "headers": address.headers}
    complete_url = reverse("candidate:complete", args=[recording.pk])
    return JsonResponse({"upload": upload, "complete": complete_url}, status=201)


@for_candidate("POST")
def complete(request: HttpRequest, interview: Interview, recording_id: uuid.UUID) -> HttpResponse:
    """Take what was sent and go on; a second time goes on too."""
    rows = interview.recordings.select_related("interview", "turn", "question")
    recording = rows.filter(pk=recording_id).first()
    if recording is None:
        raise Http404
    try:
        _store(recording)
    except Unsuitable as refusal:
        return tell(refusal.status, REFUSALS.get(refusal.code, UNSUITABLE))
    except WrongState as error:
        waits = "upload" in error.legal_moves
        return tell(409, NOT_THERE if waits else TOO_LATE, send_again=waits)
    except (PermanentFailure, RetryLater):  # our own fault: what was sent stays
        return tell(503, NOT_NOW, send_again=True)
    ask_next(interview)
    return JsonResponse({"next": reverse("candidate:page")})


def _store(recording: Recording) -> None:
    """Complete the upload; raises what `complete_upload` raises, but never for a stored one."""
    if recording.status == RecordingStatus.STORED:
        return
    try:
        complete_upload(recording, CANDIDATE)
    except WrongState:
        recording.refresh_from_db(fields=["status"])
        if recording.status != RecordingStatus.STORED:
            raise
