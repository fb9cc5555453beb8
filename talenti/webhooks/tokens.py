"""Signed tokens (JWT): whoever brings one is who they say, or is not, or nobody can say now."""

import json
import re
import time
from typing import Any

import jwt
from jwt import PyJWS

from talenti.errors import TalentiError
from talenti.webhooks.claims import Rules, fault_of
from talenti.webhooks.jwks import KEY_ID
from talenti.webhooks.keys import UnknownKey, source_of

ALGORITHM = "RS256"
MAX_HEADER_CHARACTERS = 8192
# The scheme is written in any case (RFC 9110). Two headers arrive as one with a comma in it.
_BEARER = re.compile(r"bearer +([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)", re.IGNORECASE)
_jws = PyJWS(algorithms=[ALGORITHM])


class Unauthorised(TalentiError):
    """Whoever asks has not proved who they are (401). `reason` is for our log alone."""

    code = "unauthorised"

    def __init__(self, reason: str) -> None:
        super().__init__("The proof of who sends this is missing or wrong.")
        self.reason = reason


def verify(authorization: str, rules: Rules) -> dict[str, Any]:
    """Return the claims of the one token in an Authorization header.

    Raises Unauthorised for what is proven wrong, and keys.KeysAway for what cannot be known now. No
    key is ever taken from the token or from an address in it (`jwk`, `x5c`, `jku`, `x5u`).
    """
    token = _token_in(authorization)
    kid = _key_id(token)
    try:
        key = source_of(rules.vendor, rules.keys_address).find(kid)
    except UnknownKey:
        raise Unauthorised("unknown_key") from None
    try:
        signed = _jws.decode(token, key, algorithms=[ALGORITHM])
    except jwt.PyJWTError:
        raise Unauthorised("wrong_signature") from None
    claims = _read_claims(signed)
    if fault := fault_of(claims, rules, time.time()):
        raise Unauthorised(fault)
    return claims


def _token_in(authorization: str) -> str:
    if not authorization:
        raise Unauthorised("no_token")
    if len(authorization) > MAX_HEADER_CHARACTERS:
        raise Unauthorised("token_too_long")
    found = _BEARER.fullmatch(authorization)
    if found is None:
        raise Unauthorised("no_bearer_token")
    return found[1]


def _key_id(token: str) -> str:
    """Return the id of the key that a token names, once its header is one that we read."""
    try:
        header = _jws.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise Unauthorised("unreadable_header") from None
    if header.get("alg") != ALGORITHM:
        raise Unauthorised("wrong_algorithm")
    if "crit" in header or "b64" in header:  # says that it must not be read as any token is
        raise Unauthorised("unknown_extension")
    kid = header.get("kid")
    if not isinstance(kid, str) or not KEY_ID.fullmatch(kid):
        raise Unauthorised("no_key_id")
    return kid


def _read_claims(signed: bytes) -> dict[str, Any]:
    try:
        claims = json.loads(signed)
    except (ValueError, RecursionError):
        claims = None
    if not isinstance(claims, dict):
        raise Unauthorised("no_claims")
    return claims
