"""Reads an address of public keys: over https, in three seconds, without following anybody."""

import time
from urllib.parse import urlsplit

import requests
from django.conf import settings
from urllib3.exceptions import HTTPError

from talenti.errors import ProviderAway
from talenti.providers.calls import provider_call
from talenti.webhooks.jwks import Numbers, read_keys

SECONDS = 3.0
MAX_BYTES = 256 * 1024
PIECE_BYTES = 16 * 1024
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def fetch_keys(vendor: str, address: str) -> Numbers:
    """Return the keys there, as `jwks.read_keys` does.

    Raises ProviderAway for anything else than such an answer, ProviderPaused and ProviderFull.
    """
    with provider_call(vendor, "read keys", seconds=SECONDS):
        try:
            return read_keys(_read(address))
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise _away(type(error).__name__) from None


def _read(address: str) -> bytes:
    if not is_trusted(address):
        raise ValueError("keys are read over https")
    deadline = time.monotonic() + SECONDS
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    with requests.get(
        address, headers=headers, timeout=SECONDS, allow_redirects=False, stream=True
    ) as answer:
        if answer.status_code != requests.codes.ok:
            raise _away(str(answer.status_code))
        return _body(answer, deadline)


def _body(answer: requests.Response, deadline: float) -> bytes:
    """Return the body; a piece is what has come, so that slow ones meet the deadline."""
    body = b""
    while piece := answer.raw.read1(PIECE_BYTES):
        body += piece
        if len(body) > MAX_BYTES or time.monotonic() > deadline:
            raise _away("endless answer")
    return body


def is_trusted(address: str) -> bool:
    """Return whether nobody on the way can change what is there."""
    parts = urlsplit(address)
    local = parts.scheme == "http" and parts.hostname in LOOPBACK and not settings.DEPLOYED
    return parts.scheme == "https" or local


def _away(fault: str) -> ProviderAway:
    return ProviderAway("The keys of tokens could not be read.", fault=fault)
