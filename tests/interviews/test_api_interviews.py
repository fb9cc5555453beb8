"""Interviews through the API."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from rest_framework.test import APIClient

from interviews.models import Candidate, Interview, Invitation
from interviews.states import Stage
from talenti.models import HistoryEntry, Membership
from talenti.roles import Role
from talenti.work.models import WorkItem
from tests.people import People, client_for
from tests.rows import make_candidate, make_guide, make_interview, make_job

INTERVIEWS = "/api/v1/interviews"


@pytest.fixture
def alice(people: People) -> APIClient:
    """A client of the recruiter."""
    return client_for(people.alice)


def body_for(people: People, **changes: Any) -> dict[str, Any]:
    job = make_job(people.home)
    make_guide(job)
    dana = make_candidate(people.home)
    return {"job": str(job.pk), "candidate": str(dana.pk), "channel": "browser"} | changes


def test_interview_is_created_and_read(people: People, alice: APIClient) -> None:
    body = body_for(people, extra_time=25, expires_at="2099-01-02T03:04:05+01:00")

    answer = alice.post(INTERVIEWS, body)

    shown = answer.json()
    row = Interview.objects.select_related("guide").get()
    assert answer.status_code == 201
    assert shown == {
        "id": str(row.pk),
        "organisation": str(people.home.pk),
        "job": {"id": body["job"], "title": "Support engineer"},
        "candidate": {"id": body["candidate"], "name": "Dana Doe"},
        "guide": {"id": str(row.guide_id), "version": 1},
        "channel": "browser",
        "status": "created",
        "stage": "awaiting_recording",
        "language": "en-US",
        "extra_time": 25,
        "expires_at": shown["expires_at"],
        "legal_hold": False,
        "failure": "",
        "invited_at": None,
        "consented_at": None,
        "completed_at": None,
        "ended_at": None,
        "created_at": shown["created_at"],
    }
    assert datetime.fromisoformat(shown["expires_at"]) == row.expires_at
    one = alice.get(f"{INTERVIEWS}/{row.pk}").json()
    assert one == shown | {"expires_at": one["expires_at"], "invitation": None, "consent": None}
    assert one["expires_at"] == "2099-01-02T02:04:05Z"


def test_candidate_given_as_an_object_is_created_once(people: People, alice: APIClient) -> None:
    body = body_for(people, candidate={"name": "Erik Ek", "email": "Erik@candidate.example"})

    first, second = alice.post(INTERVIEWS, body).json(), alice.post(INTERVIEWS, body).json()

    assert first["candidate"] == second["candidate"]
    assert Candidate.objects.filter(email="erik@candidate.example").count() == 1


def test_upload_needs_the_declared_consent(people: People, alice: APIClient) -> None:
    body = body_for(people, channel="upload")

    missing = alice.post(INTERVIEWS, body)
    declared = alice.post(INTERVIEWS, body | {"consent_declared": True})

    assert (missing.status_code, list(missing.json()["errors"])) == (400, ["consent_declared"])
    assert (declared.status_code, declared.json()["status"]) == (201, "consented")
    consent = alice.get(f"{INTERVIEWS}/{declared.json()['id']}").json()["consent"]
    assert consent["source"] == "declared"


def test_job_without_a_published_guide_is_a_conflict(people: People, alice: APIClient) -> None:
    job = make_job(people.home)
    draft = make_guide(job, published=False)
    body = body_for(people, job=str(job.pk))

    answers = [
        alice.post(INTERVIEWS, body),
        alice.post(INTERVIEWS, body | {"guide": str(draft.pk)}),
    ]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert Interview.objects.count() == 0


def test_refused_interview_leaves_no_candidate_behind(people: People, alice: APIClient) -> None:
    job = make_job(people.home)
    body = {"job": str(job.pk), "candidate": {"name": "Erik"}, "channel": "phone"}

    assert alice.post(INTERVIEWS, body).status_code == 409
    assert Candidate.objects.count() == 0


def test_older_published_version_may_be_asked_for(people: People, alice: APIClient) -> None:
    job = make_job(people.home)
    first, second = make_guide(job), make_guide(job)
    body = body_for(people, job=str(job.pk))

    latest = alice.post(INTERVIEWS, body).json()["guide"]
    older = alice.post(INTERVIEWS, body | {"guide": str(first.pk)}).json()["guide"]

    assert latest == {"id": str(second.pk), "version": 2}
    assert older == {"id": str(first.pk), "version": 1}


@pytest.mark.parametrize("part", ["job", "candidate", "guide"])
def test_parts_of_another_organisation_are_not_found(
    part: str, people: People, alice: APIClient
) -> None:
    foreign = make_interview(people.elsewhere)
    own = body_for(people)

    answer = alice.post(INTERVIEWS, own | {part: str(getattr(foreign, part).pk)})

    assert answer.status_code == 404
    assert Interview.objects.filter(organisation=people.home).count() == 0


def test_parts_of_two_of_ones_own_organisations_do_not_mix(
    people: People, alice: APIClient
) -> None:
    Membership.objects.create(user=people.alice, organisation=people.elsewhere, role=Role.OWNER)
    other = make_interview(people.elsewhere)
    own = body_for(people)

    answer = alice.post(INTERVIEWS, own | {"candidate": str(other.candidate_id)})
    misplaced = alice.post(INTERVIEWS, own | {"organisation": str(people.elsewhere.pk)})

    assert (answer.status_code, misplaced.status_code) == (404, 404)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"job": None}, "job"),
        ({"job": "x"}, "job"),
        ({"candidate": 5}, "candidate"),
        ({"candidate": {"email": "a@b.example"}}, "candidate.name"),
        ({"candidate": {"name": "A", "nick": "B"}}, "candidate.nick"),
        ({"channel": "fax"}, "channel"),
        ({"channel": ["phone"]}, "channel"),
        ({"language": "klingon!"}, "language"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "0001-01-01T00:00:00+14:00"}, "expires_at"),
        ({"expires_at": "9999-12-31T23:59:59-12:00"}, "expires_at"),
        ({"expires_at": 1e300}, "expires_at"),
        ({"extra_time": -1}, "extra_time"),
        ({"extra_time": 301}, "extra_time"),
        ({"extra_time": 10.5}, "extra_time"),
        ({"extra_time": True}, "extra_time"),
        ({"extra_time": 2**63 - 1}, "extra_time"),
        ({"consent_declared": "yes"}, "consent_declared"),
        ({"status": "completed"}, "status"),
    ],
)
def test_wrong_fields_are_named(
    change: dict[str, Any], field: str, people: People, alice: APIClient
) -> None:
    answer = alice.post(INTERVIEWS, body_for(people) | change)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert Interview.objects.count() == 0


def test_filters_choose(people: People, alice: APIClient) -> None:
    one = make_interview(people.home, candidate=make_candidate(people.home, "Abel"))
    two = make_interview(
        people.home, channel="upload", candidate=make_candidate(people.home, "Bert")
    )
    Interview.objects.filter(pk=two.pk).update(stage=Stage.DECIDED)
    Interview.objects.filter(pk=one.pk).update(created_at=timezone.now() - timedelta(days=2))
    day_ago = (timezone.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def found(query: str) -> list[str]:
        rows = alice.get(f"{INTERVIEWS}?{query}").json()["results"]
        return [{str(one.pk): "one", str(two.pk): "two"}[row["id"]] for row in rows]

    assert found("") == ["two", "one"]
    assert found("ordering=created_at") == ["one", "two"]
    assert found("status=created") == ["one"]
    assert found("status=created,consented") == ["two", "one"]
    assert found("stage=decided") == found("decided=true") == ["two"]
    assert found("decided=false") == ["one"]
    assert found("channel=upload") == ["two"]
    assert found(f"job={one.job_id}") == ["one"]
    assert found(f"candidate={two.candidate_id}") == ["two"]
    assert found(f"created_after={day_ago}") == ["two"]
    assert found(f"created_before={day_ago}") == ["one"]


@pytest.mark.parametrize(
    "query",
    ["status=done", "job=1", "decided=maybe", "created_after=yesterday", "limit=5", "stage="],
)
def test_wrong_filters_are_refused(query: str, alice: APIClient) -> None:
    assert alice.get(f"{INTERVIEWS}?{query}").status_code == 400


def test_invitation_is_queued_and_its_secret_is_not_shown(people: People, alice: APIClient) -> None:
    row = make_interview(people.home)

    answer = alice.post(f"{INTERVIEWS}/{row.pk}/invite")

    shown = answer.json()
    invitation = Invitation.objects.get()
    assert (answer.status_code, shown["status"]) == (200, "invited")
    assert shown["invitation"]["id"] == str(invitation.pk)
    assert sorted(shown["invitation"]) == ["created_at", "expires_at", "id", "opened_at", "sent_at"]
    assert WorkItem.objects.get().subject_id == invitation.pk
    assert mail.outbox == []


def test_second_invitation_takes_the_place_of_the_first(people: People, alice: APIClient) -> None:
    row = make_interview(people.home)
    first = alice.post(f"{INTERVIEWS}/{row.pk}/invite").json()["invitation"]
    second = alice.post(f"{INTERVIEWS}/{row.pk}/invite").json()["invitation"]

    assert first["id"] != second["id"]
    assert Invitation.objects.filter(revoked_at=None).count() == 1


def test_cancelled_interview_stays_cancelled(people: People, alice: APIClient) -> None:
    row = make_interview(people.home)
    path = f"{INTERVIEWS}/{row.pk}"

    cancelled = alice.post(f"{path}/cancel", {"reason": "Position was filled"})
    again = [alice.post(f"{path}/{move}") for move in ("cancel", "invite", "complete")]

    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert [answer.status_code for answer in again] == [409, 409, 409]
    assert again[0].json()["legal_moves"] == []
    entry = HistoryEntry.objects.get(to_state="cancelled")
    assert (entry.reason, entry.actor) == ("Position was filled", people.alice)


def test_completion_needs_consent(people: People, alice: APIClient) -> None:
    asked, recorded = make_interview(people.home), make_interview(people.home, channel="upload")

    early = alice.post(f"{INTERVIEWS}/{asked.pk}/complete")
    done = alice.post(f"{INTERVIEWS}/{recorded.pk}/complete")

    assert early.status_code == 409
    assert early.json()["legal_moves"] == [
        "cancelled",
        "consented",
        "expired",
        "invited",
        "refused",
    ]
    assert (done.status_code, done.json()["status"]) == (200, "completed")


def test_hold_needs_a_reason_and_is_noted(people: People, alice: APIClient) -> None:
    path = f"{INTERVIEWS}/{make_interview(people.home).pk}/hold"

    bare = alice.post(path, {"held": True})
    held = alice.post(path, {"held": True, "reason": "A complaint is open"})
    released = alice.post(path, {"held": False, "reason": "It is settled"})

    assert (bare.status_code, list(bare.json()["errors"])) == (400, ["reason"])
    assert (held.json()["legal_hold"], released.json()["legal_hold"]) == (True, False)
    verbs = HistoryEntry.objects.filter(verb__in=["held", "released"]).values_list("verb", "reason")
    assert list(verbs) == [("held", "A complaint is open"), ("released", "It is settled")]


def test_history_tells_the_story_page_by_page(people: People, alice: APIClient) -> None:
    row = make_interview(people.home)
    alice.post(f"{INTERVIEWS}/{row.pk}/invite")
    alice.post(f"{INTERVIEWS}/{row.pk}/cancel", {"reason": "Filled"})

    first = alice.get(f"{INTERVIEWS}/{row.pk}/history?page_size=2").json()
    second = alice.get(first["next"]).json()

    story = [*first["results"], *second["results"]]
    assert [(entry["subject"], entry["verb"], entry["to_state"]) for entry in story] == [
        ("interview", "created", "created"),
        ("interview", "status", "invited"),
        ("invitation", "invited", ""),
        ("interview", "status", "cancelled"),
    ]
    assert story[-1]["actor"] == {"id": str(people.alice.pk), "name": "Alice Example"}
    assert (second["next"], story[-1]["reason"]) == (None, "Filled")


@pytest.mark.parametrize("count", [1, 50])
def test_number_of_queries_does_not_depend_on_rows(
    count: int, people: People, alice: APIClient, django_assert_num_queries: Any
) -> None:
    row = make_interview(people.home)
    for number in range(count - 1):
        candidate = make_candidate(people.home, f"Person {number}")
        make_interview(people.home, job=row.job, candidate=candidate)

    with django_assert_num_queries(2):
        assert len(alice.get(INTERVIEWS).json()["results"]) == count
    with django_assert_num_queries(2):
        assert alice.get(f"{INTERVIEWS}/{row.pk}").status_code == 200
    body = {"job": str(row.job_id), "candidate": str(row.candidate_id), "channel": "browser"}
    # The user, the job, the candidate, the guide, two rows, and the marks of a transaction.
    with django_assert_num_queries(8):
        assert alice.post(INTERVIEWS, body).status_code == 201
