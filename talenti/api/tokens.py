"""Tokens: short-lived access tokens."""

import uuid

from rest_framework_simplejwt.tokens import AccessToken

from talenti.api.authentication import SUBJECT


def issue_access(user_id: uuid.UUID) -> str:
    """Return an access token that names the user and says nothing else about them."""
    token = AccessToken()
    token[SUBJECT] = str(user_id)
    return str(token)
