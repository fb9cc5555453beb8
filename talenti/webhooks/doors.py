"""The frame of a view that a service calls: no session, no cookie, no page, nothing to be kept."""

import hmac
import logging
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from talenti.api.problems import problem_response, refusal_response, title_of
from talenti.errors import TalentiError
from talenti.telemetry import recorder
from talenti.webhooks.tokens import Unauthorised

logger = logging.getLogger(__name__)
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def door(name: str, *methods: str) -> Callable[[View[P]], View[P]]:
    """Make a function the view of a door: other methods are 405, what the domain refuses is told.

    What fails beyond that (the database is away) is met by the middleware, which says 503.
    """

    def make(view: View[P]) -> View[P]:
        @csrf_exempt
        @wraps(view)
        def enter(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in methods:
                response = _wrong_method(methods)
            else:
                response = _answer(name, lambda: view(request, *args, **kwargs))
            response["Cache-Control"] = "no-store"
            return response

        return enter

    return make


def _answer(name: str, ask: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        return ask()
    except Unauthorised as refusal:
        _tell(name, refusal.reason)
        return problem_response(
            401,
            title_of(401),
            refusal.message,
            code=refusal.code,
            headers={"WWW-Authenticate": "Bearer"},
        )
    except TalentiError as refusal:
        _tell(name, refusal.code)
        return refusal_response(refusal)


def _tell(name: str, reason: str) -> None:
    logger.warning("webhook refused door=%s reason=%s", name, reason)
    recorder.count("webhook_refusals", door=name, reason=reason)


def _wrong_method(methods: tuple[str, ...]) -> HttpResponse:
    return problem_response(
        405,
        title_of(405),
        "This address is not for that.",
        code="method_not_allowed",
        headers={"Allow": ", ".join(methods)},
    )


def is_one_of(given: str, secrets: Iterable[str]) -> bool:
    """Return whether `given` is one of the secrets; how long that takes tells nothing of them."""
    encoded = given.encode("utf-8", "surrogatepass")
    fits = [hmac.compare_digest(encoded, secret.encode()) for secret in secrets]
    return any(fits)
