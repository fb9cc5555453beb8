"""One span for each request, named by its route: no address with an id or a secret in it."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from talenti.telemetry import recorder

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class TraceMiddleware:
    """Stands outside all that fails, so that failures are seen."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer within a span; the caller's own trace goes on."""
        method = str(request.method)
        parent = request.headers.get("Traceparent", "")
        with recorder.span(method, kind=recorder.REQUEST, parent=parent) as span:
            response = self.get_response(request)
            match = request.resolver_match
            route = f"/{match.route}" if match else "/[unknown]"
            span.rename(f"{method} {route}")
            span.note(
                {
                    "http.request.method": method,
                    "http.route": route,
                    "url.scheme": request.scheme or "http",
                    "url.path": route,
                    "http.response.status_code": response.status_code,
                    "talenti.request_id": getattr(request, "request_id", ""),
                }
            )
            if response.status_code >= 500:
                span.fail()
        return response
