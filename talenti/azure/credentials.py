"""How this installation signs in to Azure where it has no key: by its managed identity."""

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from talenti.errors import PermanentFailure, RetryLater

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken, TokenCredential

SPEECH_SCOPE = "https://cognitiveservices.azure.com/.default"
CONNECT_SECONDS = 3
READ_SECONDS = 10


def managed_identity(client_id: str) -> "TokenCredential":
    """Return the credential, one per process; it asks for a token when it is first used."""
    return _credential(client_id, os.getpid())


@lru_cache(maxsize=4)
def _credential(client_id: str, _pid: int) -> "TokenCredential":
    from azure.identity import ManagedIdentityCredential

    return ManagedIdentityCredential(
        client_id=client_id or None,
        connection_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retry_total=1,
    )


class OwnIdentity:
    """A credential for SDKs whose faults are told in our own words, also inside their requests.

    So a token that is not given is never taken for a provider that refuses it.
    """

    def __init__(self, credential: "TokenCredential") -> None:
        self._credential = credential

    def get_token(self, *scopes: str, **options: Any) -> "AccessToken":
        """Return a token; raises PermanentFailure when it is refused, else RetryLater."""
        from azure.core.exceptions import AzureError, ClientAuthenticationError
        from azure.identity import CredentialUnavailableError

        try:
            return self._credential.get_token(*scopes, **options)
        except CredentialUnavailableError as error:
            raise RetryLater("The managed identity does not answer.") from error
        except ClientAuthenticationError as error:
            raise PermanentFailure(
                "The managed identity is refused.", code="provider_unauthorised"
            ) from error
        except AzureError as error:
            raise RetryLater("The managed identity does not answer.") from error


def speech_token(credential: "TokenCredential") -> "AccessToken":
    """Return a token for Speech; raises PermanentFailure when it is refused, else RetryLater."""
    return OwnIdentity(credential).get_token(SPEECH_SCOPE)
