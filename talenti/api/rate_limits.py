"""The limits of pages, the headers that tell everybody where they stand, and refused links."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from talenti.api.client_address import client_address
from talenti.api.counters import Standing, counters
from talenti.api.problems import is_for_machines, problem_response
from talenti.api.throttling import INVITATION, missed_link_limit, take_one

GetResponse = Callable[[HttpRequest], HttpResponseBase]
# Signed addresses and webhooks bring a proof of their own, and come in bursts.
UNLIMITED = ("/files/", "/webhooks/", "/static/")
API, CANDIDATES = "/api/", ("/interview/", "/api/v1/session")
MISSED = {401, 403, 404, 410}
PAGE = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>One moment</title>
<meta name="viewport" content="width=device-width"></head>
<body style="font-family: system-ui, sans-serif; margin: 4rem auto; max-width: 36rem">
<h1>One moment, please</h1><p>That was a lot of requests. Wait a minute, then load this page
again. Nothing that was saved is lost.</p></body></html>"""


class RateLimitMiddleware:
    """Counts pages before they are made; the API counts by itself once it knows who asks."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer 429, or pass the request on and add the headers."""
        if not settings.RATE_LIMIT_REQUESTS or request.path_info.startswith(UNLIMITED):
            return self.get_response(request)
        wait = (
            counters().look(missed_link_limit(), client_address(request))
            if guest(request)
            else None
        )
        if wait is not None:
            return too_many(request, wait)
        standing = None if is_api(request) else take_one(request, user_id=request.user.pk)
        if standing is not None and standing.is_over:
            return stand(too_many(request, standing.reset), standing)
        return self._pass_on(request)

    def _pass_on(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if guest(request) and response.status_code in MISSED:
            counters().hit(missed_link_limit(), client_address(request))
        standing: Standing | None = getattr(request, "rate_limit", None)
        if standing is None and is_api(request) and request.method != "OPTIONS":
            # Refused before the API knew who it is: that counts for the address.
            standing = take_one(request, user_id=None)
            if standing is not None and standing.is_over:
                response = too_many(request, standing.reset)
        return stand(response, standing) if standing else response


def is_api(request: HttpRequest) -> bool:
    """Return whether the API answers here."""
    return request.path_info.startswith(API)


def guest(request: HttpRequest) -> bool:
    """Return whether somebody comes with a candidate's link."""
    named = request.headers.get("Authorization", "")[: len(INVITATION)].lower() == INVITATION
    return named or request.path_info.startswith(CANDIDATES)


def too_many(request: HttpRequest, wait: float) -> HttpResponse:
    """Return 429 as a problem document, or as a page for people."""
    headers = {"Retry-After": str(max(1, round(wait))), "Cache-Control": "no-store"}
    if is_for_machines(request):
        detail = "That was too many requests."
        return problem_response(429, "Too many requests", detail, code="throttled", headers=headers)
    return HttpResponse(PAGE, status=429, headers=headers)


def stand(response: HttpResponseBase, standing: Standing) -> HttpResponseBase:
    """Say where the caller stands: the IETF's draft of 2025, and the three names before it."""
    response.headers["RateLimit-Policy"] = f'"requests";q={standing.amount};w={standing.window}'
    response.headers["RateLimit"] = f'"requests";r={standing.remaining};t={standing.reset}'
    response.headers["RateLimit-Limit"] = str(standing.amount)
    response.headers["RateLimit-Remaining"] = str(standing.remaining)
    response.headers["RateLimit-Reset"] = str(standing.reset)
    return response
