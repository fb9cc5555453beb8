"""Addresses for files: who holds one may send or read exactly one file, for a short time.

Bytes never pass through the API: it hands out addresses, and the storage of that alias says where
they point (this server for the file system, the provider's own signed addresses elsewhere).
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, cast

from django.conf import settings
from django.core.files.storage import storages
from django.utils.http import content_disposition_header

MEDIA_TYPE = re.compile(
    r"[a-zA-Z0-9][\w.+-]{0,126}/[a-zA-Z0-9][\w.+-]{0,126}(; ?[\w-]{1,40}=[\w.,-]{1,80}){0,4}",
    re.ASCII,
)
LONGEST_DOWNLOAD_NAME = 150


@dataclass(frozen=True, slots=True)
class UploadAddress:
    """Where and how to send one file; it can be used once, with exactly the promised size."""

    method: str
    url: str
    expires_at: datetime
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileAddress:
    """Where one file can be read, in ranges too, until `expires_at`."""

    url: str
    expires_at: datetime


class AddressedStorage(Protocol):
    """What a storage class must offer beside Django's own methods."""

    def upload_address(
        self, name: str, *, content_type: str, size: int, ttl: timedelta
    ) -> UploadAddress:
        """Return an address that creates `name` once, with `size` bytes."""

    def file_address(
        self, name: str, *, media_type: str, download_name: str | None, ttl: timedelta
    ) -> FileAddress:
        """Return an address that reads `name`; with `download_name` it is saved, else shown."""

    def probe(self) -> None:
        """Prove that a file can be written, or raise."""


def upload_address(
    alias: str, name: str, *, content_type: str, size: int, ttl: timedelta | None = None
) -> UploadAddress:
    """Return the address that creates file `name` of `size` bytes; `ttl` has its own setting."""
    storage = cast("AddressedStorage", storages[alias])
    return storage.upload_address(
        name, content_type=safe_media_type(content_type), size=size, ttl=ttl or default_ttl()
    )


def file_address(
    alias: str,
    name: str,
    *,
    media_type: str,
    download_name: str | None = None,
    ttl: timedelta | None = None,
) -> FileAddress:
    """Return the address that reads file `name`: saved as `download_name`, or shown in place."""
    storage = cast("AddressedStorage", storages[alias])
    return storage.file_address(
        name,
        media_type=safe_media_type(media_type),
        download_name=download_name,
        ttl=ttl or default_ttl(),
    )


def default_ttl() -> timedelta:
    """Return how long an address lives when nobody says otherwise."""
    return timedelta(seconds=settings.SIGNED_URL_TTL_SECONDS)


def safe_media_type(value: str) -> str:
    """Return `value` if it is a well-formed media type, else the type of plain bytes."""
    return value if MEDIA_TYPE.fullmatch(value) else "application/octet-stream"


def content_disposition(download_name: str | None) -> str:
    """Return the header (RFC 6266): saved under a harmless name, or shown in place without one."""
    if download_name is None:
        return "inline"
    return content_disposition_header(True, safe_file_name(download_name)) or "attachment"  # noqa: FBT003


def safe_file_name(name: str) -> str:
    """Return `name` without folders, control or direction characters; never empty."""
    shown = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in name)
    shown = re.sub(r'[/\\:*?"<>|;%]', "_", " ".join(shown.split()))
    return shown[:LONGEST_DOWNLOAD_NAME].strip(" .") or "file"
