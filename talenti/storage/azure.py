"""Files in Azure Blob Storage: private, written once, sent and read by signed address."""

import math
import time
from datetime import UTC, datetime, timedelta
from typing import IO, Any, NoReturn, cast

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible

from talenti.azure.blob import PROBE, Account, Container, account_at
from talenti.storage.addresses import (
    FileAddress,
    UploadAddress,
    content_disposition,
    default_ttl,
    safe_media_type,
)
from talenti.storage.files import NAME

PLAIN = "application/octet-stream"


def configured_account() -> Account:
    """Return the account that the settings name."""
    return account_at(
        settings.AZURE_STORAGE_ACCOUNT,
        settings.AZURE_STORAGE_ENDPOINT,
        key=settings.AZURE_STORAGE_ACCOUNT_KEY,
        client_id=settings.AZURE_CLIENT_ID,
    )


@deconstructible(path="talenti.storage.azure.AzureBlobStorage")
class AzureBlobStorage(Storage):
    """The files of one private container. A name is used once.

    Every method may raise RetryLater: the storage is away, or does not let us in.
    """

    def __init__(self, *, container: str, account: Account | None = None) -> None:
        self._container = Container(account or configured_account(), container)

    @property
    def upload_origin(self) -> str:
        """Return where browsers send files to, for the policies of our pages."""
        return self._container.account.origin

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return `name` itself: a second file never slips in under a similar one."""
        return name

    def _save(self, name: str, content: "File[Any]") -> str:
        media_type = safe_media_type(str(getattr(content, "content_type", "")))
        self._container.create(checked(name), content.chunks(), content_type=media_type)
        return name

    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        if mode != "rb":
            raise ValueError("Files here are written by save() only.")
        return File(cast("IO[bytes]", self._container.open(checked(name))), name)

    def delete(self, name: str) -> None:
        """Remove the file for good; gone already is fine."""
        self._container.delete(checked(name))

    def exists(self, name: str) -> bool:
        """Return whether the file is there."""
        try:
            self._container.properties(checked(name))
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        """Return the length in bytes; raises FileNotFoundError."""
        return int(self._container.properties(checked(name)).size)

    def get_created_time(self, name: str) -> datetime:
        """Return when the file came; raises FileNotFoundError."""
        return self._container.properties(checked(name)).creation_time

    def get_modified_time(self, name: str) -> datetime:
        """Return when the file came, since nothing changes it; raises FileNotFoundError."""
        return self._container.properties(checked(name)).last_modified

    def get_accessed_time(self, name: str) -> NoReturn:
        """Raise: the storage does not keep it."""
        raise NotImplementedError("Blob Storage does not say when a file was read.")

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Return folders and files at `path`."""
        folders, files = [], []
        prefix = f"{checked(path)}/" if path else ""
        for name in self._container.names(prefix):
            last = name.removeprefix(prefix)
            if last.endswith("/"):
                folders.append(last[:-1])
            elif name != PROBE:
                files.append(last)
        return folders, files

    def url(self, name: str | None) -> str:
        """Return an expiring address that saves the file; nothing here has a lasting one."""
        name = str(name)
        last = name.rpartition("/")[2]
        ttl = default_ttl()
        return self.file_address(name, media_type=PLAIN, download_name=last, ttl=ttl).url

    def upload_address(
        self, name: str, *, content_type: str, size: int, ttl: timedelta
    ) -> UploadAddress:
        """Return an address to PUT the file to, once, in one request.

        The storage does not hold the sender to `size`: whoever completes the upload does.
        """
        expires_at = expiry(ttl)
        url = self._container.upload_address(checked(name), expires_at)
        headers = {"Content-Type": content_type, "x-ms-blob-type": "BlockBlob"}
        return UploadAddress("PUT", url, expires_at, headers)

    def file_address(
        self, name: str, *, media_type: str, download_name: str | None, ttl: timedelta
    ) -> FileAddress:
        """Return an address to GET the file from; with `download_name` browsers save it."""
        expires_at = expiry(ttl)
        url = self._container.read_address(
            checked(name),
            expires_at,
            media_type=media_type,
            disposition=content_disposition(download_name),
        )
        return FileAddress(url, expires_at)

    def probe(self) -> None:
        """Prove that a file can be written here, or raise."""
        self._container.probe()


def checked(name: str) -> str:
    """Return `name`; anything but a plain relative name is refused."""
    if not NAME.fullmatch(name):
        raise SuspiciousFileOperation("This is not a name that files have here.")
    return name


def expiry(ttl: timedelta) -> datetime:
    """Return the moment `ttl` from now, in whole seconds as signatures have it."""
    return datetime.fromtimestamp(math.ceil(time.time() + ttl.total_seconds()), UTC)
