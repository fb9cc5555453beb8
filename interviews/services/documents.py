"""Documents about candidates: what they really are, stored once, never shown to an engine."""

import codecs
import hashlib
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from interviews.models import Candidate, CandidateDocument
from interviews.services.candidates import DOCUMENTS
from talenti.errors import RetryLater, Unsuitable
from talenti.history import Actor, record
from talenti.ids import new_id
from talenti.work.models import State, WorkItem
from talenti.work.queue import enqueue

CHUNK_BYTES = 64 * 1024
HEAD_BYTES = 512
ODT = b"mimetypeapplication/vnd.oasis.opendocument.text"
UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LONGEST_NAME = 200
TAKE_BACK = "interviews.take_back_document"
TAKEN_BACK_AFTER = timedelta(hours=1)  # far longer than a request lives


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What a file is, by its own bytes; `sha256` in hex, `size` in bytes."""

    media_type: str
    sha256: str
    size: int


def examine_document(file: "File[Any]", filename: str) -> DocumentFacts:
    """Read the file once and say what it is.

    Raises Unsuitable: 422 empty, 413 too large, 415 not a document that its name promises.
    """
    size = int(file.size or 0)
    if size == 0:
        raise Unsuitable("The file is empty.", code="empty", status=422)
    refuse_size(size)
    kind = KINDS.get(filename.rpartition(".")[2].lower())
    if kind is None or not kind.fits(file):
        raise Unsuitable(
            "Send a PDF, DOCX, ODT, plain text, PNG or JPEG under its own ending.",
            code="not_a_document",
            status=415,
        )
    return DocumentFacts(kind.media_type, _sha256(file), size)


def refuse_size(size: int) -> None:
    """Raise Unsuitable (413) for more bytes than a document may have."""
    if size > settings.MAX_DOCUMENT_BYTES:
        message = f"At most {settings.MAX_DOCUMENT_BYTES} bytes."
        raise Unsuitable(message, code="too_large", status=413)


def store_document(
    candidate: Candidate, file: "File[Any]", filename: str, facts: DocumentFacts, actor: Actor
) -> CandidateDocument:
    """Store the file, then its row; a file without a row is taken back.

    Here when that can be, and else an hour later: that work is queued before the file is stored,
    and leaves the queue together with the row's coming. RetryLater when it was done meanwhile.
    """
    document_id, organisation_id = new_id(), candidate.organisation_id
    name = _name_of(organisation_id, document_id)
    later = timezone.now() + TAKEN_BACK_AFTER
    enqueue(TAKE_BACK, organisation_id=organisation_id, subject_id=document_id, at=later)
    storages[DOCUMENTS].save(name, file)
    try:
        with transaction.atomic():
            row: CandidateDocument = CandidateDocument.objects.create(
                pk=document_id,
                organisation_id=organisation_id,
                candidate=candidate,
                filename=filename[-LONGEST_NAME:],
                media_type=facts.media_type,
                size=facts.size,
                sha256=facts.sha256,
                storage_name=name,
            )
            record(row, "stored", actor, root_id=candidate.pk)
            _keep(document_id)
    except BaseException:
        storages[DOCUMENTS].delete(name)
        raise
    return row


def take_back(organisation_id: uuid.UUID, document_id: uuid.UUID) -> None:
    """Delete the file of a document that has no row: whoever stored it did not get that far."""
    if not CandidateDocument.objects.filter(pk=document_id).exists():
        storages[DOCUMENTS].delete(_name_of(organisation_id, document_id))


def _keep(document_id: uuid.UUID) -> None:
    waiting = WorkItem.objects.filter(
        kind=TAKE_BACK, subject_id=document_id, state=State.QUEUED, attempt=0
    )
    deleted, _ = waiting.delete()
    if not deleted:
        raise RetryLater("Storing the file took too long.")


def _name_of(organisation_id: uuid.UUID, document_id: uuid.UUID) -> str:
    return f"{organisation_id}/{document_id}"


def delete_document(row: CandidateDocument, actor: Actor) -> None:
    """Delete the file and its row."""
    with transaction.atomic():
        record(row, "deleted", actor, root_id=row.candidate_id)
        row.delete()
        storages[DOCUMENTS].delete(row.storage_name)


def _head(file: "File[Any]") -> bytes:
    file.seek(0)
    return bytes(file.read(HEAD_BYTES))


def _is_office(file: "File[Any]") -> bool:
    """Whether it is a word processor's package: its parts' names are readable in the archive.

    Nothing is unpacked. A package with macros has a part that others do not.
    """
    if not _head(file).startswith(b"PK\x03\x04"):
        return False
    found = _names_in(file, (b"[Content_Types].xml", b"word/document.xml", b"vbaProject.bin"))
    return found == {b"[Content_Types].xml", b"word/document.xml"}


def _names_in(file: "File[Any]", wanted: tuple[bytes, ...]) -> set[bytes]:
    file.seek(0)
    found, tail = set(), b""
    while chunk := bytes(file.read(CHUNK_BYTES)):
        window = tail + chunk
        found |= {name for name in wanted if name in window}
        tail = window[-64:]
    return found


def _is_odt(file: "File[Any]") -> bool:
    head = _head(file)
    return head.startswith(b"PK\x03\x04") and head[30 : 30 + len(ODT)] == ODT


def _is_text(file: "File[Any]") -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while chunk := bytes(file.read(CHUNK_BYTES)):
            if UNPRINTABLE.search(decoder.decode(chunk)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _sha256(file: "File[Any]") -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK_BYTES):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _begins(*signatures: bytes) -> Callable[["File[Any]"], bool]:
    return lambda file: _head(file).startswith(signatures)


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of document: how it is served, and how its bytes show it."""

    media_type: str
    fits: Callable[["File[Any]"], bool]


JPEG = Kind("image/jpeg", _begins(b"\xff\xd8\xff"))
KINDS = {
    "pdf": Kind("application/pdf", _begins(b"%PDF-")),
    "docx": Kind(OFFICE, _is_office),
    "odt": Kind("application/vnd.oasis.opendocument.text", _is_odt),
    "txt": Kind("text/plain", _is_text),
    "png": Kind("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "jpg": JPEG,
    "jpeg": JPEG,
}
