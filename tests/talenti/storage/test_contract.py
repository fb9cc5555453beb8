"""What every storage of files promises, whoever keeps the bytes."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import Storage

from talenti.storage.digests import Digest, digest
from talenti.storage.files import SignedFileSystemStorage

NAME = "org/interview/recording"
TTL = timedelta(minutes=15)


@pytest.fixture(params=["files", "azurite"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "files":
        return SignedFileSystemStorage(location=tmp_path / "recordings", alias="recordings")
    return request.getfixturevalue("blob_storage")


def test_a_saved_file_is_read_back_whole(storage: Storage) -> None:
    assert storage.save(NAME, ContentFile(b"spoken")) == NAME
    assert (storage.exists(NAME), storage.size(NAME)) == (True, 6)
    with storage.open(NAME) as file:
        assert (file.read(2), file.read(), file.read(1)) == (b"sp", b"oken", b"")


def test_an_empty_file_is_a_file(storage: Storage) -> None:
    storage.save(NAME, ContentFile(b""))
    assert digest(storage, NAME) == Digest(
        0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )


def test_a_file_of_many_pieces_is_the_same_file(storage: Storage) -> None:
    storage.save(NAME, ContentFile(bytes(range(256)) * 40_000))
    assert digest(storage, NAME) == Digest(
        10_240_000, "19d6d9faf9ce166abeb8452ff274241877eb1c09580f7ef62ff77696a6bee1fc"
    )


@pytest.mark.parametrize("second", [b"second", b"s" * 9_000_000])
def test_a_name_is_used_once(storage: Storage, second: bytes) -> None:
    storage.save(NAME, ContentFile(b"first"))
    with pytest.raises(FileExistsError):
        storage.save(NAME, ContentFile(second))
    with storage.open(NAME) as file:
        assert file.read() == b"first"


def test_a_deleted_file_is_gone(storage: Storage) -> None:
    storage.save(NAME, ContentFile(b"spoken"))
    storage.delete(NAME)
    storage.delete(NAME)
    assert not storage.exists(NAME)
    for act in (storage.open, storage.size, storage.get_modified_time):
        with pytest.raises(FileNotFoundError):
            act(NAME)


def test_folders_list_their_own(storage: Storage) -> None:
    storage.probe()
    for name in ("org/one/a", "org/one/b", "org/two/c"):
        storage.save(name, ContentFile(b"1"))
    assert storage.listdir("") == (["org"], [])
    folders, files = storage.listdir("org/one")
    assert (folders, sorted(files)) == ([], ["a", "b"])
    assert sorted(storage.listdir("org")[0]) == ["one", "two"]


@pytest.mark.parametrize(
    "name",
    ["../outside", "org/../../outside", "/etc/passwd", "org//file", ".hidden", "a?sig=b", "é"],
)
def test_foreign_names_are_refused(storage: Storage, name: str) -> None:
    with pytest.raises(SuspiciousFileOperation):
        storage.upload_address(name, content_type="audio/wav", size=1, ttl=TTL)
    with pytest.raises(SuspiciousFileOperation):
        storage.file_address(name, media_type="audio/wav", download_name=None, ttl=TTL)


def test_writing_into_a_stored_file_is_refused(storage: Storage) -> None:
    storage.save(NAME, ContentFile(b"final"))
    with pytest.raises(ValueError, match="written by save"):
        storage.open(NAME, "wb")


def test_probing_twice_leaves_nothing_to_see(storage: Storage) -> None:
    storage.probe()
    storage.probe()
    assert storage.listdir("") == ([], [])
