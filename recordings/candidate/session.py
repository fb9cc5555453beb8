"""Who looks at the page: a signed cookie of its own that names the invitation, and nothing else.

It has nothing to do with signing in: a recruiter may try a link in the browser they work in.
"""

import uuid

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from interviews.models import Invitation
from interviews.services.links import find_guest

LIFETIME_SECONDS = 24 * 60 * 60
PATH = "/interview/"
SALT = "talenti.candidate"


def cookie_name() -> str:
    """Return the cookie's name; browsers take the prefix over https only."""
    prefix = "__Secure-" if settings.SESSION_COOKIE_SECURE else ""
    return f"{prefix}talenti-interview"


def remember(response: HttpResponse, invitation: Invitation) -> None:
    """Let the browser in as this candidate, until tomorrow."""
    response.set_cookie(
        cookie_name(),
        signing.TimestampSigner(salt=SALT).sign(invitation.pk.hex),
        max_age=LIFETIME_SECONDS,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def remembered_id(request: HttpRequest) -> uuid.UUID | None:
    """Return the invitation that the cookie names; None without a cookie of ours, or a late one."""
    signer = signing.TimestampSigner(salt=SALT)
    try:
        value = signer.unsign(request.COOKIES.get(cookie_name(), ""), max_age=LIFETIME_SECONDS)
        return uuid.UUID(hex=value)
    except (signing.BadSignature, ValueError):
        return None


def find_visitor(request: HttpRequest) -> Invitation | None:
    """Return the invitation of who asks, unless it was withdrawn meanwhile."""
    invitation_id = remembered_id(request)
    return find_guest(invitation_id) if invitation_id else None
