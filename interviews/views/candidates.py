"""Candidates and their documents."""

import re
import uuid
from collections.abc import Callable
from typing import Any, ClassVar

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import FileUploadParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from interviews.models import Candidate, CandidateDocument
from interviews.reading.rows import (
    CANDIDATE,
    DOCUMENT,
    show_candidate,
    show_document,
    values_of,
)
from interviews.serializers.filters import CandidateFilter
from interviews.serializers.inputs import CandidateChange, CandidateInput
from interviews.serializers.shown import (
    CandidateShown,
    DocumentFile,
    DocumentShown,
    ListedDocumentShown,
)
from interviews.services.call_permissions import allow_calls
from interviews.services.call_planning import refuse_calls
from interviews.services.candidates import (
    DOCUMENTS,
    change_candidate,
    create_candidate,
    delete_candidate,
)
from interviews.services.documents import (
    delete_document,
    examine_document,
    refuse_size,
    store_document,
)
from talenti.api.docs import describe
from talenti.api.idempotency import HEADER, answer_once, digest_of, idempotent
from talenti.api.pagination import paginate
from talenti.api.views import TenantView, read_input, read_query
from talenti.history import Actor
from talenti.roles import READERS, WRITERS
from talenti.storage.addresses import file_address, safe_file_name

ENDING = re.compile(r"[A-Za-z0-9]{1,8}")
FRAMING_BYTES = 64 * 1024  # what multipart may add around a file


class CandidatesView(TenantView):
    """`candidates`."""

    roles: ClassVar = {"GET": READERS, "POST": WRITERS}

    @describe(
        "Candidates",
        response=CandidateShown,
        listed=True,
        query=CandidateFilter,
        orderings=("created_at", "name"),
    )
    def get(self, request: Request) -> Response:
        """Return a page, the newest first."""
        filters = read_query(CandidateFilter, request)
        rows = self.listed(Candidate.objects.all(), filters)
        if "email" in filters:
            rows = rows.filter(email__iexact=filters["email"])
        values = rows.values_list(*CANDIDATE)
        return Response(paginate(request, values, show_candidate, orderings=("created_at", "name")))

    @describe(
        "Add a candidate",
        request=CandidateInput,
        response=CandidateShown,
        status=201,
        refusals=(409,),
    )
    @idempotent()
    def post(self, request: Request) -> Response:
        """Add a candidate; 409 for an address that is known."""
        given = read_input(CandidateInput, request)
        home = self.organisation_for(given.pop("organisation", None))
        word = _pop_word(given)
        with transaction.atomic():
            row = create_candidate(home, self.actor, **given)
            word(row, self.actor)
        return Response(values_of(row, CANDIDATE), status=201)


def _pop_word(given: dict[str, Any]) -> Callable[[Candidate, Actor], None]:
    """Take out of the input what notes whether they may be called; nothing where nobody said so."""
    refuses, permission = given.pop("do_not_call", False), given.pop("call_permission", "")
    if refuses:
        return refuse_calls
    return allow_calls if permission else lambda *_: None


class CandidateView(TenantView):
    """`candidates/{id}`."""

    roles: ClassVar = {"GET": READERS, "PATCH": WRITERS, "DELETE": WRITERS}

    @describe("One candidate", response=CandidateShown)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Return them."""
        return Response(values_of(self.find(Candidate.objects.all(), pk), CANDIDATE))

    @describe(
        "Change a candidate", request=CandidateChange, response=CandidateShown, refusals=(409,)
    )
    def patch(self, request: Request, pk: uuid.UUID) -> Response:
        """Change what is given."""
        row = self.find(Candidate.objects.all(), pk)
        given = read_input(CandidateChange, request)
        word = _pop_word(given)
        with transaction.atomic():
            change_candidate(row, self.actor, **given)
            word(row, self.actor)
        return Response(values_of(row, CANDIDATE))

    @describe("Delete a candidate", status=204, refusals=(409,))
    def delete(self, request: Request, pk: uuid.UUID) -> Response:
        """Delete a candidate who was never interviewed, with every document."""
        delete_candidate(self.find(Candidate.objects.all(), pk), self.actor)
        return Response(status=204)


class DocumentsView(TenantView):
    """`candidates/{id}/documents`."""

    roles: ClassVar = {"GET": READERS, "POST": WRITERS}
    parser_classes = [MultiPartParser, FileUploadParser]

    @describe("Documents of a candidate", response=ListedDocumentShown, listed=True)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """Return a page, the newest first."""
        candidate = self.find(Candidate.objects.all(), pk)
        read_query(None, request)
        rows = CandidateDocument.objects.filter(candidate=candidate).values_list(*DOCUMENT)
        return Response(paginate(request, rows, show_document))

    @describe(
        "Add a document",
        request=DocumentFile,
        response=ListedDocumentShown,
        status=201,
        refusals=(413, 415, 422),
        media_types=("multipart/form-data",),
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Store one file: multipart as `file`, or raw with a Content-Disposition that names it."""
        candidate = self.find(Candidate.objects.all(), pk)
        refuse_size(int(request.META.get("CONTENT_LENGTH") or 0) - FRAMING_BYTES)
        file = _file_of(request)
        filename = name_of(file)
        facts = examine_document(file, filename)

        def store() -> Response:
            row = store_document(candidate, file, filename, facts, self.actor)
            return Response(values_of(row, DOCUMENT), status=201)

        if HEADER not in request.headers:
            return store()
        digest = digest_of(request, [filename, facts.sha256])
        return answer_once(self, digest, store, atomic=False)  # type: ignore[return-value]

    post.idempotent = True  # type: ignore[attr-defined]  # the key is honoured above


def _file_of(request: Request) -> UploadedFile:
    # A raw body comes in a plain dict, a form in one of lists.
    files: Any = request.FILES
    several = hasattr(files, "getlist") and len(files.getlist("file")) > 1
    found: UploadedFile | None = files.get("file")
    if found is None or len(files) != 1 or several:
        raise ValidationError({"file": ["Send exactly one file."]})
    return found


def name_of(file: UploadedFile) -> str:
    """Return a harmless name with the file's own ending."""
    stem, _, ending = (file.name or "").rpartition(".")
    return (
        f"{safe_file_name(stem)}.{ending}" if ENDING.fullmatch(ending) else safe_file_name(ending)
    )


class DocumentView(TenantView):
    """`candidates/{id}/documents/{id}`."""

    roles: ClassVar = {"GET": READERS, "DELETE": WRITERS}

    def document(self, pk: uuid.UUID, document_id: uuid.UUID) -> CandidateDocument:
        """Return the candidate's document."""
        row: CandidateDocument = self.find(
            CandidateDocument.objects.filter(candidate=pk), document_id
        )
        return row

    @describe("One document", response=DocumentShown)
    def get(self, request: Request, pk: uuid.UUID, document_id: uuid.UUID) -> Response:
        """Return it with the short-lived address that saves the file."""
        row = self.document(pk, document_id)
        address = file_address(
            DOCUMENTS,
            row.storage_name,
            media_type=row.media_type,
            download_name=row.filename,
        )
        shown = values_of(row, DOCUMENT) | {"url": address.url, "expires_at": address.expires_at}
        return Response(shown)

    @describe("Delete a document", status=204)
    def delete(self, request: Request, pk: uuid.UUID, document_id: uuid.UUID) -> Response:
        """Delete the file and its row."""
        delete_document(self.document(pk, document_id), self.actor)
        return Response(status=204)
