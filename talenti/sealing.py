"""Sealing: bytes that only this installation can read, for answers that hold secrets or names."""

import base64
import hashlib
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

Unreadable = InvalidToken


@lru_cache(maxsize=4)
def _box(secret: str) -> Fernet:
    digest = hashlib.sha256(b"talenti.sealing:" + secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def seal(content: bytes) -> bytes:
    """Return the content encrypted and authenticated under SECRET_KEY."""
    return _box(settings.SECRET_KEY).encrypt(content)


def unseal(sealed: bytes) -> bytes:
    """Return what was sealed; raises Unreadable when the key has changed or a bit has flipped."""
    return _box(settings.SECRET_KEY).decrypt(sealed)
