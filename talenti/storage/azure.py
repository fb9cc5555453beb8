"""Files in Azure Blob Storage: private, written once, sent and read by signed address.

django-storages does the work. What is written out here is what it does otherwise than files of
ours are promised to behave; each method says which.
"""

import math
import os
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import IO, TYPE_CHECKING, Any, cast
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.utils.deconstruct import deconstructible
from storages.backends.azure_storage import AzureStorage

from talenti.azure.blob import CLOCK_SKEW, Account, BlobReader, LentKey, account_at, service
from talenti.azure.blob_errors import told_apart
from talenti.storage.addresses import (
    FileAddress,
    UploadAddress,
    content_disposition,
    default_ttl,
    safe_media_type,
)
from talenti.storage.files import NAME

if TYPE_CHECKING:
    from talenti.azure.blob import BlobServiceClient, ContainerClient, UserDelegationKey

PLAIN = "application/octet-stream"
PROBE = "probe"


def configured_account() -> Account:
    """Return the account that the settings name."""
    return account_at(
        settings.AZURE_STORAGE_ACCOUNT,
        settings.AZURE_STORAGE_ENDPOINT,
        key=settings.AZURE_STORAGE_ACCOUNT_KEY,
        client_id=settings.AZURE_CLIENT_ID,
    )


@deconstructible(path="talenti.storage.azure.AzureBlobStorage")
class AzureBlobStorage(AzureStorage):
    """The files of one private container. A name is used once.

    Every method may raise RetryLater: the storage is away, or does not let us in.
    """

    def __init__(self, *, container: str, account: Account | None = None) -> None:
        self.account = account or configured_account()
        self._lent_key = LentKey(self.account)
        super().__init__(
            account_name=self.account.name,
            account_key=self.account.key or None,
            azure_container=container,
            upload_max_conn=1,  # no threads of its own
        )

    @property
    def service_client(self) -> "BlobServiceClient":
        """Return the process's client, with its deadlines; connections do not survive a fork."""
        return service(self.account, os.getpid())

    @property
    def client(self) -> "ContainerClient":
        """Return the client of the container."""
        return self.service_client.get_container_client(self.azure_container)

    @property
    def upload_origin(self) -> str:
        """Return where browsers send files to, for the policies of our pages."""
        return self.account.origin

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return `name` itself: a second file never slips in under a similar one."""
        return name

    def _get_valid_path(self, name: str) -> str:
        """Refuse names where the parent would tidy them up into other files' names."""
        return checked(name)

    def _get_content_settings_parameters(
        self, name: str, content: "File[Any] | None" = None
    ) -> dict[str, str]:
        """Return the type the file came with, if it is one, and never one guessed by its name."""
        return {"content_type": safe_media_type(str(getattr(content, "content_type", "")))}

    @told_apart()
    def _save(self, name: str, content: "File[Any]") -> str:
        return str(super()._save(name, content))

    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        """Return a stream; the parent fetches it whole first, and says late that it is gone."""
        if mode != "rb":
            raise ValueError("Files here are written by save() only.")
        client = self.client.get_blob_client(checked(name))
        with told_apart():
            stream = BlobReader(client.download_blob(max_concurrency=1))
        return File(cast("IO[bytes]", stream), name)

    def delete(self, name: str) -> None:
        """Remove the file with its snapshots; gone already is fine.

        To the parent a container that is not there is fine as well: nothing would be erased.
        """
        with suppress(FileNotFoundError), told_apart():
            self.client.delete_blob(checked(name), delete_snapshots="include")

    def exists(self, name: str) -> bool:
        """Return whether the file is there; the parent says no when the whole container is not."""
        try:
            self.size(name)
        except FileNotFoundError:
            return False
        return True

    @told_apart()
    def size(self, name: str) -> int:
        """Return the length in bytes; raises FileNotFoundError."""
        return int(super().size(name))

    @told_apart()
    def get_modified_time(self, name: str) -> datetime:
        """Return when the file came, since nothing changes it; raises FileNotFoundError."""
        moment: datetime = super().get_modified_time(name)
        return moment

    def listdir(self, path: str = "") -> tuple[list[str], list[str]]:
        """Return folders and files at `path`; the parent lists all that is below, as files."""
        folders, files = [], []
        prefix = f"{checked(path)}/" if path else ""
        with told_apart():
            names = [str(item.name) for item in self.client.walk_blobs(name_starts_with=prefix)]
        for name in names:
            last = name.removeprefix(prefix)
            if last.endswith("/"):
                folders.append(last[:-1])
            elif name != PROBE:
                files.append(last)
        return folders, files

    def url(
        self,
        name: str,
        expire: float | None = None,
        parameters: dict[str, Any] | None = None,
        mode: str = "r",
    ) -> str:
        """Return an address that expires, by default one that saves the file.

        The parent's lasts for ever unless told otherwise, works without TLS, and only from now on
        by this machine's clock.
        """
        ttl = default_ttl() if expire is None else timedelta(seconds=expire)
        return self._signed(name, mode, expiry(ttl), parameters or saving(name))

    @told_apart()
    def _signed(self, name: str, mode: str, expires_at: datetime, headers: dict[str, Any]) -> str:
        secure = self.account.endpoint.startswith("https:")
        bounds = {
            "start": datetime.now(UTC) - CLOCK_SKEW,
            "protocol": "https" if secure else "https,http",
        }
        return str(super().url(name, expires_at, headers | bounds, mode))

    def _expire_at(self, expire: datetime) -> datetime:
        """Return the moment as it is given; the parent counts seconds and forgets the time zone."""
        return expire

    def get_user_delegation_key(self, _expiry: datetime) -> "UserDelegationKey | None":
        """Return the key our identity is lent; the parent's is valid from now on, for a week."""
        return None if self.account.key else self._lent_key.current()

    def upload_address(
        self, name: str, *, content_type: str, size: int, ttl: timedelta
    ) -> UploadAddress:
        """Return an address to PUT the file to, once, in one request.

        The storage does not hold the sender to `size`: whoever completes the upload does.
        """
        expires_at = expiry(ttl)
        headers = {"Content-Type": content_type, "x-ms-blob-type": "BlockBlob"}
        return UploadAddress("PUT", self._signed(name, "c", expires_at, {}), expires_at, headers)

    def file_address(
        self, name: str, *, media_type: str, download_name: str | None, ttl: timedelta
    ) -> FileAddress:
        """Return an address to GET the file from; with `download_name` browsers save it."""
        expires_at = expiry(ttl)
        headers = shown_as(media_type, download_name)
        return FileAddress(self._signed(name, "r", expires_at, headers), expires_at)

    def name_at(self, address: str) -> str | None:
        """Return the name of the file of this container at `address`; None for any other place.

        Nothing is asked: the file need not be there. A signature in the address is not used.
        """
        parts = urlsplit(address)
        place = f"{parts.scheme}://{parts.netloc}{parts.path}"
        inside = f"{self.client.url.partition('?')[0].rstrip('/')}/"
        name = unquote(place.removeprefix(inside))
        return name if place.startswith(inside) and NAME.fullmatch(name) else None

    def probe(self) -> None:
        """Prove that we may write here. The refusal to write twice proves it, and writes nothing.

        One try and no retry: whoever asks does not wait.
        """
        with suppress(FileExistsError), told_apart():
            self.client.get_blob_client(PROBE).upload_blob(
                b"\0", overwrite=False, retry_total=0, connection_timeout=1, read_timeout=1
            )


def checked(name: str) -> str:
    """Return `name`; anything but a plain relative name is refused."""
    if not NAME.fullmatch(name):
        raise SuspiciousFileOperation("This is not a name that files have here.")
    return name


def expiry(ttl: timedelta) -> datetime:
    """Return the moment `ttl` from now, in whole seconds as signatures have it."""
    return datetime.fromtimestamp(math.ceil(time.time() + ttl.total_seconds()), UTC)


def shown_as(media_type: str, download_name: str | None) -> dict[str, str]:
    """Return the headers that an address asks the storage to answer with."""
    return {
        "content_type": media_type,
        "content_disposition": content_disposition(download_name),
        "cache_control": "private, no-store",
    }


def saving(name: str) -> dict[str, str]:
    """Return the headers of a file that is saved under its own name."""
    return shown_as(PLAIN, name.rpartition("/")[2])
