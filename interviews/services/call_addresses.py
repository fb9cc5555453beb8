"""Where a call's events come to and where its recording goes.

The address of the events holds a secret of the call's own: the provider's signature says who sent
an event, but not which call it was meant for.
"""

import hashlib
import hmac
import uuid

from django.conf import settings

from interviews.models import Call

_PURPOSE = b"talenti.call:"


def secret_of(call_id: uuid.UUID) -> str:
    """Return the call's secret: 256 bits in hex. It follows from SECRET_KEY and is not stored."""
    return hmac.new(settings.SECRET_KEY.encode(), _PURPOSE + call_id.bytes, "sha256").hexdigest()


def hash_of(secret: str) -> str:
    """Return what is stored of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def secret_fits(call: Call, secret: str) -> bool:
    """Return whether `secret` is this call's, in constant time."""
    return hmac.compare_digest(call.secret_hash, hash_of(secret))


def callback_url(call: Call) -> str:
    """Return the address that the line sends this call's events to. It holds the secret."""
    return f"{settings.PUBLIC_URL}/webhooks/acs/{call.pk}/{secret_of(call.pk)}"


def recording_folder(call: Call) -> str:
    """Return the folder of the recordings' storage that the line writes this call into."""
    return f"{call.organisation_id}/calls/{call.pk}"
