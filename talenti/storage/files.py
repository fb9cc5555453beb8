"""Files on this machine: private, written once and whole or not at all, read by signed address."""

import contextlib
import math
import os
import re
import secrets
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible

from talenti.storage.addresses import FileAddress, UploadAddress, default_ttl
from talenti.storage.tokens import Grant, make_token

NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}){0,7}")
INCOMING = ".incoming"
FILE_MODE = 0o600
FOLDER_MODE = 0o700
PUBLISH_ATTEMPTS = 5


@deconstructible(path="talenti.storage.files.SignedFileSystemStorage")
class SignedFileSystemStorage(FileSystemStorage):
    """Files under `location`. Names are ours (`<organisation>/<interview>/<recording>`).

    A file appears under its name only when it is complete and on the disk; a name is used once.
    """

    def __init__(self, *, location: str | Path, alias: str) -> None:
        super().__init__(
            location=str(location),
            file_permissions_mode=FILE_MODE,
            directory_permissions_mode=FOLDER_MODE,
        )
        self.alias = alias

    def path(self, name: str) -> str:
        """Return where `name` lies; anything but a plain relative name is refused."""
        if name and not NAME.fullmatch(name):
            raise SuspiciousFileOperation("This is not a name that files have here.")
        return super().path(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Return folders and files at `path`, without the ones still coming in."""
        folders, files = super().listdir(path)
        return [folder for folder in folders if folder != INCOMING], files

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return `name` itself: a second file never slips in under a similar one."""
        return name

    @contextlib.contextmanager
    def creating(self, name: str) -> Iterator[BinaryIO]:
        """Give a file to write; it becomes `name` when the block ends well, else nothing stays.

        Raises FileExistsError if `name` is taken.
        """
        target = Path(self.path(name))
        incoming = Path(self.location, INCOMING)
        make_folders(incoming)
        draft = incoming / secrets.token_hex(16)
        opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
        try:
            with os.fdopen(opened, "wb") as file:
                yield file
                file.flush()
                os.fsync(opened)
            self._publish(draft, target)
        finally:
            draft.unlink(missing_ok=True)

    def _publish(self, draft: Path, target: Path) -> None:
        for attempt in range(1, PUBLISH_ATTEMPTS + 1):
            make_folders(target.parent)
            try:
                os.link(draft, target)  # the first of two writers wins
                break
            except FileNotFoundError:  # a delete took the empty folder away in between
                if attempt == PUBLISH_ATTEMPTS:
                    raise
        for folder in self._folders_of(target):
            sync_folder(folder)

    def _save(self, name: str, content: "File[Any]") -> str:
        with self.creating(name) as file:
            for chunk in content.chunks():
                file.write(chunk)
        return name

    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        if mode != "rb":
            raise ValueError("Files here are written by save() or creating() only.")
        return File(self.open_raw(name))

    def open_raw(self, name: str) -> BinaryIO:
        """Return the unbuffered file, so that a server may hand its descriptor to the kernel."""
        return Path(self.path(name)).open("rb", buffering=0)

    def delete(self, name: str) -> None:
        """Remove the file for good, and the folders it leaves empty; gone already is fine."""
        target = Path(self.path(name))
        target.unlink(missing_ok=True)
        if target.parent.exists():
            sync_folder(target.parent)
        for folder in self._folders_of(target)[:-1]:
            try:
                folder.rmdir()
            except OSError:  # not empty, or another delete was here
                break

    def _folders_of(self, target: Path) -> list[Path]:
        """Return the folders of `target` from its own up to and with the storage's."""
        root = Path(self.location)
        above = list(target.parents)
        return above[: above.index(root) + 1]

    def url(self, name: str | None) -> str:
        """Return an expiring address that saves the file; nothing here has a lasting one."""
        name = str(name)
        last = name.rpartition("/")[2]
        address = self.file_address(
            name, media_type="application/octet-stream", download_name=last, ttl=default_ttl()
        )
        return address.url

    def upload_address(
        self, name: str, *, content_type: str, size: int, ttl: timedelta
    ) -> UploadAddress:
        """Return an address to PUT exactly `size` bytes to, once."""
        grant = Grant("put", self.alias, self._checked(name), expiry(ttl), size=size)
        headers = {"Content-Type": content_type}
        return UploadAddress("PUT", address_of(grant), moment(grant), headers)

    def file_address(
        self, name: str, *, media_type: str, download_name: str | None, ttl: timedelta
    ) -> FileAddress:
        """Return an address to GET the file from; with `download_name` browsers save it."""
        grant = Grant(
            "get",
            self.alias,
            self._checked(name),
            expiry(ttl),
            media_type=media_type,
            download_name=download_name,
        )
        return FileAddress(address_of(grant), moment(grant))

    def _checked(self, name: str) -> str:
        self.path(name)
        return name

    def probe(self) -> None:
        """Prove that a file can be written here; raises OSError if not."""
        incoming = Path(self.location, INCOMING)
        make_folders(incoming)
        draft = incoming / f"probe-{secrets.token_hex(8)}"
        try:
            draft.touch(mode=FILE_MODE, exist_ok=False)
            draft.write_bytes(b"\0")
        finally:
            draft.unlink(missing_ok=True)

    def discard_abandoned(self, *, older_than: timedelta) -> int:
        """Remove what a killed process left half written; return how many files went."""
        incoming = Path(self.location, INCOMING)
        too_old = time.time() - older_than.total_seconds()
        discarded = 0
        for draft in incoming.iterdir() if incoming.is_dir() else ():
            with contextlib.suppress(FileNotFoundError):  # it has just been published or removed
                if draft.stat().st_mtime < too_old:
                    draft.unlink(missing_ok=True)
                    discarded += 1
        return discarded


def expiry(ttl: timedelta) -> int:
    """Return the moment `ttl` from now in seconds since 1970."""
    return math.ceil(time.time() + ttl.total_seconds())


def moment(grant: Grant) -> datetime:
    """Return when the grant ends."""
    return datetime.fromtimestamp(grant.expires_at, UTC)


def address_of(grant: Grant) -> str:
    """Return the absolute address on this server."""
    return f"{settings.PUBLIC_URL}/files/{make_token(grant)}"


def make_folders(folder: Path) -> None:
    """Make `folder` and what is missing above it, for our own user alone."""
    for above in reversed([folder, *folder.parents]):
        if not above.exists():
            above.mkdir(mode=FOLDER_MODE, exist_ok=True)


def sync_folder(folder: Path) -> None:
    """Put the folder's list of names on the disk: after a power cut it still holds."""
    with contextlib.suppress(FileNotFoundError):
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
