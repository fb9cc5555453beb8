"""Documents of candidates through the API."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from rest_framework.test import APIClient

from interviews.models import Candidate, CandidateDocument
from tests.people import People, client_for
from tests.rows import make_candidate

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


def package(**parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def open_document() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<x/>")
    return buffer.getvalue()


DOCX = package(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>" * 50_000})
MACROS = package(
    **{"[Content_Types].xml": "<x/>", "word/document.xml": "<w/>", "word/vbaProject.bin": "x"}
)
OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
GOOD = [
    ("cv.pdf", b"%PDF-1.7\nrest", "application/pdf"),
    ("CV.PDF", b"%PDF-1.7\nrest", "application/pdf"),
    ("cv.docx", DOCX, OFFICE),
    ("cv.odt", open_document(), "application/vnd.oasis.opendocument.text"),
    ("cv.txt", "Zoë, née 1990\r\n\tteam".encode(), "text/plain"),
    ("photo.png", PNG, "image/png"),
    ("photo.jpeg", b"\xff\xd8\xff\xe0rest", "image/jpeg"),
]


@pytest.fixture
def alice(people: People) -> Any:
    """A client of the recruiter."""
    return client_for(people.alice)


@pytest.fixture
def dana(people: People) -> Candidate:
    """A candidate."""
    return make_candidate(people.home)


def documents_of(candidate: Candidate) -> str:
    return f"/api/v1/candidates/{candidate.pk}/documents"


def send(client: APIClient, candidate: Candidate, name: str, content: bytes, **headers: str) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(documents_of(candidate), {"file": file}, format="multipart", headers=headers)


def stored_files(data_dir: Path) -> int:
    return sum(path.is_file() for path in (data_dir / "files" / "documents").rglob("*"))


@pytest.mark.parametrize(("name", "content", "media_type"), GOOD)
def test_document_is_stored_as_what_it_is(
    name: str, content: bytes, media_type: str, alice: Any, dana: Candidate
) -> None:
    answer = send(alice, dana, name, content)

    shown = answer.json()
    row = CandidateDocument.objects.get()
    assert answer.status_code == 201
    assert (shown["filename"], shown["media_type"], shown["size"]) == (
        name,
        media_type,
        len(content),
    )
    with storages["documents"].open(row.storage_name) as file:
        assert file.read() == content
    assert alice.get(documents_of(dana)).json()["results"] == [shown]
    one = alice.get(f"{documents_of(dana)}/{row.pk}").json()
    assert one == shown | {"url": one["url"], "expires_at": one["expires_at"]}
    assert "/files/" in one["url"]


def test_raw_body_is_taken_under_the_name_in_its_header(alice: Any, dana: Candidate) -> None:
    answer = alice.generic(
        "POST",
        documents_of(dana),
        b"%PDF-1.4",
        content_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="../../My CV.pdf"'},
    )

    assert answer.status_code == 201, answer.content
    assert (answer.json()["filename"], answer.json()["size"]) == ("My CV.pdf", 8)


BAD = [
    ("cv.pdf", b"", 422),
    ("cv.pdf", b"GIF89a", 415),
    ("cv.pdf", b" %PDF-1.7", 415),
    ("cv.docx", open_document(), 415),
    ("cv.docx", package(**{"a.txt": "x"}), 415),
    ("cv.docx", MACROS, 415),
    ("cv.docx", b"PK\x03\x04" + b"\0" * 100, 415),
    ("cv.odt", DOCX, 415),
    ("cv.txt", b"\xff\xfe", 415),
    ("cv.txt", b"ok\0", 415),
    ("cv.txt", "ends within a sign é".encode()[:-1], 415),
    ("photo.png", b"\xff\xd8\xff", 415),
    ("page.html", b"<script>alert(1)</script>", 415),
    ("drawing.svg", b"<svg/>", 415),
    ("run.exe", b"MZ", 415),
    ("noending", b"%PDF-1.7", 415),
]


@pytest.mark.parametrize(("name", "content", "status"), BAD)
def test_what_is_no_document_is_refused(
    name: str, content: bytes, status: int, alice: Any, dana: Candidate, data_dir: Path
) -> None:
    before = stored_files(data_dir)

    answer = send(alice, dana, name, content)

    assert answer.status_code == status
    assert (CandidateDocument.objects.count(), stored_files(data_dir)) == (0, before)


@override_settings(MAX_DOCUMENT_BYTES=100_000)
@pytest.mark.parametrize("size", [100_001, 300_000])
def test_too_large_a_file_is_refused(size: int, alice: Any, dana: Candidate) -> None:
    assert send(alice, dana, "cv.txt", b"a" * size).status_code == 413
    assert send(alice, dana, "cv.txt", b"a" * 100_000).status_code == 201


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"other": SimpleUploadedFile("cv.pdf", b"%PDF-")},
        {"file": "text, not a file"},
    ],
)
def test_exactly_one_file_is_wanted(files: dict[str, Any], alice: Any, dana: Candidate) -> None:
    answer = alice.post(documents_of(dana), files, format="multipart")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["file"])


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
        (b"x", "multipart/form-data"),
        (b"x", "multipart/form-data; boundary=" + "x" * 500),
        (b"{}", "application/json"),
        (b"%PDF-", "application/pdf"),
    ],
)
def test_unreadable_uploads_are_refused(
    body: bytes, content_type: str, alice: Any, dana: Candidate
) -> None:
    answer = alice.generic("POST", documents_of(dana), body, content_type=content_type)

    assert answer.status_code in {400, 415}
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_repeated_upload_is_stored_once(alice: Any, dana: Candidate) -> None:
    headers = {"Idempotency-Key": "cv-1"}

    first = send(alice, dana, "cv.pdf", b"%PDF-1", **headers)
    second = send(alice, dana, "cv.pdf", b"%PDF-1", **headers)
    other = send(alice, dana, "cv.pdf", b"%PDF-2", **headers)

    assert first.content == second.content
    assert (second.headers["Idempotent-Replay"], other.status_code) == ("true", 422)
    assert CandidateDocument.objects.count() == 1


def test_deleted_document_leaves_no_file(alice: Any, dana: Candidate, data_dir: Path) -> None:
    before = stored_files(data_dir)
    one, two = (send(alice, dana, "cv.pdf", b"%PDF-1").json()["id"] for _ in range(2))

    deleted = alice.delete(f"{documents_of(dana)}/{one}")
    left = stored_files(data_dir) - before
    alice.delete(f"/api/v1/candidates/{dana.pk}")

    assert (deleted.status_code, left, stored_files(data_dir) - before) == (204, 1, 0)
    assert alice.get(f"{documents_of(dana)}/{two}").status_code == 404


def test_long_name_is_shortened_before_its_ending(
    alice: Any, dana: Candidate, data_dir: Path
) -> None:
    before = stored_files(data_dir)
    name = f"{'é' * 300}.pdf"

    answer = send(alice, dana, name, b"%PDF-1")

    assert answer.status_code == 201
    assert CandidateDocument.objects.get().filename == f"{'é' * 150}.pdf"
    assert stored_files(data_dir) == before + 1


@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("vera", 403), ("charlie", 404)])
def test_only_recruiters_add_documents(
    who: str, status: int, people: People, dana: Candidate
) -> None:
    assert send(client_for(getattr(people, who)), dana, "cv.pdf", b"%PDF-1").status_code == status
