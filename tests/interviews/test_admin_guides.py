"""The guide editor of the console, and the way from a job to a published guide."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from interviews.guide_body import GuideBody, to_json
from interviews.models import Guide, Job
from interviews.services.guides import publish_guide, read_body
from talenti.models import HistoryEntry
from tests.people import People
from tests.rows import actor_of, make_body, make_guide, make_interview, make_job
from tests.talenti.admin.consoles import console_for

DESCRIPTION = "You help customers, work in a team and find the cause of technical faults."


def address(guide: Guide) -> str:
    return f"/admin/interviews/guide/{guide.pk}/change/"


def posted(guide: Guide, body: GuideBody, **changes: Any) -> dict[str, Any]:
    """Return what the browser sends for this content."""
    values = to_json(body)
    form: dict[str, Any] = {
        "seen": guide.updated_at.isoformat(),
        "title": values["title"],
        "language": values["language"],
    }
    for name in ("key", "name", "description", "weight", "must_have_level"):
        form[f"competency_{name}"] = [one[name] or "" for one in values["competencies"]]
    for level in "12345":
        form[f"competency_anchor_{level}"] = [c["anchors"][level] for c in values["competencies"]]
    questions = values["questions"]
    form["question_competency"] = [one["competency"] for one in questions]
    form["question_text"] = [one["text"] for one in questions]
    form["question_probes"] = ["\n".join(one["probes"]) for one in questions]
    form["question_seconds"] = [one["time_limit_seconds"] for one in questions]
    return form | changes


def told(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.fixture
def draft(people: People) -> Guide:
    """A draft that may be published."""
    return make_guide(make_job(people.home), published=False)


@pytest.fixture
def alice(people: People) -> Client:
    """The console as the recruiter has it."""
    return console_for(people.alice)


def test_what_was_shown_comes_back_unchanged(alice: Client, draft: Guide) -> None:
    before = read_body(draft)

    response = alice.post(address(draft), posted(draft, before))

    assert told(response) == ["The draft is saved."]
    assert read_body(draft) == before


def test_order_on_the_page_is_the_order_that_is_stored(alice: Client, draft: Guide) -> None:
    form = posted(draft, read_body(draft))
    for name in ("competency", "text", "probes", "seconds"):
        form[f"question_{name}"].reverse()

    alice.post(address(draft), form)

    assert [one.competency for one in read_body(draft).questions] == ["teamwork", "ownership"]


def test_new_competencies_get_a_key_from_their_name(alice: Client, draft: Guide) -> None:
    form = posted(draft, read_body(draft))
    form["competency_key"] = ["ownership", "new-1"]
    form["competency_name"] = ["Ownership", "Ownership"]
    form["question_competency"] = ["ownership", "new-1"]

    alice.post(address(draft), form)

    body = read_body(draft)
    assert [one.key for one in body.competencies] == ["ownership", "ownership-2"]
    assert [one.competency for one in body.questions] == ["ownership", "ownership-2"]


def test_wrong_fields_are_named_and_what_was_typed_stays(alice: Client, draft: Guide) -> None:
    form = posted(draft, read_body(draft), title="Typed title")
    form["competency_weight"] = ["heavy", "1"]
    form["question_seconds"] = ["5", "180"]

    response = alice.post(address(draft), form)

    page = response.context
    assert [note.kind for note in page["competencies"][0]["notes"]] == ["error"]
    assert [note.kind for note in page["questions"][0]["notes"]] == ["error"]
    assert page["values"]["title"] == "Typed title"
    draft.refresh_from_db()
    assert draft.title == "Support engineer"


def test_torn_forms_are_refused(alice: Client, draft: Guide) -> None:
    form = posted(draft, read_body(draft), competency_name=["Only one"])

    response = alice.post(address(draft), form)

    assert told(response) == ["The page was sent incompletely. Load it again."]


def test_second_of_two_editors_is_told(alice: Client, draft: Guide) -> None:
    form = posted(draft, read_body(draft), title="Second")
    alice.post(address(draft), form | {"title": "First"})

    response = alice.post(address(draft), form)

    draft.refresh_from_db()
    assert draft.title == "First"
    assert told(response)[-1].startswith("Somebody else changed this guide")


def test_published_guides_refuse_a_late_save(people: People, alice: Client, draft: Guide) -> None:
    form = posted(draft, read_body(draft), title="Late")
    publish_guide(draft, actor_of(people.home))
    draft.refresh_from_db()

    response = alice.post(address(draft), form | {"seen": draft.updated_at.isoformat()})

    draft.refresh_from_db()
    assert told(response) == ["A published guide never changes. Make its next version."]
    assert draft.title == "Support engineer"
    assert response.context["editable"] is False


def test_save_and_publish(people: People, alice: Client, draft: Guide) -> None:
    alice.post(address(draft), posted(draft, read_body(draft), do="publish"))

    draft.refresh_from_db()
    assert (draft.is_published, draft.published_by) == (True, people.alice)


def test_objections_stand_beside_their_fields(alice: Client, draft: Guide) -> None:
    form = posted(draft, read_body(draft), do="publish")
    form["competency_anchor_3"] = ["", "Does it well and says why."]
    alice.post(address(draft), form)

    page = alice.get(address(draft)).context

    draft.refresh_from_db()
    assert not draft.is_published
    assert [note.kind for note in page["competencies"][0]["anchors"][2]["notes"]] == ["absolute"]
    assert page["objection_count"] == 1


def test_language_rules_give_way_to_a_reason(alice: Client, draft: Guide) -> None:
    form = posted(draft, read_body(draft), do="publish")
    form["question_text"][0] = "Don't you agree that a fault must be repaired at once?"
    alice.post(address(draft), form)
    assert alice.get(address(draft)).context["any_overridable"]
    draft.refresh_from_db()

    form |= {"seen": draft.updated_at.isoformat(), "override_reason": "Asked like this by law."}
    alice.post(address(draft), form)

    draft.refresh_from_db()
    assert (draft.is_published, draft.override_reason) == (True, "Asked like this by law.")


def test_next_version_is_a_copy(people: People, alice: Client) -> None:
    guide = make_guide(make_job(people.home))

    response = alice.post(f"/admin/interviews/guide/{guide.pk}/copy/")

    copy = Guide.objects.get(version=2)
    assert response.headers["Location"] == address(copy)
    assert read_body(copy) == read_body(guide)
    assert not copy.is_published


def test_draft_from_the_jobs_description(people: People, alice: Client) -> None:
    job = make_job(people.home, description=DESCRIPTION)

    response = alice.post(f"/admin/interviews/job/{job.pk}/draft/")

    guide = job.guides.get()
    assert response.headers["Location"] == address(guide)
    assert guide.competencies.count() == 5
    assert not guide.is_published


def test_jobs_without_description_get_no_draft(people: People, alice: Client) -> None:
    job = make_job(people.home)

    response = alice.post(f"/admin/interviews/job/{job.pk}/draft/")

    assert told(response) == ["Write the job's description first: the draft is made from it."]
    assert not job.guides.exists()


def test_only_unused_rows_are_deleted(people: People, alice: Client, draft: Guide) -> None:
    used = make_interview(people.home)

    gone = alice.post(f"/admin/interviews/guide/{draft.pk}/delete/", {"post": "yes"})
    kept = [
        alice.post(f"/admin/interviews/{name}/{row.pk}/delete/", {"post": "yes"}).status_code
        for name, row in (
            ("guide", used.guide),
            ("job", used.job),
            ("candidate", used.candidate),
        )
    ]

    assert gone.status_code == 302
    assert not Guide.objects.filter(pk=draft.pk).exists()
    assert kept == [403, 403, 403]


@pytest.mark.parametrize("name", ["bob", "vera"])
def test_readers_read_guides_and_change_nothing(people: People, draft: Guide, name: str) -> None:
    client = console_for(getattr(people, name))
    pages = [address(draft), f"/admin/interviews/guide/{draft.pk}/copy/"]

    assert client.get(address(draft)).context["editable"] is False
    statuses = {client.post(page, posted(draft, make_body())).status_code for page in pages}
    assert statuses == {403}


def test_new_job_belongs_to_its_makers_organisation(people: People, alice: Client) -> None:
    response = alice.post("/admin/interviews/job/add/", {"title": "Baker", "description": ""})

    job = Job.objects.get(title="Baker")
    assert response.status_code == 302
    assert job.organisation == people.home
    assert HistoryEntry.objects.get(subject_id=job.pk).actor == people.alice


def test_members_of_several_organisations_choose(people: People) -> None:
    people.elsewhere.memberships.create(user=people.olive, role="owner")
    client = console_for(people.olive)

    missing = client.post("/admin/interviews/job/add/", {"title": "Baker", "description": ""})
    client.post(
        "/admin/interviews/job/add/",
        {"title": "Baker", "description": "", "belongs_to": people.elsewhere.pk},
    )

    assert list(missing.context["adminform"].form.errors) == ["belongs_to"]
    assert Job.objects.get().organisation == people.elsewhere


def test_second_candidate_with_one_address_is_refused_kindly(people: People, alice: Client) -> None:
    values = {"name": "Dana", "email": "dana@x.example", "locale": "en-US", "time_zone": "UTC"}
    alice.post("/admin/interviews/candidate/add/", values)

    again = alice.post("/admin/interviews/candidate/add/", values | {"email": "DANA@x.example"})

    assert again.status_code == 200
    assert again.context["adminform"].form.errors
