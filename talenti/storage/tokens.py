"""The signed token in a file's address: everything the server needs, and nothing to look up.

It is a secret while it lives. Whoever changes one sign of it holds nothing.
"""

import time
from dataclasses import astuple, dataclass
from typing import Literal

from django.core import signing

SALT = "talenti.storage.file"


@dataclass(frozen=True, slots=True)
class Grant:
    """What the holder may do: one verb on one file until `expires_at` (seconds since 1970).

    `size` in bytes binds an upload; `media_type` and `download_name` shape the answer to a reader.
    """

    verb: Literal["put", "get"]
    alias: str
    name: str
    expires_at: int
    size: int = 0
    media_type: str = "application/octet-stream"
    download_name: str | None = None


class BadToken(Exception):
    """Not one of our tokens."""


class ExpiredToken(BadToken):
    """One of ours, but too late."""


def make_token(grant: Grant) -> str:
    """Return the token, safe in a URL path."""
    return signing.Signer(salt=SALT).sign_object(list(astuple(grant)))


def read_token(token: str) -> Grant:
    """Return what the token grants; raises BadToken or ExpiredToken."""
    try:
        grant = Grant(*signing.Signer(salt=SALT).unsign_object(token))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadToken from error
    if time.time() >= grant.expires_at:
        raise ExpiredToken
    return grant
