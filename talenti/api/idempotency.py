"""Repeated creating calls: with an `Idempotency-Key` the second gets the answer of the first.

The key is a row, inserted before anything is done. What the call does is committed together with
its answer, so that a crash in between leaves neither and the key is free again after its lease.
Answers are kept sealed: they hold names, and addresses to upload to.
"""

import contextlib
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.db import DatabaseError, IntegrityError, transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from talenti.api import problems
from talenti.api.renderers import dump_json
from talenti.models import IdempotentRequest
from talenti.sealing import Unreadable, seal, unseal

HEADER = "Idempotency-Key"
REPLAY = "Idempotent-Replay"
KEPT = timedelta(hours=24)
LEASE = timedelta(seconds=60)
KEY = re.compile(r"[\x21-\x7e]{1,200}")

Answer = HttpResponseBase
Handler = Callable[..., Answer]


class KeyReused(Exception):
    """The key came with another request before."""


class StillRunning(Exception):
    """The first request with this key has not ended."""


@dataclass(frozen=True, slots=True)
class Replay:
    """The answer that was given."""

    status: int
    body: bytes


def idempotent(*, atomic: bool = True) -> Callable[[Handler], Handler]:
    """Make a `post` of a view answer a repeated key with its first answer.

    With `atomic` (right for everything that calls no provider) the whole call is one transaction:
    when it raises, nothing of it stays.
    """

    def wrap(handler: Handler) -> Handler:
        @wraps(handler)
        def once(view: Any, request: Request, *args: Any, **kwargs: Any) -> Answer:
            def produce() -> Answer:
                return handler(view, request, *args, **kwargs)

            if HEADER not in request.headers:
                return produce()
            return answer_once(view, digest_of(request, request.data), produce, atomic=atomic)

        once.idempotent = True  # type: ignore[attr-defined]  # the tests and the schema ask for it
        return once

    return wrap


def digest_of(request: Request, content: Any) -> str:
    """Return the SHA-256 (hex) of what is asked: method, path and content, however it is spaced."""
    asked = [request.method, request.path, content]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def answer_once(
    view: Any, digest: str, produce: Callable[[], Answer], *, atomic: bool = True
) -> Answer:
    """Return the answer of `produce()`, or the stored one of an earlier request with this key.

    409 while the first one runs, 422 when the key was used for another request.
    """
    request: Request = view.request
    key = read_key(request)
    try:
        claimed = claim(request.user.pk, key, digest)
    except (KeyReused, StillRunning) as refused:
        return refusal(refused)
    if isinstance(claimed, Replay):
        return replayed(claimed)
    return _first_answer(view, claimed, produce, atomic=atomic)


def read_key(request: Request) -> str:
    """Return the key; raises ValidationError for one that is empty, too long or not plain text."""
    key = request.headers[HEADER]
    if not KEY.fullmatch(key):
        raise ValidationError({HEADER: ["Give 1 to 200 visible ASCII characters."]})
    return key


def claim(user_id: Any, key: str, digest: str) -> IdempotentRequest | Replay:
    """Take the key, or return the answer it stands for; raises KeyReused or StillRunning."""
    now = timezone.now()
    try:
        return _insert(user_id, key, digest, now)
    except IntegrityError:
        known = IdempotentRequest.objects.filter(user_id=user_id, key=key).first()
    if known is None:  # freed in this moment
        raise StillRunning
    if known.created_at < now - KEPT:
        known.delete()
        return claim(user_id, key, digest)
    if known.request_hash != digest:
        raise KeyReused
    if known.status is not None:
        return _answer_of(known.status, bytes(known.body))
    return _take_over(known, now)


def _answer_of(status: int, body: bytes) -> Replay:
    try:
        return Replay(status, unseal(body))
    except Unreadable as error:  # SECRET_KEY has changed: never do the call a second time
        raise KeyReused from error


def _insert(user_id: Any, key: str, digest: str, now: datetime) -> IdempotentRequest:
    with transaction.atomic():
        return IdempotentRequest.objects.create(
            user_id=user_id, key=key, request_hash=digest, running_until=now + LEASE
        )


def _take_over(known: IdempotentRequest, now: datetime) -> IdempotentRequest:
    """Take the key of a request that was lost; of two who try, one wins."""
    if known.running_until > now or not _mine(known).update(running_until=now + LEASE):
        raise StillRunning
    known.running_until = now + LEASE
    return known


def _mine(row: IdempotentRequest) -> Any:
    return IdempotentRequest.objects.filter(
        pk=row.pk, status__isnull=True, running_until=row.running_until
    )


def _first_answer(
    view: Any, row: IdempotentRequest, produce: Callable[[], Answer], *, atomic: bool
) -> Answer:
    try:
        with transaction.atomic() if atomic else contextlib.nullcontext():
            answer = produce()
            _store(row, answer)
    except StillRunning as lost:
        return refusal(lost)
    except Exception as error:  # noqa: BLE001 - handled or raised again below
        answer = _failed(view, row, error)
    return answer


def _failed(view: Any, row: IdempotentRequest, error: Exception) -> Answer:
    """Keep a refusal as the answer; a fault frees the key, because the same call may succeed."""
    try:
        answer: Answer = view.handle_exception(error)
    except Exception:
        _free(row)
        raise
    if answer.status_code >= 500:
        _free(row)
    else:
        with contextlib.suppress(StillRunning):  # a refusal changed nothing, whoever has the key
            _store(row, answer)
    return answer


def _store(row: IdempotentRequest, answer: Answer) -> None:
    if not _mine(row).update(status=answer.status_code, body=seal(body_of(answer))):
        raise StillRunning  # our lease ended and another request has the key: nothing of ours stays


def body_of(answer: Answer) -> bytes:
    """Return the bytes of an answer that may not be rendered yet."""
    if isinstance(answer, Response):
        return b"" if answer.data is None else dump_json(answer.data)
    return bytes(getattr(answer, "content", b""))


def _free(row: IdempotentRequest) -> None:
    with contextlib.suppress(DatabaseError):  # then the lease frees it
        _mine(row).delete()


def refusal(reason: Exception) -> HttpResponse:
    """Return 422 for another request under the same key, 409 while the first one runs."""
    if isinstance(reason, KeyReused):
        return problems.problem_response(
            422,
            problems.title_of(422),
            "This key was used for another request.",
            code="idempotency_key_reused",
        )
    return problems.problem_response(
        409,
        problems.title_of(409),
        "The first request with this key is still running.",
        code="idempotency_key_running",
        headers={"Retry-After": "1"},
    )


def replayed(stored: Replay) -> HttpResponse:
    """Return the stored answer, marked as such."""
    media_type = problems.MEDIA_TYPE if stored.status >= 400 else "application/json"
    return HttpResponse(
        stored.body, status=stored.status, content_type=media_type, headers={REPLAY: "true"}
    )


def prune(now: datetime, *, limit: int = 5000) -> int:
    """Forget answers after their day; returns how many went."""
    old = IdempotentRequest.objects.filter(created_at__lt=now - KEPT).order_by("created_at")
    return IdempotentRequest.objects.filter(
        pk__in=list(old.values_list("pk", flat=True)[:limit])
    ).delete()[0]
