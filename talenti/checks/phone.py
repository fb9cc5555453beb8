"""What interviews by phone are told: by Communication Services and by Event Grid."""

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from talenti import env
from talenti.checks.engines import TAG
from talenti.checks.variables import CONNECTION_STRING

ACS = "AZURE_ACS_CONNECTION_STRING"
AUDIENCE = "AZURE_EVENTGRID_AUDIENCE"
SECRETS = ("AZURE_EVENTGRID_SECRET", "AZURE_EVENTGRID_PREVIOUS_SECRET")
SECRET = re.compile(r"[A-Za-z0-9_-]{32,200}")  # stands in the query of an address as it is
APPLICATION = re.compile(r"(api|https)://[^\s?#]+")
Found = Iterator[CheckMessage]


@register(TAG)
def check_phone(**_: Any) -> list[CheckMessage]:
    """Find what is broken; that a variable lacks another one is for `check_variables`."""
    return [*_connection_string(), *_event_grid()]


def _connection_string() -> Found:
    if not env.text(ACS):
        return
    parts = env.connection_parts(ACS)
    if not _is_address(parts.get("endpoint", "")):
        yield Error(f"{ACS} lacks an endpoint.", hint=CONNECTION_STRING, id="talenti.E005")
    if "accesskey" in parts and not _is_key(parts["accesskey"]):
        yield Error(f"{ACS} lacks its whole accesskey.", hint=CONNECTION_STRING, id="talenti.E005")


def _is_address(value: str) -> bool:
    """Return whether calls can be sent there: over https, on one's own machine also without."""
    schemes = {"https"} if settings.DEPLOYED else {"https", "http"}
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.hostname)


def _is_key(value: str) -> bool:
    try:
        return bool(base64.b64decode(value, validate=True))
    except binascii.Error:
        return False


def _event_grid() -> Found:
    audience = env.text(AUDIENCE)
    if (
        audience
        and not env.GUID.fullmatch(audience.lower())
        and not APPLICATION.fullmatch(audience)
    ):
        yield Error(
            f"{AUDIENCE} names no application.",
            hint="Set the application's id (a GUID), or its address: api://...",
            id="talenti.E006",
        )
    given = [name for name in SECRETS if env.text(name)]
    for name in given:
        if not SECRET.fullmatch(env.text(name)):
            yield Error(
                f"{name} is short, or does not fit into an address.",
                hint="Set 32 to 200 random letters, digits, hyphens or underscores.",
                id="talenti.E007",
            )
    if len(given) > len({env.text(name) for name in given}):
        yield Error(
            f"{' and '.join(SECRETS)} are the same.",
            hint=f"Set a new {SECRETS[0]}, or remove {SECRETS[1]}.",
            id="talenti.E004",
        )
