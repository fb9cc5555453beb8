"""Events of calls, from Communication Services: proven, kept, and looked at by a worker later."""

import uuid
from typing import Any

from django.db.models import UUIDField
from django.http import HttpRequest, HttpResponse

from interviews.calls.dialect import split_events
from interviews.models import Call
from interviews.services.call_addresses import secret_fits, secret_of
from interviews.services.call_intake import keep, keep_dead_letter
from interviews.webhooks.belonging import belongs
from talenti.api.problems import not_found_response
from talenti.errors import RetryLater
from talenti.prepared import Slots, fetch_object
from talenti.webhooks.bodies import read_body
from talenti.webhooks.doors import door, is_one_of
from talenti.webhooks.issuers import call_rules
from talenti.webhooks.tokens import Unauthorised, verify

SOURCE = "acs"
UNREADABLE, OTHER_CALL = "unreadable", "other_call"
UNKNOWN_CALL_SECONDS = 30


@door("acs", "POST")
def call_events_view(request: HttpRequest, call_id: uuid.UUID, secret: str) -> HttpResponse:
    """Keep the events of one call. Without Communication Services there is no such door (404)."""
    rules = call_rules()
    if rules is None:
        return not_found_response()
    verify(request.headers.get("Authorization", ""), rules)
    body = read_body(request)
    keep_events(find_proven(call_id, secret), body)
    return HttpResponse()


def find_proven(call_id: uuid.UUID, secret: str) -> Call:
    """Return the call that the secret belongs to; the token says who sends, not which call.

    A wrong secret and an unknown call are the same Unauthorised. An unknown call with its right
    secret is RetryLater: only we make secrets, and rows are there before anything rings, so this
    database is behind the one that dialled.
    """
    call: Call | None = fetch_object(Call, _call, {"pk": call_id})
    if call is not None and secret_fits(call, secret):
        return call
    if call is None and is_one_of(secret, [secret_of(call_id)]):
        raise RetryLater("This call is not known yet.", after_seconds=UNKNOWN_CALL_SECONDS)
    raise Unauthorised("wrong_secret")


def _call(slots: Slots) -> Any:
    return Call.objects.filter(pk=slots("pk", UUIDField())).order_by()


def keep_events(call: Call, body: bytes) -> None:
    """Keep each event of a delivery in the call's ledger, what is another call's as a dead letter.

    What cannot be read comes from the right sender nevertheless: it is kept, and never sent again.
    """
    try:
        events = split_events(body)
    except ValueError:
        keep_dead_letter(SOURCE, body, UNREADABLE)
        return
    own = []
    for event in events:
        if belongs(event, call):
            own.append(event)
        else:
            keep_dead_letter(SOURCE, event, OTHER_CALL)
    if own:
        keep_own(call, own)


def keep_own(call: Call, events: list[bytes]) -> None:
    """Keep a call's own events; raises RetryLater where it has been deleted meanwhile."""
    try:
        keep(call.pk, SOURCE, events)
    except Call.DoesNotExist:
        raise RetryLater(
            "This call is not known any more.", after_seconds=UNKNOWN_CALL_SECONDS
        ) from None
