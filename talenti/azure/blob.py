"""The one gate to Blob Storage: one container, its files, and signed addresses for single files.

Files are created and never written again: every write, ours and a candidate's, is create-only.
Nothing is kept in memory but one piece of one file. Signed addresses are neither stored nor logged.
"""

import io
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from talenti.azure.blob_errors import told_apart
from talenti.azure.credentials import managed_identity

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from azure.storage.blob import (
        BlobClient,
        BlobProperties,
        BlobServiceClient,
        StorageStreamDownloader,
        UserDelegationKey,
    )

WRITE_BYTES = 4 * 1024**2
READ_BYTES = 1024**2  # the SDK takes ten times as much memory
CONNECT_SECONDS, READ_SECONDS, RETRIES, RETRY_AFTER_SECONDS = 3, 20, 1, 1
CLOCK_SKEW = timedelta(minutes=15)  # clocks differ: an address of ours is valid a while before now
KEY_LIFE = timedelta(hours=2)
KEY_KEPT = timedelta(hours=1)  # and so it outlives every address that is made with it
PROBE = "probe"


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


class Container:
    """The files of one container. Every method may raise RetryLater."""

    def __init__(self, account: Account, name: str) -> None:
        self.account = account
        self.name = name
        self._signer = Signer(account)

    def _blob(self, name: str) -> "BlobClient":
        return service(self.account, os.getpid()).get_blob_client(self.name, name)

    def create(self, name: str, pieces: Iterable[bytes], *, content_type: str) -> None:
        """Store a new file in constant memory; raises FileExistsError if the name is taken."""
        from azure.storage.blob import ContentSettings

        with told_apart():
            self._blob(name).upload_blob(
                Pieces(pieces),
                overwrite=False,
                max_concurrency=1,
                content_settings=ContentSettings(content_type=content_type),
            )

    def open(self, name: str) -> "BlobReader":
        """Return the file as a stream; raises FileNotFoundError."""
        with told_apart():
            return BlobReader(self._blob(name).download_blob(max_concurrency=1))

    def properties(self, name: str) -> "BlobProperties":
        """Return size and times of a file; raises FileNotFoundError."""
        with told_apart():
            return self._blob(name).get_blob_properties()

    def delete(self, name: str) -> None:
        """Remove the file with its snapshots; gone already is fine."""
        with suppress(FileNotFoundError), told_apart():
            self._blob(name).delete_blob(delete_snapshots="include")

    def names(self, prefix: str) -> Iterator[str]:
        """Yield the names below `prefix`; a folder's name ends with a slash."""
        client = service(self.account, os.getpid()).get_container_client(self.name)
        with told_apart():
            for item in client.walk_blobs(name_starts_with=prefix):
                yield str(item.name)

    def probe(self) -> None:
        """Prove that we may write here. The refusal to write twice proves it, and writes nothing.

        One try and no retry: whoever asks does not wait.
        """
        with suppress(FileExistsError), told_apart():
            self._blob(PROBE).upload_blob(
                b"\0", overwrite=False, retry_total=0, connection_timeout=1, read_timeout=1
            )

    def upload_address(self, name: str, expires_at: datetime) -> str:
        """Return an address that may create this one file, and nothing else."""
        return self._address(name, "c", expires_at, {})

    def read_address(
        self, name: str, expires_at: datetime, *, media_type: str, disposition: str
    ) -> str:
        """Return an address that may read this one file, with these headers in the answer."""
        headers: dict[str, Any] = {
            "content_type": media_type,
            "content_disposition": disposition,
            "cache_control": "private, no-store",
        }
        return self._address(name, "r", expires_at, headers)

    def _address(
        self, name: str, permission: str, expires_at: datetime, headers: dict[str, Any]
    ) -> str:
        from azure.storage.blob import generate_blob_sas

        secure = self.account.endpoint.startswith("https:")
        with told_apart():
            signature = generate_blob_sas(
                self.account.name,
                self.name,
                name,
                permission=permission,
                start=datetime.now(UTC) - CLOCK_SKEW,
                expiry=expires_at,
                protocol="https" if secure else "https,http",
                **self._signer.key(),
                **headers,
            )
        return f"{self._blob(name).url}?{signature}"


class Signer:
    """What addresses are signed with: the account's key, or a key that our identity is lent."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._lock = threading.Lock()
        self._lent: UserDelegationKey | None = None
        self._renew_at = datetime.min.replace(tzinfo=UTC)

    def key(self) -> dict[str, Any]:
        """Return the key as the SDK's own argument; a lent one is asked for once an hour."""
        if self._account.key:
            return {"account_key": self._account.key}
        now = datetime.now(UTC)
        with self._lock:
            if self._lent is None or now >= self._renew_at:
                client = service(self._account, os.getpid())
                self._lent = client.get_user_delegation_key(now - CLOCK_SKEW, now + KEY_LIFE)
                self._renew_at = now + KEY_KEPT
            return {"user_delegation_key": self._lent}


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


class Pieces(io.RawIOBase):
    """Pieces of bytes as the stream that the SDK reads; it never knows the length beforehand."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._rest = b""

    def readable(self) -> bool:
        """Return True: that is all it is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer with what the next piece holds; 0 at the end."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        given, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(given)] = given
        return len(given)
