"""Reads sets of keys (JWKS, RFC 7517): of whatever is in them only usable RSA keys are taken."""

import json
import re
from collections.abc import Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm

KEY_ID = re.compile(r"[!-~]{1,200}")
KEY_BITS = range(2048, 8193)
MOST_KEYS = 100

Numbers = dict[str, dict[str, str]]


def read_keys(document: bytes) -> Numbers:
    """Return `{kid: {"n": ..., "e": ...}}` of the keys that may sign with RS256.

    Raises ValueError where there is none.
    """
    try:
        told = json.loads(document)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    listed = told.get("keys") if isinstance(told, dict) else None
    rows = listed[:MOST_KEYS] if isinstance(listed, list) else []
    found = {row["kid"]: {"n": row["n"], "e": row["e"]} for row in rows if _is_usable(row)}
    if not found:
        raise ValueError("no usable key")
    return found


def _is_usable(row: Any) -> bool:
    if not isinstance(row, dict) or row.get("kty") != "RSA":
        return False
    if row.get("use", "sig") != "sig" or row.get("alg", "RS256") != "RS256":
        return False
    kid = row.get("kid")
    return isinstance(kid, str) and bool(KEY_ID.fullmatch(kid)) and make_key(row) is not None


def make_key(numbers: Mapping[str, Any]) -> RSAPublicKey | None:
    """Return the key of the numbers `n` and `e`, or None where they are none that we trust."""
    only = {"kty": "RSA", "n": numbers.get("n"), "e": numbers.get("e")}
    if not all(isinstance(value, str) for value in only.values()):
        return None
    try:
        key = RSAAlgorithm.from_jwk({name: str(value) for name, value in only.items()})
    except (jwt.InvalidKeyError, ValueError):
        return None
    return key if isinstance(key, RSAPublicKey) and key.key_size in KEY_BITS else None
