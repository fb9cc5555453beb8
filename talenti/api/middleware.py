"""What every request passes: an id, readable text, one spelling of paths, and honest 503s."""

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation

from talenti.api import request_ids
from talenti.api.problems import failure_response, problem_response
from talenti.api.rate_limits import RateLimitMiddleware

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RequestIdMiddleware:
    """Names the request: the caller's own X-Request-ID if it is harmless, else a new id."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the id in the header, on the request and in the context of the logs."""
        request_id = request_ids.choose_request_id(request.headers.get(request_ids.HEADER, ""))
        request.request_id = request_id  # type: ignore[attr-defined]
        before = request_ids.current.set(request_id)
        try:
            response = self.get_response(request)
        finally:
            request_ids.current.reset(before)
        response[request_ids.HEADER] = request_id
        return response


class HeadMiddleware:
    """Leaves the body of an answer to HEAD away, keeping its length: servers complain of one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the headers alone; streams are the server's to leave unsent."""
        response = self.get_response(request)
        if request.method == "HEAD" and isinstance(response, HttpResponse):
            response.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        return response


class WellFormedMiddleware:
    """Refuses NUL in addresses, queries that are not UTF-8 and bodies without a length.

    Broken UTF-8 in a path needs no check: Django escapes it again, and no route matches.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer 400 or 411, or pass the request on."""
        query = unquote_to_bytes(request.META.get("QUERY_STRING", "").encode("latin-1", "replace"))
        if "\0" in request.path_info or not is_readable(query):
            detail = "The address is not readable text."
            return problem_response(400, "Bad request", detail, code="bad_address")
        if "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
            return length_required()
        return self.get_response(request)


def is_readable(text: bytes) -> bool:
    """Whether it is UTF-8 without NUL."""
    try:
        return "\0" not in text.decode()
    except UnicodeDecodeError:
        return False


def length_required() -> HttpResponse:
    """Return 411: a body of unknown length would be taken for none."""
    return problem_response(
        411, "Length required", "Send the body with a Content-Length.", code="length_required"
    )


class DependencyFailureMiddleware:
    """Says 503 when the database or the broker is down, and 507 when there is no room left.

    Views' errors are met here; those of other middleware reach `problems.server_error`.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a failing dependency; anything else stays a 500."""
        answer = failure_response(request, exception)
        if answer is not None:
            logger.warning("Answered %s to %s", answer.status_code, type(exception).__name__)
        return answer


class TrailingSlashMiddleware:
    """Lets API paths end in a slash or not; a redirect instead would lose the body of a POST."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer under the canonical path."""
        path = request.path_info
        if path.startswith("/api/") and path.endswith("/") and not path.startswith("/api/docs/"):
            request.path_info = path[:-1]
            request.path = request.path.removesuffix("/")
        return self.get_response(request)


class PagesOnlyMiddleware:
    """Takes machines' calls past the middleware between here and RateLimitMiddleware: pages' own.

    API and webhooks know their callers by a header, so they need no session, CSRF token or
    messages; they always answer in English. Hooks such as process_view are called for every
    request nevertheless.
    """

    machines = ("/api/v1/", "/webhooks/")

    def __init__(self, get_response: GetResponse) -> None:
        self.pages = get_response
        self.calls = find_below(get_response, RateLimitMiddleware)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on, to one or the other."""
        if not request.path_info.startswith(self.machines):
            return self.pages(request)
        translation.deactivate()  # what the page before left in this thread
        return self.calls(request)


def find_below(get_response: Any, wanted: type) -> GetResponse:
    """Return the nearest middleware of that class; Django wraps each one as a function."""
    handler = get_response
    while handler is not None:
        middleware = getattr(handler, "__wrapped__", None)
        if isinstance(middleware, wanted):
            found: GetResponse = handler
            return found
        handler = getattr(middleware, "get_response", None)
    raise ImproperlyConfigured(f"{wanted.__name__} is not listed below PagesOnlyMiddleware.")
