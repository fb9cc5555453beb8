"""Events of files, from Event Grid: the handshake, and what was recorded of calls."""

import json
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from interviews.calls.dialect import PROVIDER, ReadEvent, read_event, split_events
from interviews.models import Call
from interviews.services.call_intake import find_call, keep, keep_dead_letter
from talenti.api.problems import not_found_response
from talenti.errors import RetryLater
from talenti.webhooks.bodies import read_body
from talenti.webhooks.doors import door, is_one_of
from talenti.webhooks.issuers import event_grid_rules
from talenti.webhooks.tokens import Unauthorised, verify

SOURCE = "eventgrid"
ORIGIN = "eventgrid.azure.net"
FILE_READY = f"{PROVIDER}RecordingFileStatusUpdated"
VALIDATION = "Microsoft.EventGrid.SubscriptionValidationEvent"
UNREADABLE, UNKNOWN_TYPE, UNKNOWN_CALL = "unreadable", "unknown_type", "unknown_call"
HANDSHAKE = "handshake"  # of a topic that is not ours, or one that is broken
RETRY_SECONDS = 60
# How long a file's call may be unknown because of us; later it is somebody else's.
PATIENCE = timedelta(hours=1)
_NAME = r"[\w().-]{1,120}"
_TOPIC = re.compile(
    rf"/subscriptions/[0-9a-f-]{{36}}(?:/resourceGroups/{_NAME}/providers/"
    rf"(?:Microsoft\.Communication/CommunicationServices/(?P<acs>{_NAME})"
    rf"|Microsoft\.EventGrid/systemTopics/{_NAME}))?/?",
    re.IGNORECASE | re.ASCII,
)
_CODE = re.compile(r"[!-~]{1,200}")


@door("eventgrid", "POST", "OPTIONS")
def event_grid_view(request: HttpRequest) -> HttpResponse:
    """Take events in, or shake hands. Without its settings there is no such door (404)."""
    rules = event_grid_rules()
    if rules is None:
        return not_found_response()
    if request.method == "OPTIONS":
        return greet(request)
    verify(request.headers.get("Authorization", ""), rules)
    check_secret(request)
    return take_in(read_body(request))


def check_secret(request: HttpRequest) -> None:
    """Raise Unauthorised unless the address has one of our secrets, once."""
    given = request.GET.getlist("secret")
    if len(given) != 1 or not is_one_of(given[0], settings.AZURE_EVENTGRID_SECRETS):
        raise Unauthorised("wrong_secret")


def greet(request: HttpRequest) -> HttpResponse:
    """Answer the handshake of CloudEvents: Event Grid alone may deliver here.

    It carries no token; what is delivered afterwards has to.
    """
    check_secret(request)
    if request.headers.get("WebHook-Request-Origin", "").lower() != ORIGIN:
        raise Unauthorised("wrong_origin")
    return HttpResponse(headers={"WebHook-Allowed-Origin": ORIGIN, "Allow": "POST, OPTIONS"})


def take_in(body: bytes) -> HttpResponse:
    """Keep each event with its call; raises RetryLater when one's call may still become known."""
    try:
        events = split_events(body)
    except ValueError:
        keep_dead_letter(SOURCE, body, UNREADABLE)
        return HttpResponse()
    if len(events) == 1 and (code := validation_code(events[0])):
        return JsonResponse({"validationResponse": code})
    kept = [keep_event(event) for event in events]
    if not all(kept):
        raise RetryLater("This recording's call is not known yet.", after_seconds=RETRY_SECONDS)
    return HttpResponse()


def keep_event(body: bytes) -> bool:
    """Keep one event with its call, or as a dead letter; False: it has to come again."""
    try:
        event = read_event(body)
    except ValueError:
        keep_dead_letter(SOURCE, body, UNREADABLE)
        return True
    if event.type != FILE_READY:
        keep_dead_letter(SOURCE, body, HANDSHAKE if event.type == VALIDATION else UNKNOWN_TYPE)
        return True
    return keep_file(event, body)


def keep_file(event: ReadEvent, body: bytes) -> bool:
    """Keep the news of a file; False while its call may still become known."""
    call = find_call(server_call_id=event.server_call_id, recording_id=event.recording_id)
    if call is not None:
        try:
            keep(call.pk, SOURCE, [body])
        except Call.DoesNotExist:
            return False
        return True
    if timezone.now() - event.fact.at < PATIENCE:
        return False
    keep_dead_letter(SOURCE, body, UNKNOWN_CALL)
    return True


def validation_code(body: bytes) -> str:
    """Return what to say back in a handshake; nothing if it is none, or not about our topic.

    The address that comes with it is never asked: the code proves the same.
    """
    try:
        if read_event(body).type != VALIDATION:
            return ""
    except ValueError:
        return ""
    event: dict[str, Any] = json.loads(body)
    data, topic = event.get("data"), event.get("topic")
    code = data.get("validationCode") if isinstance(data, dict) else None
    if not isinstance(code, str) or not _CODE.fullmatch(code) or not is_our_topic(topic):
        return ""
    return code


def is_our_topic(topic: object) -> bool:
    """Return whether a topic is a subscription of Azure's, or our own resource there."""
    found = _TOPIC.fullmatch(topic) if isinstance(topic, str) else None
    if found is None:
        return False
    ours = (urlsplit(settings.AZURE_ACS_ENDPOINT).hostname or "").partition(".")[0]
    return not found["acs"] or not ours or found["acs"].lower() == ours
