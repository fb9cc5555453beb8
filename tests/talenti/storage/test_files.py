"""What the file system storage promises about one file."""

import errno
import os
import stat
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile

from talenti.storage.files import INCOMING, SignedFileSystemStorage

NAME = "org/interview/recording"


@pytest.fixture
def storage(tmp_path: Path) -> SignedFileSystemStorage:
    return SignedFileSystemStorage(location=tmp_path / "recordings", alias="recordings")


def files_in(storage: SignedFileSystemStorage) -> list[str]:
    root = Path(storage.location)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_a_saved_file_is_read_back_whole(storage: SignedFileSystemStorage) -> None:
    assert storage.save(NAME, ContentFile(b"spoken")) == NAME
    with storage.open(NAME) as file:
        assert file.read() == b"spoken"


def test_files_and_folders_are_for_our_own_user_alone(storage: SignedFileSystemStorage) -> None:
    storage.save(NAME, ContentFile(b"spoken"))
    place = Path(storage.path(NAME))
    kept = [place, *list(place.parents)[:3]]
    assert [stat.S_IMODE(path.stat().st_mode) for path in kept] == [0o600, 0o700, 0o700, 0o700]


def test_a_name_is_used_once(storage: SignedFileSystemStorage) -> None:
    storage.save(NAME, ContentFile(b"first"))
    with pytest.raises(FileExistsError):
        storage.save(NAME, ContentFile(b"second"))
    assert Path(storage.path(NAME)).read_bytes() == b"first"
    assert files_in(storage) == [NAME]


def test_of_two_writers_the_first_to_finish_wins(storage: SignedFileSystemStorage) -> None:
    with pytest.raises(FileExistsError), storage.creating(NAME) as slow:  # noqa: PT012
        slow.write(b"slow")
        with storage.creating(NAME) as quick:
            quick.write(b"quick")
    assert Path(storage.path(NAME)).read_bytes() == b"quick"
    assert files_in(storage) == [NAME]


def test_a_file_in_the_making_is_not_there_yet(storage: SignedFileSystemStorage) -> None:
    with storage.creating(NAME) as file:
        file.write(b"half")
        assert not storage.exists(NAME)
        assert storage.listdir("") == ([], [])
    assert storage.exists(NAME)


def test_nothing_stays_of_a_write_that_fails(storage: SignedFileSystemStorage) -> None:
    with pytest.raises(OSError, match="No space"), storage.creating(NAME) as file:  # noqa: PT012
        file.write(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert files_in(storage) == []


def test_delete_takes_the_empty_folders_along(storage: SignedFileSystemStorage) -> None:
    storage.save("org/one/a", ContentFile(b"1"))
    storage.save("org/two/b", ContentFile(b"2"))
    storage.delete("org/one/a")
    assert storage.listdir("") == (["org"], [])
    assert storage.listdir("org") == (["two"], [])
    storage.delete("org/two/b")
    assert storage.listdir("") == ([], [])
    assert Path(storage.location).is_dir()


def test_deleting_twice_is_deleting_once(storage: SignedFileSystemStorage) -> None:
    storage.save(NAME, ContentFile(b"1"))
    storage.delete(NAME)
    storage.delete(NAME)
    assert not storage.exists(NAME)


@pytest.mark.parametrize(
    "name",
    [
        "../outside",
        "org/../../outside",
        "/etc/passwd",
        "org//file",
        "org/./file",
        "org/",
        ".incoming/draft",
        "org/.hidden",
        "org\\file",
        "org/fi\0le",
        "org/file\n",
        "a/b/c/d/e/f/g/h/i",
        "x" * 201,
        "órg/file",
    ],
)
def test_foreign_names_are_refused(storage: SignedFileSystemStorage, name: str) -> None:
    for act in (storage.open, storage.delete, storage.exists, storage.url):
        with pytest.raises(SuspiciousFileOperation):
            act(name)
    with pytest.raises(SuspiciousFileOperation), storage.creating(name):
        pass


def test_writing_into_a_stored_file_is_refused(storage: SignedFileSystemStorage) -> None:
    storage.save(NAME, ContentFile(b"final"))
    with pytest.raises(ValueError, match="written by"):
        storage.open(NAME, "wb")


def test_probing_leaves_nothing_behind(storage: SignedFileSystemStorage) -> None:
    storage.probe()
    assert files_in(storage) == []


def test_probing_a_place_that_cannot_be_written_fails(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    storage = SignedFileSystemStorage(location=tmp_path / "file", alias="recordings")
    with pytest.raises(OSError, match="Not a directory"):
        storage.probe()


def test_only_old_drafts_of_killed_processes_are_discarded(
    storage: SignedFileSystemStorage,
) -> None:
    storage.save(NAME, ContentFile(b"kept"))
    old, young = (Path(storage.location, INCOMING, name) for name in ("old", "young"))
    old.write_bytes(b"half")
    young.write_bytes(b"half")
    os.utime(old, times=(time.time() - 7200,) * 2)
    assert storage.discard_abandoned(older_than=timedelta(hours=1)) == 1
    assert files_in(storage) == [f"{INCOMING}/young", NAME]


def test_discarding_where_nothing_came_in_yet_is_fine(storage: SignedFileSystemStorage) -> None:
    assert storage.discard_abandoned(older_than=timedelta(0)) == 0
