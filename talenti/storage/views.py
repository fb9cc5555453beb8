"""Bytes in and out by signed address. The token is the authority: no session, cookie or CSRF."""

import os
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import BinaryIO

from django.core.files.storage import storages
from django.http import FileResponse, HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt

from talenti.api.failures import is_disk_full
from talenti.api.problems import (
    failure_response,
    incomplete_response,
    not_found_response,
    problem_response,
    title_of,
)
from talenti.storage.addresses import content_disposition
from talenti.storage.files import SignedFileSystemStorage
from talenti.storage.ranges import Unsatisfiable, parse_range
from talenti.storage.tokens import BadToken, ExpiredToken, Grant, read_token

CHUNK_BYTES = 256 * 1024
METHODS = {"put": ["PUT"], "get": ["GET", "HEAD"]}
READ_HEADERS = {
    "Accept-Ranges": "bytes",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@csrf_exempt
def file_view(request: HttpRequest, token: str) -> HttpResponseBase:
    """PUT, GET or HEAD the one file that the token names."""
    try:
        grant = read_token(token)
    except ExpiredToken:
        return refuse(403, "address_expired", "This address has expired. Ask for a new one.")
    except BadToken:
        return refuse(403, "address_refused", "This address is not valid.")
    allowed = METHODS[grant.verb]
    if request.method not in allowed:
        headers = {"Allow": ", ".join(allowed)}
        return refuse(405, "method_not_allowed", "This address is not for that.", headers)
    storage = storages[grant.alias]
    if not isinstance(storage, SignedFileSystemStorage):
        return not_found_response()
    return (
        receive(request, grant, storage) if grant.verb == "put" else send(request, grant, storage)
    )


def refuse(
    status: int, code: str, detail: str, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Return a problem document."""
    return problem_response(status, title_of(status), detail, code=code, headers=headers)


def receive(request: HttpRequest, grant: Grant, storage: SignedFileSystemStorage) -> HttpResponse:
    """Store the body under the granted name: 201, or a refusal and nothing stored."""
    refusal = refuse_length(request, grant.size)
    if refusal is not None:
        return refusal
    if storage.exists(grant.name):
        return already_there()
    try:
        with storage.creating(grant.name) as file:
            copy_exactly(request, file, grant.size)
    except FileExistsError:
        return already_there()
    except (UnreadablePostError, EOFError):
        return incomplete_response()
    except OSError as error:
        if is_disk_full(error) and (answer := failure_response(request, error)):
            return answer
        raise
    return HttpResponse(status=HTTPStatus.CREATED)


def already_there() -> HttpResponse:
    """Return 409: an address stores once."""
    return refuse(409, "already_uploaded", "This file has been uploaded already.")


def refuse_length(request: HttpRequest, size: int) -> HttpResponse | None:
    """Refuse a body whose announced length is not the promised one, before reading any of it."""
    announced = request.META.get("CONTENT_LENGTH") or ""
    if not announced:
        return refuse(411, "length_required", "Send the body with a Content-Length.")
    if not re.fullmatch(r"[0-9]{1,18}", announced) or "HTTP_CONTENT_RANGE" in request.META:
        return refuse(400, "bad_request", "Send the whole file at once with its length.")
    if int(announced) > size:
        return refuse(413, "too_large", f"The file is larger than the promised {size} bytes.")
    if int(announced) < size:
        return refuse(422, "wrong_size", f"The file is smaller than the promised {size} bytes.")
    return None


def copy_exactly(request: HttpRequest, file: BinaryIO, size: int) -> None:
    """Copy `size` bytes of the body in constant memory; raises EOFError if it ends too early."""
    left = size
    while left and (chunk := request.read(min(CHUNK_BYTES, left))):
        file.write(chunk)
        left -= len(chunk)
    if left:
        raise EOFError


class FileSlice:
    """Part of a file. A server that can sends it by descriptor, from its place on."""

    def __init__(self, file: BinaryIO, part: range) -> None:
        self.file = file
        self.left = len(part)
        file.seek(part.start)

    def read(self, size: int = CHUNK_BYTES) -> bytes:
        """Return up to `size` bytes, none at the end of the part."""
        chunk = self.file.read(min(size, self.left))
        self.left -= len(chunk)
        return chunk

    def fileno(self) -> int:
        """Return the descriptor, positioned at the part's start; Content-Length bounds it."""
        return self.file.fileno()

    def close(self) -> None:
        """Close the file."""
        self.file.close()


class SliceResponse(FileResponse):
    """A file response that reads in large pieces."""

    block_size = CHUNK_BYTES


def send(request: HttpRequest, grant: Grant, storage: SignedFileSystemStorage) -> HttpResponseBase:
    """Return the file or the part asked for."""
    try:
        file = storage.open_raw(grant.name)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return not_found_response()
    try:
        response = answer_reader(request, grant, file)
    except BaseException:
        file.close()
        raise
    if not response.streaming:
        file.close()
    return response


def answer_reader(request: HttpRequest, grant: Grant, file: BinaryIO) -> HttpResponseBase:
    """Return the streaming answer; one without a body leaves the file to its caller."""
    status = os.fstat(file.fileno())
    etag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
    settled = get_conditional_response(request, etag=etag, last_modified=int(status.st_mtime))
    if settled is not None:
        return settled
    headers = READ_HEADERS | {
        "Content-Disposition": content_disposition(grant.download_name),
        "ETag": etag,
        "Last-Modified": http_date(status.st_mtime),
    }
    whole = range(status.st_size)
    try:
        part = asked_range(request, etag, status.st_size)
    except Unsatisfiable:
        return refuse(
            416,
            "range_not_satisfiable",
            "The file is shorter than that.",
            {"Content-Range": f"bytes */{len(whole)}"},
        )
    if part is not None:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{len(whole)}"
    headers["Content-Length"] = str(len(whole if part is None else part))
    return stream(request, grant, FileSlice(file, whole if part is None else part), headers)


def asked_range(request: HttpRequest, etag: str, size: int) -> range | None:
    """Return the one range to send, or None for all; raises Unsatisfiable.

    If-Range with anything but our own tag means all: the reader's earlier part may be another's.
    """
    if request.method != "GET" or request.headers.get("If-Range", etag) != etag:
        return None
    return parse_range(request.headers.get("Range", ""), size)


def stream(
    request: HttpRequest, grant: Grant, part: FileSlice, headers: dict[str, str]
) -> HttpResponseBase:
    """Return the bytes of `part`, or their headers alone to HEAD."""
    if request.method == "HEAD":
        return HttpResponse(content_type=grant.media_type, headers=headers)
    status = HTTPStatus.PARTIAL_CONTENT if "Content-Range" in headers else HTTPStatus.OK
    return SliceResponse(part, status=status, content_type=grant.media_type, headers=headers)
