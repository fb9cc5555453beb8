"""Organisations, their people, sign-in, providers, and the history of everything."""

from talenti.models.accounts import Membership, Organisation, User
from talenti.models.history import HistoryEntry
from talenti.models.keys import SigningKeys
from talenti.models.providers import Breaker, BreakerState
from talenti.models.requests import IdempotentRequest
from talenti.models.tokens import RefreshToken, SignIn

__all__ = [
    "Breaker",
    "BreakerState",
    "HistoryEntry",
    "IdempotentRequest",
    "Membership",
    "Organisation",
    "RefreshToken",
    "SignIn",
    "SigningKeys",
    "User",
]
