"""Tokens of the managed identity: one credential per process, and faults in our own words."""

from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError
from azure.identity import CredentialUnavailableError

from talenti.azure.credentials import SPEECH_SCOPE, managed_identity, speech_token
from talenti.errors import PermanentFailure, RetryLater


class Identity:
    """An identity that fails as it is told."""

    def __init__(self, fault: Exception) -> None:
        self._fault = fault

    def get_token(self, *scopes: str, **_: Any) -> Any:
        assert scopes == (SPEECH_SCOPE,)
        raise self._fault


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        (CredentialUnavailableError(message="secret words"), RetryLater),
        (ServiceRequestError("secret words"), RetryLater),
        (ClientAuthenticationError("secret words"), PermanentFailure),
    ],
)
def test_fault_of_the_identity_is_told_in_our_words(
    fault: Exception, raised: type[Exception]
) -> None:
    with pytest.raises(raised, match=r"^The managed identity") as failed:
        speech_token(Identity(fault))
    assert "secret" not in str(failed.value)


def test_identity_is_made_once_for_each_client() -> None:
    assert managed_identity("one") is managed_identity("one")
    assert managed_identity("one") is not managed_identity("")
