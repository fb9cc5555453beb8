"""How often somebody may ask: each person, else each address; less often where guessing pays.

While Redis does not answer, requests are served without a limit, and only sign-in and password
mails go on being counted, by each process for itself.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from limits import RateLimitItem, RateLimitItemPerSecond
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from talenti.api.client_address import client_address as client_address
from talenti.api.counters import Standing
from talenti.api.counters import counters as counters

INVITATION = "invitation "


class ApiThrottle(BaseThrottle):
    """RATE_LIMIT_REQUESTS in RATE_LIMIT_WINDOW_SECONDS for each person, else for each address."""

    _standing: Standing | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        """Return whether this one is within the limit; 0 is no limit."""
        if not settings.RATE_LIMIT_REQUESTS:
            return True
        asked: Any = request._request  # noqa: SLF001 - the middleware adds headers to its answer
        self._standing = take_one(asked, user_id=getattr(request.user, "pk", None))
        return self._standing is None or not self._standing.is_over

    def wait(self) -> float | None:
        """Return the seconds until the next one is allowed."""
        return self._standing.reset if self._standing else None


def take_one(request: HttpRequest, *, user_id: Any) -> Standing | None:
    """Count one request of a person, a candidate's link or an address; note it on the request."""
    if link := link_of(request):
        limit, who = candidate_limit(), link
    else:
        limit, who = general_limit(), str(user_id or client_address(request))
    standing = counters().take(limit, who)
    request.rate_limit = standing  # type: ignore[attr-defined]
    return standing


def link_of(request: HttpRequest) -> str:
    """Return what stands for a candidate's secret in our counts, empty for anybody else."""
    secret = request.headers.get("Authorization", "")
    if secret[: len(INVITATION)].lower() == INVITATION:
        return hashlib.sha256(secret[len(INVITATION) :].encode()).hexdigest()[:32]
    cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if cookie and request.path_info.startswith("/interview/"):
        return hashlib.sha256(cookie.encode()).hexdigest()[:32]
    return ""


def general_limit() -> RateLimitItem:
    """Return the limit of everybody."""
    return RateLimitItemPerSecond(
        settings.RATE_LIMIT_REQUESTS, settings.RATE_LIMIT_WINDOW_SECONDS, namespace="api"
    )


def candidate_limit() -> RateLimitItem:
    """Return the limit of one candidate's link: never more than anybody's."""
    amount = min(settings.CANDIDATE_LIMIT, settings.RATE_LIMIT_REQUESTS)
    return RateLimitItemPerSecond(amount, settings.CANDIDATE_WINDOW_SECONDS, namespace="candidate")


def missed_link_limit() -> RateLimitItem:
    """Return how many links that do not work one address may try."""
    return RateLimitItemPerSecond(
        settings.CANDIDATE_MISS_LIMIT, settings.CANDIDATE_WINDOW_SECONDS, namespace="missed_link"
    )


@dataclass(frozen=True, slots=True)
class SignInAttempt:
    """One try to sign in: few for one address and name, more for one address and many names."""

    address: str
    email: str

    def begin(self) -> None:
        """Count it before the password is looked at; raises Throttled."""
        waits = [
            counters().hit(_limit("sign_in", settings.SIGN_IN_LIMIT), self.address, self.email),
            counters().look(_limit("sign_in_from", settings.SIGN_IN_ADDRESS_LIMIT), self.address),
        ]
        refused = [wait for wait in waits if wait is not None]
        if refused:
            raise Throttled(wait=max(refused))

    def fail(self) -> None:
        """Count it for the address, too: who tries many names is slowed down as well."""
        counters().hit(_limit("sign_in_from", settings.SIGN_IN_ADDRESS_LIMIT), self.address)

    def succeed(self) -> None:
        """Forget the tries before the right one."""
        counters().clear(_limit("sign_in", settings.SIGN_IN_LIMIT), self.address, self.email)


def _limit(namespace: str, requests: int) -> RateLimitItem:
    return RateLimitItemPerSecond(requests, settings.SIGN_IN_WINDOW_SECONDS, namespace=namespace)


def may_ask_for_mail(address: str, email: str) -> bool:
    """Count one wish for a password mail; False when the account or the address had its share."""
    window = settings.PASSWORD_MAIL_WINDOW_SECONDS
    account = RateLimitItemPerSecond(settings.PASSWORD_MAIL_LIMIT, window, namespace="mail_to")
    origin = RateLimitItemPerSecond(
        settings.PASSWORD_MAIL_ADDRESS_LIMIT, window, namespace="mail_from"
    )
    refused = [counters().hit(origin, address), counters().hit(account, email)]
    return refused == [None, None]
