"""What a token of a service has to say. Pure; times are Unix seconds."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LEEWAY_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may sign, with which keys, for whom.

    `longest_seconds` is how far ahead the end of a token may lie. `exact` names claims and their
    only value; `caller` (an application's id) and `role` are asked of tokens of Entra.
    """

    vendor: str  # as talenti.providers names it
    keys_address: str
    issuers: frozenset[str]
    audience: str
    longest_seconds: int
    exact: Mapping[str, str] = field(default_factory=dict)
    caller: str = ""
    role: str = ""


def fault_of(claims: Mapping[str, Any], rules: Rules, now: float) -> str:
    """Return in one word what is wrong, or nothing. Every comparison is of whole texts."""
    found = {
        "wrong_issuer": claims.get("iss") not in _texts(rules.issuers),
        "wrong_audience": claims.get("aud") != rules.audience,
        **_wrong_times(claims, rules, now),
        "wrong_claim": any(claims.get(name) != value for name, value in rules.exact.items()),
        "wrong_caller": bool(rules.caller) and not _is_called_by(claims, rules.caller),
        "wrong_role": bool(rules.role) and rules.role not in _listed(claims.get("roles")),
    }
    return next((name for name, wrong in found.items() if wrong), "")


def _wrong_times(claims: Mapping[str, Any], rules: Rules, now: float) -> dict[str, bool]:
    ends = _moment(claims.get("exp"))
    begins = [_moment(claims[name]) for name in ("nbf", "iat") if name in claims]
    return {
        "no_end": ends is None,
        "expired": ends is not None and ends <= now - LEEWAY_SECONDS,
        "too_long": ends is not None and ends > now + rules.longest_seconds + LEEWAY_SECONDS,
        "not_yet": any(moment is None or moment > now + LEEWAY_SECONDS for moment in begins),
    }


def _moment(value: object) -> float | None:
    """Return Unix seconds, or None for what is no number: a text of digits is none."""
    if type(value) is int:
        return float(value) if 0 <= value < 2**53 else None
    return value if isinstance(value, float) and math.isfinite(value) else None


def _is_called_by(claims: Mapping[str, Any], caller: str) -> bool:
    """Return whether the application is the caller: `azp` in version 2 of tokens, else `appid`."""
    named = [claims[name] for name in ("azp", "appid") if name in claims]
    return bool(named) and all(name == caller for name in named)


def _texts(values: frozenset[str]) -> list[str]:
    """Return the values as a list, so that what cannot be hashed can be looked for, too."""
    return list(values)


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
