"""Drafts of an author that takes its time: queued, filled once, never over a person's words."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connections

from interviews.admin.jobs import QUEUED
from interviews.models import DraftOrder, Guide
from interviews.services.drafting import (
    DRAFT_GUIDE,
    Position,
    ask_author,
    fill_order,
    read_order,
)
from interviews.services.guides import read_body, replace_body
from talenti.models import HistoryEntry
from talenti.telemetry import recorder
from talenti.work.actors import perform
from talenti.work.models import State, WorkItem
from talenti.work.queue import cancel, requeue
from tests.emulators import openai_faults as faults
from tests.emulators.openai import OpenAiEmulator, Received, Reply, sensible
from tests.people import People, client_for, make_people
from tests.rows import actor_of, make_body, make_job
from tests.talenti.admin.consoles import console_for
from tests.work import do_work

DRAFT = "/api/v1/guides/draft"
DESCRIPTION = "You repair lifts, explain the work to customers and train apprentices."
LABEL = "AI draft by gpt-4o on Azure OpenAI. Read and edit before publishing."


@pytest.fixture
def server(azure_openai: OpenAiEmulator, settings: Any) -> OpenAiEmulator:
    """The emulator as this installation's author."""
    settings.ENGINES = settings.ENGINES | {"author": "azure"}
    return azure_openai


@pytest.fixture
def alice(people: People) -> Any:
    """The API as the recruiter has it."""
    return client_for(people.alice)


@pytest.fixture
def ordered(server: OpenAiEmulator, people: People, alice: Any) -> Guide:
    """A guide whose draft is queued."""
    alice.post(DRAFT, {"job": str(make_job(people.home, "Fitter").pk), "description": DESCRIPTION})
    return Guide.objects.get()


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float, dict[str, Any]]]:
    """What is added to counters: name, amount, attributes."""
    found: list[tuple[str, float, dict[str, Any]]] = []

    class Counting(recorder.Silent):
        def count(self, name: str, amount: float, attributes: dict[str, Any]) -> None:
            found.append((name, amount, attributes))

    monkeypatch.setattr(recorder, "_recorder", Counting())
    return found


def shown(client: Any, guide: Guide) -> Any:
    return client.get(f"/api/v1/guides/{guide.pk}").json()


def test_slow_author_is_asked_after_the_answer(server, people, alice):
    job = make_job(people.home, "Fitter", description=DESCRIPTION)

    answer = alice.post(DRAFT, {"job": str(job.pk), "language": "en-GB"})

    body = answer.json()
    guide = Guide.objects.get()
    assert (answer.status_code, body["id"], body["drafting"]) == (202, str(guide.pk), True)
    assert (body["label"], body["because"], body["draft_failure"]) == (LABEL, {}, None)
    assert (body["title"], body["language"]) == ("Fitter", "en-GB")
    assert (body["competencies"], body["questions"]) == ([], [])
    assert guide.origin == "draft asked of azure"
    assert server.requests == []


def test_queued_draft_fills_the_guide(server, ordered, alice):
    assert do_work() == [DRAFT_GUIDE]

    ordered.refresh_from_db()
    body = read_body(ordered)
    found = shown(alice, ordered)
    assert (found["drafting"], found["draft_failure"]) == (False, None)
    assert (len(body.competencies), len(body.questions)) == (3, 3)
    assert (ordered.title, ordered.language, ordered.origin) == ("Fitter", "en-US", LABEL)
    assert not DraftOrder.objects.exists()
    kinds = HistoryEntry.objects.filter(subject_id=ordered.pk).order_by("pk")
    assert list(kinds.values_list("verb", "actor_kind")) == [
        ("created", "person"),
        ("edited", "engine"),
    ]
    assert len(server.requests) == 1


def test_queued_draft_is_counted_for_its_organisation(server, ordered, people, counted):
    do_work()

    whose = {"role": "author", "engine": "azure", "organisation": str(people.home.pk)}
    assert [one for one in counted if one[0] in {"provider_tokens", "provider_cost"}] == [
        ("provider_tokens", 1100, whose),
        ("provider_cost", 0.0035, whose),
    ]


def test_answer_has_the_same_fields_now_and_later(server, ordered, people, alice, settings):
    job = {"job": str(ordered.job_id), "description": DESCRIPTION}
    queued = alice.post(DRAFT, job)
    settings.ENGINES = settings.ENGINES | {"author": "offline"}
    at_once = alice.post(DRAFT, job)

    assert (queued.status_code, at_once.status_code) == (202, 201)
    assert queued.json().keys() == at_once.json().keys()


def test_slow_author_needs_a_job(server, alice):
    answer = alice.post(DRAFT, {"title": "Fitter", "description": DESCRIPTION})

    assert answer.status_code == 409
    assert list(answer.json()["errors"]) == ["job"]
    assert (Guide.objects.count(), server.requests) == (0, [])


def test_refused_key_ends_the_draft_with_its_cause(server, ordered, people, alice):
    server.script(faults.fails(401))
    do_work()

    found = shown(alice, ordered)
    (item,) = WorkItem.objects.all()
    assert (item.state, item.cause) == (State.DEAD, "provider_unauthorised")
    assert found["drafting"] is False
    assert found["draft_failure"] == {"code": "provider_unauthorised", "message": item.last_error}
    page = console_for(people.alice).get(f"/admin/interviews/guide/{ordered.pk}/change/")
    assert item.last_error in page.content.decode()
    assert "data-drafting" not in page.content.decode()


def test_draft_that_was_put_back_is_filled(server, ordered, people, alice):
    server.script(faults.fails(401))
    do_work()
    requeue(WorkItem.objects.get(), actor_of(people.home))
    assert shown(alice, ordered)["drafting"] is True
    do_work()

    assert ordered.competencies.count() == 3
    assert shown(alice, ordered)["draft_failure"] is None


def test_draft_that_was_taken_out_says_so(ordered, people, alice):
    cancel(WorkItem.objects.get(), actor_of(people.home))

    assert shown(alice, ordered)["draft_failure"]["code"] == "cancelled"


def test_busy_provider_leaves_it_drafting(server, ordered, people, alice):
    server.script(faults.fails(429, retry_after="9"))
    (item,) = WorkItem.objects.all()
    perform(DRAFT_GUIDE, item.pk)

    item.refresh_from_db()
    found = shown(alice, ordered)
    assert (item.state, found["drafting"], found["draft_failure"]) == (State.QUEUED, True, None)
    page = console_for(people.alice).get(f"/admin/interviews/guide/{ordered.pk}/change/")
    assert f"The last try failed: {item.last_error}" in page.content.decode()


def test_what_a_person_wrote_before_is_kept_and_nothing_is_paid(server, ordered, people, alice):
    replace_body(ordered, make_body(title="Mine"), actor_of(people.home))
    do_work()

    assert read_body(ordered) == make_body(title="Mine")
    assert (WorkItem.objects.get().state, server.requests) == (State.DONE, [])
    assert shown(alice, ordered)["drafting"] is False


@pytest.mark.django_db(transaction=True)
def test_what_a_person_wrote_meanwhile_is_kept(server):
    people = make_people()
    job = make_job(people.home, "Fitter", description=DESCRIPTION)
    client_for(people.alice).post(DRAFT, {"job": str(job.pk)})
    guide = Guide.objects.get()

    def edited_meanwhile(received: Received) -> Reply:
        replace_body(guide, make_body(title="Mine"), actor_of(people.home))
        connections.close_all()  # of the emulator's thread
        return sensible(received)

    server.script(edited_meanwhile)
    do_work()

    assert read_body(guide) == make_body(title="Mine")
    assert (WorkItem.objects.get().state, len(server.requests)) == (State.DONE, 1)


def test_title_alone_is_a_persons_edit_too(server, ordered, people):
    empty = make_body(title="Mine", competencies=(), questions=())
    replace_body(ordered, empty, actor_of(people.home))
    do_work()

    assert (read_body(ordered), server.requests) == (empty, [])


def test_deleted_guide_is_not_drafted(server, ordered, people):
    page = f"/admin/interviews/guide/{ordered.pk}/delete/"
    console_for(people.alice).post(page, {"post": "yes"})
    do_work()

    assert not Guide.objects.exists()
    assert (WorkItem.objects.get().state, server.requests) == (State.DONE, [])


def test_doubled_message_fills_once(server, ordered):
    (item,) = WorkItem.objects.all()
    perform(DRAFT_GUIDE, item.pk)
    perform(DRAFT_GUIDE, item.pk)

    assert len(server.requests) == 1
    assert HistoryEntry.objects.filter(subject_id=ordered.pk, verb="edited").count() == 1


def test_second_draft_finds_nobody_waiting(server, ordered):
    position = read_order(ordered.pk)
    assert position == Position("Fitter", DESCRIPTION, "en-US")
    draft = ask_author(position)

    assert (fill_order(ordered.pk, draft), fill_order(ordered.pk, draft)) == (True, False)
    assert HistoryEntry.objects.filter(subject_id=ordered.pk, verb="edited").count() == 1


def test_console_shows_that_the_author_is_at_work(server, people):
    job = make_job(people.home, "Fitter", description=DESCRIPTION)
    console = console_for(people.alice)

    pressed = console.post(f"/admin/interviews/job/{job.pk}/draft/")
    page = pressed.headers["Location"]
    before = console.get(page).content.decode()
    do_work()
    after = console.get(page).content.decode()

    assert [text in before for text in ("data-drafting", "on its way")] == [True, True]
    assert ("data-drafting" in after, "Working with others" in after) == (False, True)
    assert [str(one.message) for one in get_messages(pressed.wsgi_request)] == [QUEUED]


def test_console_refuses_a_language_that_is_none(server, people):
    job = make_job(people.home, "Fitter", description=DESCRIPTION)

    console_for(people.alice).post(
        f"/admin/interviews/job/{job.pk}/draft/", {"language": "plain English, please"}
    )

    assert (Guide.objects.count(), WorkItem.objects.count()) == (0, 0)
