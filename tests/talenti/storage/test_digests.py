"""Digests of stored files."""

import hashlib
import tracemalloc
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from talenti.storage.digests import CHUNK_BYTES, Digest, digest
from talenti.storage.files import SignedFileSystemStorage


@pytest.fixture
def storage(tmp_path: Path) -> SignedFileSystemStorage:
    return SignedFileSystemStorage(location=tmp_path, alias="recordings")


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_digest_is_of_every_byte(storage: SignedFileSystemStorage, size: int) -> None:
    body = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    storage.save("file", ContentFile(body))
    assert digest(storage, "file") == Digest(size, hashlib.sha256(body).hexdigest())


def test_digest_needs_the_same_memory_for_any_size(storage: SignedFileSystemStorage) -> None:
    with storage.creating("large") as file:
        file.truncate(64 * 1024**2)
    tracemalloc.start()
    assert digest(storage, "large").size == 64 * 1024**2
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * 1024**2


def test_digest_of_a_missing_file_says_so(storage: SignedFileSystemStorage) -> None:
    with pytest.raises(FileNotFoundError):
        digest(storage, "nothing")
