"""Who may use the pages, and what everybody else is told."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import translation
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from recordings.candidate import pages
from recordings.candidate.headers import harden
from recordings.candidate.session import find_visitor

# A view of one candidate's interview: takes the request, the interview, and what the path names.
CandidateView = Callable[..., HttpResponseBase]
LANGUAGE = "en"  # what the page is written in so far; consent and questions have their own


class KindCsrf(CsrfViewMiddleware):
    """The framework's check, with an answer that gives back what was written."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return pages.refused(request)


check_csrf = decorator_from_middleware(KindCsrf)


def hardened(view: CandidateView) -> CandidateView:
    """Give every answer of the view its headers, in one language."""

    @wraps(view)
    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        with translation.override(LANGUAGE):
            return harden(view(request, **kwargs))

    return answer


def for_candidate(*methods: str) -> Callable[[CandidateView], CandidateView]:
    """Let in by cookie, and by the framework's own check of forged requests, made kind.

    Exempt from the first check only because the second one is the same.
    """

    def decorate(view: CandidateView) -> CandidateView:
        @csrf_exempt
        @hardened
        @check_csrf
        @require_http_methods(methods)
        @wraps(view)
        def answer(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            return _answer(view, request, kwargs)

        return answer

    return decorate


def _answer(view: CandidateView, request: HttpRequest, kwargs: dict[str, Any]) -> HttpResponseBase:
    invitation = find_visitor(request)
    if invitation is None:
        return pages.closed(request)
    try:
        return view(request, invitation.interview, **kwargs)
    except Http404:
        return pages.elsewhere(request)
