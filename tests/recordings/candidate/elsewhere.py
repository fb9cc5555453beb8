"""A storage on another server, which does not answer just now."""

from typing import NoReturn

from django.core.files.storage import InMemoryStorage
from django.utils.deconstruct import deconstructible

from talenti.errors import RetryLater

STORAGES = {"recordings": {"BACKEND": f"{__name__}.StorageElsewhere"}}


@deconstructible
class StorageElsewhere(InMemoryStorage):
    """Says where it lies, and cannot be reached."""

    upload_origin = "https://files.example"

    def upload_address(self, name: str, **_: object) -> NoReturn:
        """Raise: nobody signs an address."""
        raise RetryLater("The storage is away.")

    def exists(self, name: str) -> NoReturn:
        """Raise: nobody knows."""
        raise RetryLater("The storage is away.")
