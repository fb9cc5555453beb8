"""Guides through the API."""

from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from interviews.guide_body import to_json
from interviews.models import Guide
from interviews.states import GuideStatus
from talenti.models import HistoryEntry
from talenti.work.models import WorkItem
from tests.at_once import at_once
from tests.people import People, client_for, make_people
from tests.rows import make_body, make_competency, make_guide, make_job, make_question

BODY = to_json(make_body())


@pytest.fixture
def alice(people: People) -> APIClient:
    """A client of the recruiter."""
    return client_for(people.alice)


def guides_of(job: Any) -> str:
    return f"/api/v1/jobs/{job.pk}/guides"


def content_of(shown: dict[str, Any]) -> dict[str, Any]:
    """Return what a client wrote of a guide that is shown: without the ids of its questions."""
    questions = [{name: one[name] for name in BODY["questions"][0]} for one in shown["questions"]]
    return {name: shown[name] for name in BODY} | {"questions": questions}


def test_guide_is_stored_and_read_as_it_was_given(people: People, alice: APIClient) -> None:
    job = make_job(people.home)

    answer = alice.post(guides_of(job), BODY)

    shown = answer.json()
    guide = Guide.objects.get()
    assert answer.status_code == 201
    assert shown | content_of(shown) == BODY | {
        "id": str(guide.pk),
        "organisation": str(people.home.pk),
        "job": str(job.pk),
        "version": 1,
        "status": "draft",
        "origin": "",
        "override_reason": "",
        "published_at": None,
        "created_at": shown["created_at"],
        "updated_at": shown["updated_at"],
        "objections": [],
        "drafting": False,
        "draft_failure": None,
    }
    assert alice.get(f"/api/v1/guides/{guide.pk}").json() == shown
    questions = guide.questions.order_by("position")
    assert [one["id"] for one in shown["questions"]] == [str(one.pk) for one in questions]


def test_draft_is_replaced_as_a_whole(people: People, alice: APIClient) -> None:
    guide = make_guide(make_job(people.home), published=False)
    body = to_json(
        make_body(
            title="Shorter",
            competencies=(make_competency("teamwork", weight=Decimal("0.250")),),
            questions=(make_question("teamwork", "When did you last help somebody?"),),
        )
    )

    answer = alice.put(f"/api/v1/guides/{guide.pk}", body)

    assert answer.status_code == 200
    assert content_of(answer.json()) == body
    assert body["competencies"][0]["weight"] == "0.25"


def test_published_guide_never_changes(people: People, alice: APIClient) -> None:
    guide = make_guide(make_job(people.home))
    before = alice.get(f"/api/v1/guides/{guide.pk}").json()

    answer = alice.put(f"/api/v1/guides/{guide.pk}", BODY)

    assert (answer.status_code, answer.json()["legal_moves"]) == (409, ["copy"])
    assert alice.get(f"/api/v1/guides/{guide.pk}").json() == before


def test_next_version_is_a_copy(people: People, alice: APIClient) -> None:
    guide = make_guide(make_job(people.home))

    answer = alice.post(guides_of(guide.job), {"copy_of": str(guide.pk)})

    shown = answer.json()
    assert (answer.status_code, shown["version"], shown["status"]) == (201, 2, "draft")
    assert content_of(shown) == BODY
    listed = alice.get(guides_of(guide.job)).json()["results"]
    assert [(row["version"], row["status"]) for row in listed] == [(2, "draft"), (1, "published")]


def test_copy_is_of_the_same_job_only(people: People, alice: APIClient) -> None:
    other = make_guide(make_job(people.home, "Manager"))
    foreign = make_guide(make_job(people.elsewhere))
    job = make_job(people.home)

    for guide in (other, foreign):
        assert alice.post(guides_of(job), {"copy_of": str(guide.pk)}).status_code == 404


def test_publishing_is_noted(people: People, alice: APIClient) -> None:
    guide = make_guide(make_job(people.home), published=False)

    answer = alice.post(f"/api/v1/guides/{guide.pk}/publish")

    assert (answer.status_code, answer.json()["status"]) == (200, "published")
    guide.refresh_from_db()
    assert guide.published_by == people.alice
    assert HistoryEntry.objects.filter(subject_id=guide.pk, to_state="published").count() == 1
    assert alice.post(f"/api/v1/guides/{guide.pk}/publish").status_code == 409


def test_unfit_guide_is_refused_with_every_reason(people: People, alice: APIClient) -> None:
    anchors = {1: "Gives no example.", 2: "Gives one."}
    body = make_body(competencies=(make_competency("teamwork", anchors=anchors),), questions=())
    guide = make_guide(make_job(people.home), published=False, body=body)

    answer = alice.post(f"/api/v1/guides/{guide.pk}/publish", {"override_reason": "I insist"})

    assert answer.status_code == 409
    assert {"competencies[0].anchors.3", "competencies[0].anchors.5"} <= set(
        answer.json()["errors"]
    )
    guide.refresh_from_db()
    assert guide.status == GuideStatus.DRAFT


def test_language_rule_gives_way_to_a_stored_reason(people: People, alice: APIClient) -> None:
    leading = make_question("teamwork", "You do like working in a team, don't you?")
    body = make_body(competencies=(make_competency("teamwork"),), questions=(leading,))
    guide = make_guide(make_job(people.home), published=False, body=body)
    path = f"/api/v1/guides/{guide.pk}"

    objections = alice.get(path).json()["objections"]
    refused = alice.post(f"{path}/publish")
    published = alice.post(f"{path}/publish", {"override_reason": "Agreed with the team"})

    assert [found["overridable"] for found in objections] == [True]
    assert (refused.status_code, published.status_code) == (409, 200)
    assert published.json()["override_reason"] == "Agreed with the team"


@pytest.mark.django_db(transaction=True)
def test_of_many_publications_at_once_one_wins() -> None:
    people = make_people()
    guide = make_guide(make_job(people.home), published=False)
    path = f"/api/v1/guides/{guide.pk}/publish"

    statuses = at_once(4, lambda: client_for(people.alice).post(path).status_code)

    assert sorted(statuses) == [200, 409, 409, 409]
    assert HistoryEntry.objects.filter(to_state="published").count() == 1


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"competencies": None}, "competencies"),
        ({"competencies": [5]}, "competencies[0]"),
        ({"questions": [{"competency": "x"}]}, "questions[0].text"),
        ({"language": "../../etc"}, "language"),
        ({"owner": "me"}, "owner"),
        ({"title": "a\u0000b"}, None),
    ],
)
def test_malformed_guides_are_refused_by_path(
    change: dict[str, Any], path: str | None, people: People, alice: APIClient
) -> None:
    answer = alice.post(guides_of(make_job(people.home)), BODY | change)

    assert answer.status_code == 400
    assert path is None or path in answer.json()["errors"]
    assert Guide.objects.count() == 0


DRAFT = "/api/v1/guides/draft"
POSITION = {
    "title": "Support engineer",
    "description": "You help customers, find faults in a team and plan repairs.",
}


def test_draft_without_a_job_is_only_returned(alice: APIClient) -> None:
    answer = alice.post(DRAFT, POSITION)

    shown = answer.json()
    assert answer.status_code == 201
    assert sorted(shown) == [
        "because",
        "competencies",
        "drafting",
        "label",
        "language",
        "questions",
        "title",
    ]
    assert len(shown["competencies"]) == 5
    assert Guide.objects.count() == 0


def test_draft_for_a_job_is_its_next_version(people: People, alice: APIClient) -> None:
    job = make_job(people.home, description=POSITION["description"])

    answer = alice.post(DRAFT, {"job": str(job.pk)})

    shown = answer.json()
    guide = Guide.objects.get()
    assert (answer.status_code, shown["id"], shown["status"]) == (201, str(guide.pk), "draft")
    assert (shown["drafting"], shown["draft_failure"]) == (False, None)
    assert WorkItem.objects.count() == 0
    assert (guide.origin, shown["label"][:13]) == (shown["label"], "Offline draft")
    assert alice.post(f"/api/v1/guides/{guide.pk}/publish").status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 400), ({"title": "Engineer", "language": "fi"}, 422), ({"job": None}, 400)],
)
def test_drafts_need_a_position_in_a_known_language(
    body: dict[str, Any], status: int, alice: APIClient
) -> None:
    assert alice.post(DRAFT, body).status_code == status


def test_draft_for_a_strangers_job_is_not_found(people: People, alice: APIClient) -> None:
    job = make_job(people.elsewhere)

    assert alice.post(DRAFT, {"job": str(job.pk)}).status_code == 404
