"""Errors as problem documents (RFC 9457): the one place that gives an exception its HTTP status."""

import math
import sys
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, TypedDict, Unpack

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.views import defaults
from rest_framework import exceptions

from talenti import errors
from talenti.api import failures, request_ids
from talenti.api.renderers import dump_json

MEDIA_TYPE = "application/problem+json"
NON_FIELD = "non_field_errors"
RETRY_SECONDS = 5
MACHINE_PATHS = ("/api/", "/files/", "/webhooks/", "/health/")
STATUSES: dict[type[errors.TalentiError], int] = {
    errors.Invalid: 400,
    errors.WrongState: 409,
    errors.NotAllowed: 403,
    errors.PermanentFailure: 422,
    errors.RetryLater: 503,
}
TITLES = {
    413: "Too large",
    416: "Range not satisfiable",
    422: "Cannot be used",
    507: "No room left",
}
UNAVAILABLE_PAGE = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>One moment</title>
<meta name="viewport" content="width=device-width"></head>
<body style="font-family: system-ui, sans-serif; margin: 4rem auto; max-width: 36rem">
<h1>One moment, please</h1><p>%s Nothing that was saved is lost.</p></body></html>"""


class Members(TypedDict, total=False):
    """What a problem document may say beside its title and detail."""

    errors: Mapping[str, list[str]] | None
    legal_moves: list[str] | None
    request_id: str | None


def problem_response(
    status: int,
    title: str,
    detail: str,
    *,
    code: str,
    headers: Mapping[str, str] | None = None,
    **members: Unpack[Members],
) -> HttpResponse:
    """Return the document; `code` names the kind of problem and never changes its meaning."""
    body: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": title,
        "status": status,
        "detail": detail,
    }
    body |= {name: value for name, value in members.items() if value is not None}
    if request_id := body.get("request_id") or request_ids.current.get():
        body["request_id"] = request_id
    return HttpResponse(dump_json(body), status=status, content_type=MEDIA_TYPE, headers=headers)


def title_of(status: int) -> str:
    """Return the short title of a status."""
    return TITLES.get(status) or HTTPStatus(status).phrase.capitalize()


def handle(exc: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """REST framework's exception handler; None lets the error go on to the middleware."""
    if isinstance(exc, errors.TalentiError):
        return refusal_response(exc)
    if isinstance(exc, Http404):
        return not_found_response()
    if isinstance(exc, PermissionDenied):
        return forbidden_response()
    if isinstance(exc, DjangoValidationError):
        return invalid_response(_model_errors(exc))
    if isinstance(exc, exceptions.APIException):
        return api_error_response(exc)
    return None


def refusal_response(exc: errors.TalentiError) -> HttpResponse:
    """Return what the domain refused and why."""
    status = _status_of(exc)
    headers = {}
    if isinstance(exc, errors.RetryLater):
        headers["Retry-After"] = whole_seconds(exc.after_seconds)
    return problem_response(
        status,
        title_of(status),
        exc.message,
        code=exc.code,
        headers=headers,
        errors=getattr(exc, "errors", None) or None,
        legal_moves=getattr(exc, "legal_moves", None),
    )


def _status_of(exc: errors.TalentiError) -> int:
    if isinstance(exc, errors.Unsuitable):
        return exc.status
    return next((status for kind, status in STATUSES.items() if isinstance(exc, kind)), 400)


def api_error_response(exc: exceptions.APIException) -> HttpResponse:
    """Return the document for one of REST framework's own errors."""
    if isinstance(exc, exceptions.ValidationError):
        return invalid_response(flatten(exc.detail))
    return problem_response(
        exc.status_code,
        title_of(exc.status_code),
        str(exc.detail),
        code=str(getattr(exc.detail, "code", exc.default_code)),
        headers=_headers_of(exc),
    )


def _headers_of(exc: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = str(challenge)
    if isinstance(exc, exceptions.Throttled):
        headers["Retry-After"] = whole_seconds(getattr(exc, "wait", None))
    elif exc.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = whole_seconds(None)
    return headers


def whole_seconds(wait: float | None) -> str:
    """Return a Retry-After of at least one second; unknown is RETRY_SECONDS."""
    return str(max(1, math.ceil(RETRY_SECONDS if wait is None else wait)))


def invalid_response(field_errors: Mapping[str, list[str]]) -> HttpResponse:
    """Return 400 with every wrong field named."""
    return problem_response(
        400, "Invalid", "Some fields are not right.", code="invalid", errors=field_errors
    )


def _model_errors(exc: DjangoValidationError) -> dict[str, list[str]]:
    if not hasattr(exc, "error_dict"):
        return {NON_FIELD: exc.messages}
    return {NON_FIELD if key == "__all__" else key: said for key, said in exc.message_dict.items()}


def flatten(detail: Any) -> dict[str, list[str]]:
    """Return nested errors by path: `{"scores": [{"level": ["No."]}]}` is `scores[0].level`."""
    flat: dict[str, list[str]] = {}
    for path, message in _walk(detail, ""):
        flat.setdefault(path or NON_FIELD, []).append(message)
    return flat


def _walk(detail: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            yield from _walk(inner, _step(path, key))
    elif isinstance(detail, list | tuple):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list | tuple)
            yield from _walk(inner, _step(path, index) if nested else path)
    else:
        yield path, str(detail)


def _step(path: str, key: object) -> str:
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else str(key)


def not_found_response() -> HttpResponse:
    """Return 404, the same for what never was and for another organisation's rows."""
    return problem_response(404, title_of(404), "There is nothing here.", code="not_found")


def forbidden_response() -> HttpResponse:
    """Return 403 without saying more than that."""
    return problem_response(403, title_of(403), "You may not do this.", code="permission_denied")


def failure_response(request: HttpRequest, error: BaseException) -> HttpResponse | None:
    """Return the answer to a failing dependency, a full disk or a client that left, else None."""
    if failures.is_disk_full(error):
        return _unavailable(request, 507, "no_room", "There is no room left to store this.")
    if failures.is_dependency_down(error):
        return _unavailable(request, 503, "unavailable", "A part of the service does not answer.")
    if failures.is_client_gone(error):
        return incomplete_response()
    return None


def incomplete_response() -> HttpResponse:
    """Return 400 for a body that ended too early."""
    return problem_response(
        400, "Incomplete", "The body ended before its announced length.", code="incomplete"
    )


def _unavailable(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    headers = {"Retry-After": str(RETRY_SECONDS)} if status == 503 else {}
    if is_for_machines(request):
        return problem_response(status, title_of(status), detail, code=code, headers=headers)
    return HttpResponse(UNAVAILABLE_PAGE % detail.encode(), status=status, headers=headers)


def is_for_machines(request: HttpRequest) -> bool:
    """Whether errors at this path are read by programs."""
    return request.path_info.startswith(MACHINE_PATHS)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400: what the framework itself found suspicious."""
    if is_for_machines(request):
        return problem_response(
            400, title_of(400), "The request cannot be read.", code="bad_request"
        )
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler403."""
    if is_for_machines(request):
        return forbidden_response()
    return defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler404: the address itself is not repeated."""
    return (
        not_found_response()
        if is_for_machines(request)
        else defaults.page_not_found(request, exception)
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: a failing dependency is said so even where it failed within a middleware."""
    error = sys.exc_info()[1]
    answer = failure_response(request, error) if error else None
    if answer is not None:
        return answer
    if is_for_machines(request):
        return problem_response(
            500, title_of(500), "This is our mistake, not yours.", code="internal_error"
        )
    return defaults.server_error(request)
