"""Signed addresses of one file, and what is asked of them."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client

from talenti.storage.addresses import file_address, upload_address

NAME = "org/interview/recording"
BODY = b"0123456789"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    backend = "talenti.storage.files.SignedFileSystemStorage"
    options = {"location": tmp_path, "alias": "recordings"}
    settings.STORAGES = settings.STORAGES | {
        "recordings": {"BACKEND": backend, "OPTIONS": options},
        "documents": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    return tmp_path


@pytest.fixture
def client() -> Client:
    return Client(enforce_csrf_checks=True)


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def put_path(size: int = len(BODY)) -> str:
    address = upload_address("recordings", NAME, content_type="audio/wav", size=size)
    return urlsplit(address.url).path


def get_path(media_type: str = "audio/wav", download_name: str | None = None) -> str:
    address = file_address("recordings", NAME, media_type=media_type, download_name=download_name)
    return urlsplit(address.url).path


def store(body: bytes = BODY) -> None:
    storages["recordings"].save(NAME, ContentFile(body))


def put(client: Client, path: str, body: bytes = BODY, **extra: Any) -> Any:
    return client.put(path, data=body, content_type="audio/wav", **extra)


def body_of(response) -> bytes:
    return b"".join(response) if response.streaming else response.content


def problem_of(response) -> tuple[int, str, str]:
    return response.status_code, response["Content-Type"], response.json()["type"]


def problem(status: int, code: str) -> tuple[int, str, str]:
    return status, "application/problem+json", f"/problems/{code}"
