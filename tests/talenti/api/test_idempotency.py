"""Creating calls under an Idempotency-Key: done once, answered the same every time."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.test import override_settings
from django.urls import path
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from interviews.models import Job
from talenti.api.idempotency import KEPT, idempotent
from talenti.api.views import TenantView
from talenti.errors import RetryLater, WrongState
from talenti.models import IdempotentRequest
from talenti.roles import WRITERS
from talenti.work.sweep import reconcile_all
from tests.at_once import at_once
from tests.people import People, client_for, make_people


class CreateView(TenantView):
    """Makes a job, or fails after it has made one."""

    roles: ClassVar = {"POST": WRITERS}

    @idempotent()
    def post(self, request: Request) -> Response:
        given: Any = request.data
        job = Job.objects.create(organisation_id=self.organisation_for(None), title=given["title"])
        fail(given.get("fail", ""))
        return Response({"id": job.pk, "title": job.title}, status=201)


def fail(how: str) -> None:
    if how == "state":
        raise WrongState("Not now.", ["later"])
    if how == "busy":
        raise RetryLater("Too much at once.", after_seconds=3)
    if how == "fault":
        raise LookupError(how)


urlpatterns = [path("api/v1/things", CreateView.as_view())]


@pytest.fixture(autouse=True)
def _own_urls() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


def post(people: People, key: str | None = "k-1", *, who: str = "alice", **body: Any) -> Any:
    client = client_for(getattr(people, who))
    client.raise_request_exception = False
    headers = {} if key is None else {"Idempotency-Key": key}
    return client.post("/api/v1/things", {"title": "Engineer"} | body, headers=headers)


def test_stored_answer_can_be_read_with_our_key_only(people: People) -> None:
    post(people, title="Secret position")

    stored = bytes(IdempotentRequest.objects.get().body)
    assert b"Secret position" not in stored
    with override_settings(SECRET_KEY="another key of another installation"):
        again = post(people, title="Secret position")
    assert (again.status_code, Job.objects.count()) == (422, 1)


def test_second_call_gets_the_first_answer(people: People) -> None:
    first, second = post(people), post(people)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert (first.headers.get("Idempotent-Replay"), second.headers["Idempotent-Replay"]) == (
        None,
        "true",
    )
    assert second.headers["Content-Type"] == "application/json"
    assert Job.objects.count() == 1


def test_without_a_key_every_call_creates(people: People) -> None:
    post(people, None)
    post(people, None)

    assert (Job.objects.count(), IdempotentRequest.objects.count()) == (2, 0)


def test_keys_of_two_people_are_two_keys(people: People) -> None:
    post(people)
    post(people, who="olive")

    assert Job.objects.count() == 2


def test_same_key_with_another_body_is_refused(people: People) -> None:
    post(people)

    answer = post(people, title="Manager")

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/idempotency_key_reused")
    assert Job.objects.count() == 1


def test_refusal_is_an_answer_too_and_leaves_nothing(people: People) -> None:
    first, second = post(people, fail="state"), post(people, fail="state")

    assert (first.status_code, second.status_code) == (409, 409)
    assert second.headers["Content-Type"] == "application/problem+json"
    assert second.json()["legal_moves"] == ["later"]
    assert Job.objects.count() == 0


@pytest.mark.parametrize(("how", "status"), [("busy", 503), ("fault", 500)])
def test_fault_frees_the_key(how: str, status: int, people: People) -> None:
    failed = post(people, fail=how)

    assert failed.status_code == status
    assert (Job.objects.count(), IdempotentRequest.objects.count()) == (0, 0)
    assert post(people).status_code == 201


@pytest.mark.parametrize("key", ["", "a" * 201, "two words", "é"])
def test_unusable_keys_are_refused(key: str, people: People) -> None:
    answer = post(people, key)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["Idempotency-Key"])
    assert Job.objects.count() == 0


def test_lost_request_keeps_its_key_only_for_its_lease(people: People) -> None:
    post(people)
    IdempotentRequest.objects.update(
        status=None, running_until=timezone.now() + timedelta(minutes=1)
    )
    running = post(people)
    IdempotentRequest.objects.update(running_until=timezone.now() - timedelta(seconds=1))
    taken_over = post(people)

    assert (running.status_code, running.headers["Retry-After"]) == (409, "1")
    assert taken_over.status_code == 201
    assert Job.objects.count() == 2


def test_key_is_new_again_after_a_day(people: People) -> None:
    post(people)
    IdempotentRequest.objects.update(created_at=timezone.now() - KEPT - timedelta(seconds=1))

    assert post(people, title="Manager").status_code == 201


def test_sweeper_forgets_old_answers(people: People) -> None:
    post(people, "old")
    IdempotentRequest.objects.update(created_at=timezone.now() - KEPT - timedelta(seconds=1))
    post(people, "young")

    assert reconcile_all() == []
    assert list(IdempotentRequest.objects.values_list("key", flat=True)) == ["young"]


@pytest.mark.django_db(transaction=True)
def test_of_many_calls_at_once_one_creates() -> None:
    people = make_people()

    answers = at_once(8, lambda: post(people))

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert Job.objects.count() == 1
