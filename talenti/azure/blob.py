"""The account in Blob Storage: its client, the key its identity is lent, and a file as a stream."""

import io
import os
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from talenti.azure.blob_errors import told_apart
from talenti.azure.credentials import managed_identity

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from azure.storage.blob import BlobServiceClient as BlobServiceClient
    from azure.storage.blob import ContainerClient as ContainerClient
    from azure.storage.blob import StorageStreamDownloader
    from azure.storage.blob import UserDelegationKey as UserDelegationKey

WRITE_BYTES = 4 * 1024**2
READ_BYTES = 1024**2  # the SDK takes ten times as much memory
CONNECT_SECONDS, READ_SECONDS, RETRIES, RETRY_AFTER_SECONDS = 3, 20, 1, 1
CLOCK_SKEW = timedelta(minutes=15)  # clocks differ: an address of ours is valid a while before now
KEY_LIFE = timedelta(hours=2)
KEY_KEPT = timedelta(hours=1)  # and so it outlives every address that is made with it


@dataclass(frozen=True, slots=True)
class Account:
    """Where the storage is and who we are there: the account's key, or else an identity.

    `credential` stands in for the managed identity of `client_id`.
    """

    name: str
    endpoint: str
    key: str = field(default="", repr=False)
    client_id: str = ""
    credential: "TokenCredential | None" = field(default=None, repr=False)

    @property
    def origin(self) -> str:
        """Return scheme and host, as browsers name it."""
        parts = urlsplit(self.endpoint)
        return f"{parts.scheme}://{parts.netloc}"


def account_at(name: str, endpoint: str, *, key: str = "", client_id: str = "") -> Account:
    """Return the account; its address follows from its name, or its name from its address."""
    if not endpoint:
        return Account(name, f"https://{name}.blob.core.windows.net", key, client_id)
    parts = urlsplit(endpoint)
    in_address = parts.path.strip("/") or (parts.hostname or "").partition(".")[0]
    return Account(name or in_address, endpoint, key, client_id)


@lru_cache(maxsize=8)
def service(account: Account, _pid: int) -> "BlobServiceClient":
    """Return the client, one per account and process: connections do not survive a fork."""
    from azure.core.credentials import AzureNamedKeyCredential
    from azure.storage.blob import BlobServiceClient, LinearRetry

    credential = (
        AzureNamedKeyCredential(account.name, account.key)
        if account.key
        else account.credential or managed_identity(account.client_id)
    )
    return BlobServiceClient(
        account.endpoint,
        credential=credential,
        connection_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retry_policy=LinearRetry(RETRY_AFTER_SECONDS, RETRIES, random_jitter_range=0),
        max_single_get_size=READ_BYTES,
        max_chunk_get_size=READ_BYTES,
        max_single_put_size=WRITE_BYTES,
        max_block_size=WRITE_BYTES,
    )


class LentKey:
    """The key that our identity is lent for a while, to sign addresses with."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._lock = threading.Lock()
        self._key: UserDelegationKey | None = None
        self._renew_at = datetime.min.replace(tzinfo=UTC)

    def current(self) -> "UserDelegationKey":
        """Return it; a new one is asked for once an hour."""
        now = datetime.now(UTC)
        with self._lock:
            if self._key is None or now >= self._renew_at:
                client = service(self._account, os.getpid())
                self._key = client.get_user_delegation_key(now - CLOCK_SKEW, now + KEY_LIFE)
                self._renew_at = now + KEY_KEPT
            return self._key


class BlobReader(io.RawIOBase):
    """A stored file as a stream, fetched in pieces; it fails if the file changes meanwhile."""

    def __init__(self, download: "StorageStreamDownloader[bytes]") -> None:
        self._download = download

    @property
    def size(self) -> int:
        """Return the whole length in bytes."""
        return int(self._download.size)

    def readable(self) -> bool:
        """Return True: that is all it is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer; 0 at the end."""
        with told_apart():
            piece = self._download.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)
