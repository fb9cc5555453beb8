"""The question as sound, when the candidate asks for it: an address made for each click."""

import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _

from interviews.models import Interview
from interviews.services.speeches import speech_address
from recordings.candidate.guests import for_candidate
from recordings.candidate.takes import TOO_LATE, tell
from recordings.candidate.views import find_turn
from talenti.errors import PermanentFailure, RetryLater, WrongState

PREPARING = _("The question is not ready to be heard. Please try again in a moment, or read it.")
SILENT = _("This question cannot be read aloud just now. Please read it on the screen.")


@for_candidate("POST")
def listen(request: HttpRequest, interview: Interview, turn_id: uuid.UUID) -> HttpResponse:
    """Return where the question can be heard; an empty address where the browser reads it."""
    try:
        address = speech_address(find_turn(interview, turn_id))
    except WrongState:
        return tell(409, TOO_LATE)
    except RetryLater:
        return tell(503, PREPARING, send_again=True)
    except PermanentFailure:
        return tell(422, SILENT)
    # The server may have other names too: an address of its own is told without one.
    return JsonResponse({"url": address.url.removeprefix(settings.PUBLIC_URL) if address else ""})
