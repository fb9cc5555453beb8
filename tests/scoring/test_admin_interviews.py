"""The list of interviews, its actions, and the form for a new one."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from interviews.models import Candidate, Interview
from interviews.states import Channel, Stage, Status
from talenti.models import Membership
from tests.people import People
from tests.rows import make_candidate, make_guide, make_interview, make_job
from tests.scoring.rows import make_confirmed, make_review, make_scored
from tests.talenti.admin.consoles import console_for

LIST = "/admin/interviews/interview/"
ADD = f"{LIST}add/"


@pytest.fixture
def alice(people: People) -> Client:
    """The console as the recruiter has it."""
    return console_for(people.alice)


def told(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def act(client: Client, action: str, *rows: Interview) -> list[str]:
    chosen = {"action": action, "_selected_action": [str(row.pk) for row in rows]}
    return told(client.post(LIST, chosen))


def names(client: Client, query: str) -> list[str]:
    found = client.get(f"{LIST}?{query}").context["cl"].result_list
    return sorted(row.candidate.name for row in found)


def test_invite_tells_row_by_row(people: People, alice: Client) -> None:
    fresh = make_interview(people.home)
    uploaded = make_interview(
        people.home, channel=Channel.UPLOAD, candidate=make_candidate(people.home, "Upload Me")
    )

    messages = act(alice, "invite_selected", fresh, uploaded)

    fresh.refresh_from_db()
    assert fresh.status == Status.INVITED
    assert messages[0] == "Invited: 1."
    assert messages[1].startswith("Not done for Upload Me")
    assert len(messages) == 2


def test_cancel_twice_is_refused_the_second_time(people: People, alice: Client) -> None:
    row = make_interview(people.home)

    assert act(alice, "cancel_selected", row) == ["Cancelled: 1."]
    assert "cannot become cancelled" in act(alice, "cancel_selected", row)[-1]


def test_score_again_only_adds(people: People, alice: Client) -> None:
    row = make_scored(people.home)
    early = make_interview(people.home)

    messages = act(alice, "score_selected", row, early)

    row.refresh_from_db()
    assert row.stage == Stage.SCORING
    assert [message.split(":")[0] for message in messages] == [
        "Scoring",
        "Not done for Dana Doe · Support engineer",
    ]


@pytest.mark.parametrize("name", ["bob", "vera"])
def test_readers_have_no_actions(people: People, name: str) -> None:
    row = make_interview(people.home)
    client = console_for(getattr(people, name))

    act(client, "cancel_selected", row)

    row.refresh_from_db()
    assert row.status == Status.CREATED
    assert client.get(ADD).status_code == 403
    assert client.post(ADD, {}).status_code == 403


def test_roles_hold_in_their_own_organisation_alone(people: People) -> None:
    Membership.objects.create(organisation=people.elsewhere, user=people.alice, role="viewer")
    there = make_interview(people.elsewhere)

    messages = act(console_for(people.alice), "cancel_selected", there)

    there.refresh_from_db()
    assert messages == ["Not done for Dana Doe · Support engineer: Your role does not allow this."]
    assert there.status == Status.CREATED


def test_lists_are_searched_and_filtered(people: People, alice: Client) -> None:
    make_scored(people.home)
    job = make_job(people.home, "Baker")
    make_interview(people.home, job=job, candidate=make_candidate(people.home, "Rosa Rye"))

    assert names(alice, "q=rosa") == ["Rosa Rye"]
    assert names(alice, "q=rosa.rye@candidate.example") == ["Rosa Rye"]
    assert names(alice, "q=baker") == ["Rosa Rye"]
    assert names(alice, f"job__id__exact={job.pk}") == ["Rosa Rye"]
    assert names(alice, "stage__exact=scored") == ["Dana Doe"]
    assert names(alice, "waiting=review") == ["Dana Doe"]
    assert names(alice, "waiting=confirm") == []


def test_reviewed_interviews_wait_for_a_decision(people: People, alice: Client) -> None:
    row = make_scored(people.home)
    make_review(row, people.bob)

    assert len(names(alice, "waiting=decide")) == 1
    assert names(alice, "waiting=review") == []
    assert names(console_for(people.bob), "waiting=decide") == []


def test_home_shows_what_waits_and_the_first_step(people: People, alice: Client) -> None:
    empty = alice.get("/admin/").context
    assert (empty["first_step"]["title"], empty["has_tasks"]) == ("Start with a job", False)

    make_scored(people.home)
    home = alice.get("/admin/").context

    assert [(task["key"], task["count"]) for task in home["tasks"]] == [("review", 1)]
    assert home["first_step"] is None
    assert [job.total for job in home["jobs"]] == [1]


def plan(**changes: Any) -> dict[str, Any]:
    return {"channel": "browser", "name": "Nina New", "email": "nina@x.example"} | changes


@pytest.fixture
def job(people: People) -> Any:
    """A job whose guide is published."""
    return make_guide(make_job(people.home)).job


def test_new_interview_with_a_new_candidate_is_invited(alice: Client, job: Any) -> None:
    response = alice.post(ADD, plan(job=job.pk, invite_now="on", extra_time="25"))

    row = Interview.objects.get()
    assert response.headers["Location"] == f"{LIST}{row.pk}/change/"
    assert (row.candidate.name, row.status, row.extra_time) == ("Nina New", "invited", 25)


def test_known_addresses_are_recognised(people: People, alice: Client, job: Any) -> None:
    known = make_candidate(people.home, "Nina Known", email="NINA@x.example")

    alice.post(ADD, plan(job=job.pk))

    assert Interview.objects.get().candidate == known
    assert Candidate.objects.count() == 1


def test_uploads_need_the_declared_consent(people: People, alice: Client, job: Any) -> None:
    refused = alice.post(ADD, plan(job=job.pk, channel="upload"))
    alice.post(ADD, plan(job=job.pk, channel="upload", consent_declared="on"))

    assert list(refused.context["form"].errors) == ["consent_declared"]
    row = Interview.objects.get()
    assert (row.status, row.consents.get().declared_by) == ("consented", people.alice)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "candidate"),
        ({"email": "", "invite_now": "on"}, "email"),
        ({"email": "no address"}, "email"),
        ({"phone": "12345"}, "phone"),
        ({"ends_on": "2001-01-01"}, "ends_on"),
        ({"extra_time": "301"}, "extra_time"),
        ({"channel": "pigeon"}, "channel"),
        ({"job": ""}, "job"),
    ],
)
def test_wrong_plans_are_explained(
    alice: Client, job: Any, changes: dict[str, str], field: str
) -> None:
    response = alice.post(ADD, {"job": job.pk} | plan(**changes))

    assert list(response.context["form"].errors) == [field]
    assert not Interview.objects.exists()
    assert not Candidate.objects.exists()


@pytest.mark.parametrize(
    "address", [LIST, "/admin/", "/admin/interviews/candidate/", "/admin/work/workitem/"]
)
def test_number_of_queries_is_constant(
    people: People, address: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = console_for(people.alice)
    make_confirmed(people.home)
    with_one = count(client, address)
    for number in range(4):
        candidate = make_candidate(people.home, f"Person {number}")
        make_confirmed(
            people.home,
            interview=make_interview(people.home, candidate=candidate, channel=Channel.UPLOAD),
        )
    for number in range(15):
        make_interview(people.home, candidate=make_candidate(people.home, f"Other {number}"))

    with django_assert_num_queries(with_one):
        client.get(address)


def count(client: Client, address: str) -> int:
    """Return how many queries the page runs."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
