"""What a stored file really holds."""

import hashlib
from dataclasses import dataclass
from typing import Protocol

from django.core.files.storage import Storage

CHUNK_BYTES = 256 * 1024


class Readable(Protocol):
    """A file that was opened to be read."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, none at the end."""


@dataclass(frozen=True, slots=True)
class Digest:
    """Size in bytes and SHA-256 in lower-case hex."""

    size: int
    sha256: str


def digest(storage: Storage, name: str) -> Digest:
    """Read the file once, in constant memory; raises FileNotFoundError."""
    with storage.open(name) as file:
        return digest_of(file)


def digest_of(file: Readable) -> Digest:
    """Read an open file to its end, in constant memory."""
    size = 0
    sha256 = hashlib.sha256()
    while chunk := file.read(CHUNK_BYTES):
        size += len(chunk)
        sha256.update(chunk)
    return Digest(size, sha256.hexdigest())
