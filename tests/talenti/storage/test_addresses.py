"""What addresses carry."""

from datetime import UTC, datetime, timedelta

import pytest

from talenti.storage.addresses import (
    content_disposition,
    file_address,
    safe_file_name,
    safe_media_type,
    upload_address,
)
from talenti.storage.tokens import Grant, read_token


def token_of(url: str) -> str:
    return url.rpartition("/")[2]


def test_an_upload_address_binds_name_and_size(settings) -> None:
    settings.PUBLIC_URL = "https://talenti.example"
    address = upload_address("recordings", "org/a", content_type="audio/webm", size=7)
    assert address.url.startswith("https://talenti.example/files/")
    assert (address.method, address.headers) == ("PUT", {"Content-Type": "audio/webm"})
    expires = int(address.expires_at.timestamp())
    assert read_token(token_of(address.url)) == Grant("put", "recordings", "org/a", expires, size=7)


def test_a_file_address_binds_name_type_and_download_name() -> None:
    address = file_address("documents", "org/cv", media_type="application/pdf", download_name="CV")
    assert read_token(token_of(address.url)) == Grant(
        "get",
        "documents",
        "org/cv",
        int(address.expires_at.timestamp()),
        media_type="application/pdf",
        download_name="CV",
    )


@pytest.mark.parametrize(("ttl", "seconds"), [(None, 900), (timedelta(seconds=30), 30)])
def test_addresses_expire(settings, ttl: timedelta | None, seconds: int) -> None:
    settings.SIGNED_URL_TTL_SECONDS = 900
    before = datetime.now(UTC)
    address = file_address("documents", "org/cv", media_type="text/plain", ttl=ttl)
    lives = address.expires_at - before
    assert timedelta(seconds=seconds) <= lives <= timedelta(seconds=seconds + 30)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("audio/webm", "audio/webm"),
        ("audio/webm;codecs=opus", "audio/webm;codecs=opus"),
        ("audio/webm; codecs=opus", "audio/webm; codecs=opus"),
        ("application/vnd.x+json", "application/vnd.x+json"),
        ("", "application/octet-stream"),
        ("audio", "application/octet-stream"),
        ("text/html\r\nSet-Cookie: a=b", "application/octet-stream"),
        ("text/html\n", "application/octet-stream"),
        ("a" * 300 + "/b", "application/octet-stream"),
    ],
)
def test_only_well_formed_media_types_are_signed(value: str, expected: str) -> None:
    assert safe_media_type(value) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Interview.wav", "Interview.wav"),
        ("Zoë Müller.pdf", "Zoë Müller.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\cv.exe", "C__cv.exe"),
        ('a"b;c%d.txt', "a_b_c_d.txt"),
        ("cv\r\nSet-Cookie: a=b", "cv Set-Cookie_ a=b"),
        ("cv\u202egpj.exe", "cv gpj.exe"),
        ("...", "file"),
        ("", "file"),
        ("x" * 500, "x" * 150),
    ],
)
def test_download_names_are_harmless(name: str, expected: str) -> None:
    assert safe_file_name(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (None, "inline"),
        ("cv.pdf", 'attachment; filename="cv.pdf"'),
        ("Zoë.pdf", "attachment; filename*=utf-8''Zo%C3%AB.pdf"),
    ],
)
def test_content_disposition_follows_rfc_6266(name: str | None, expected: str) -> None:
    assert content_disposition(name) == expected
