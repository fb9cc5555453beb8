"""What a stored file really holds."""

import hashlib
from dataclasses import dataclass

from django.core.files.storage import Storage

CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Digest:
    """Size in bytes and SHA-256 in lower-case hex."""

    size: int
    sha256: str


def digest(storage: Storage, name: str) -> Digest:
    """Read the file once, in constant memory; raises FileNotFoundError."""
    size = 0
    sha256 = hashlib.sha256()
    with storage.open(name) as file:
        while chunk := file.read(CHUNK_BYTES):
            size += len(chunk)
            sha256.update(chunk)
    return Digest(size, sha256.hexdigest())
