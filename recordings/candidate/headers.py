"""The headers of every answer: nothing is kept, nothing foreign runs, nothing leaves."""

from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import storages
from django.http.response import HttpResponseBase
from django.utils.translation import get_language

from recordings.services.uploads import ALIAS

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
PERMISSIONS = "microphone=(self), camera=(), display-capture=(), geolocation=(), payment=(), usb=()"


def harden(response: HttpResponseBase) -> HttpResponseBase:
    """Set the headers. A page with a secret in its address says `no-referrer` itself before.

    Not on the others: with `no-referrer` browsers send forms with `Origin: null`, which the check
    against forged requests has to refuse.
    """
    response["Content-Security-Policy"] = _policy(" ".join(_file_origins()))
    response["Permissions-Policy"] = PERMISSIONS
    response["Cache-Control"] = "no-store"
    response["Content-Language"] = get_language() or settings.LANGUAGE_CODE
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response.headers.setdefault("Referrer-Policy", "same-origin")
    return response


@lru_cache(maxsize=8)
def _policy(origins: str) -> str:
    rules = POLICY | {"connect-src": f"'self' {origins}", "media-src": f"'self' blob: {origins}"}
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def _file_origins() -> list[str]:
    """Return where files are sent to and heard from: here, or at a storage that says otherwise."""
    own = urlsplit(settings.PUBLIC_URL)
    elsewhere: str = getattr(storages[ALIAS], "upload_origin", "")
    return [f"{own.scheme}://{own.netloc}", *filter(None, [elsewhere])]
