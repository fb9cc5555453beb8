"""Whether an event speaks of the call whose address it came to."""

import base64
import binascii
from urllib.parse import urlsplit

from django.utils import timezone

from interviews.calls.dialect import read_event
from interviews.models import Call


def belongs(event: bytes, call: Call) -> bool:
    """Return whether the names that the event has for the call are ours, as far as both are known.

    An event without any, or one that cannot be read, belongs to the call: it came with its secret.
    """
    try:
        read = read_event(event, received_at=timezone.now())
    except ValueError:
        return True
    return _agree(read.connection_id, call.connection_id) and _agree(
        conversation_of(read.server_call_id), conversation_of(call.server_call_id)
    )


def _agree(told: str, known: str) -> bool:
    return not told or not known or told == known


def conversation_of(server_call_id: str) -> str:
    """Return what stays the same in a server's id of a call.

    It is the base64 of an address whose last part is the conversation; its host and query say which
    machine serves it at the time. Anything else is compared as it is.
    """
    try:
        padded = server_call_id + "=" * (-len(server_call_id) % 4)
        address = urlsplit(base64.b64decode(padded, validate=True).decode())
    except (binascii.Error, ValueError):
        return server_call_id
    last = address.path.rstrip("/").rpartition("/")[2]
    return last if address.scheme == "https" and last else server_call_id
