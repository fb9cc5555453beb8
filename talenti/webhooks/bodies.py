"""Takes in the body of a delivery: announced, of a known type, small, whole, and unread."""

import re

from django.http import HttpRequest

from talenti.errors import Unsuitable

MAX_BYTES = 1024**2  # what Event Grid sends at most
TYPES = {
    "application/json",
    "application/cloudevents+json",
    "application/cloudevents-batch+json",
}
_LENGTH = re.compile(r"[0-9]{1,18}")


def read_body(request: HttpRequest) -> bytes:
    """Return the raw bytes; nothing is read of a body that is refused.

    Raises Unsuitable: 400 for a broken length or an early end, 411, 413, 415.
    """
    _refuse_type(request)
    length = _length_of(request)
    if length > MAX_BYTES:
        message = f"A delivery has at most {MAX_BYTES} bytes."
        raise Unsuitable(message, code="too_large", status=413)
    body = request.read(length) if length else b""
    if len(body) < length:
        message = "The body ended before its announced length."
        raise Unsuitable(message, code="incomplete", status=400)
    return body


def _refuse_type(request: HttpRequest) -> None:
    encoding = request.headers.get("Content-Encoding", "identity").lower()
    if request.content_type not in TYPES or encoding != "identity":
        message = "Send events as application/json or application/cloudevents+json."
        raise Unsuitable(message, code="unsupported_media_type", status=415)


def _length_of(request: HttpRequest) -> int:
    announced = request.META.get("CONTENT_LENGTH") or ""
    if not announced:
        message = "Send the body with a Content-Length."
        raise Unsuitable(message, code="length_required", status=411)
    if not _LENGTH.fullmatch(str(announced)):
        raise Unsuitable("The Content-Length is no length.", code="bad_length", status=400)
    return int(announced)
