"""The page of one interview: reading, confirming, reviewing and deciding."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interviews.models import Interview
from interviews.states import Stage
from recordings.models import Segment
from scoring.models import Decision, Scorecard
from talenti.models import HistoryEntry
from talenti.work.models import State, WorkItem
from tests.people import People
from tests.rows import make_interview
from tests.scoring.rows import make_confirmed, make_review, make_scored
from tests.talenti.admin.consoles import console_for
from tests.work import do_work

OFFLINE_LABEL = (
    "Offline evidence check: rule-based, not an AI assessment, not validated."
    " Shows what was found, with quotes. A person decides."
)


def page(interview: Interview, name: str = "change") -> str:
    return f"/admin/interviews/interview/{interview.pk}/{name}/"


def told(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.fixture
def alice(people: People) -> Client:
    """The console as the recruiter has it."""
    return console_for(people.alice)


@pytest.fixture
def bob(people: People) -> Client:
    """The console as the reviewer has it, who is blind first."""
    return console_for(people.bob)


def review(interview: Interview, level: str = "4", **changes: str) -> dict[str, str]:
    competencies = interview.guide.competencies.all()
    levels = {f"level-{one.pk}": level for one in competencies}
    return levels | {"comment": "Clear answers."} | changes


def test_scorecards_carry_their_label_and_quotes_that_play(people: People, alice: Client) -> None:
    interview = make_scored(people.home)

    response = alice.get(page(interview))

    body = response.content.decode()
    recording = interview.recordings.order_by("pk")[0]
    assert OFFLINE_LABEL in body
    assert f'data-play="{recording.pk}"' in body
    assert "burnt relay" in body


def test_texts_of_people_are_escaped(people: People, alice: Client) -> None:
    interview = make_scored(people.home)
    evil = "<script>alert(1)</script>"
    type(interview.candidate).objects.update(name=evil)
    Segment.objects.update(text=evil)

    for name in ("change", "report", "history"):
        assert evil not in alice.get(page(interview, name)).content.decode()


def test_reviewers_rate_before_they_see(people: People, bob: Client) -> None:
    interview = make_scored(people.home)
    make_review(interview, people.alice)

    before = bob.get(page(interview))
    assert before.context["is_blind"]
    assert before.context["cards"] == []
    assert OFFLINE_LABEL not in before.content.decode()
    for name in ("report", "history"):
        assert "scorecard" not in _history_of(bob.get(page(interview, name)))
    assert OFFLINE_LABEL not in bob.get("/admin/scoring/scorecard/").content.decode()
    assert "scorecard" not in _history_of(bob.get("/admin/talenti/historyentry/"))

    response = bob.post(page(interview, "review"), review(interview))

    after = bob.get(page(interview))
    assert response.headers["Location"] == page(interview) + "#scorecards"
    assert not after.context["is_blind"]
    assert len(after.context["cards"]) == 3
    assert OFFLINE_LABEL in after.content.decode()


def _history_of(response: Any) -> str:
    """Return the part of a page that tells what happened."""
    body: str = response.content.decode()
    return body[body.find("result_list") if "result_list" in body else body.rfind("<ol") :]


def test_unfinished_reviews_keep_what_was_typed(people: People, bob: Client) -> None:
    interview = make_scored(people.home)
    first = interview.guide.competencies.order_by("position")[0]
    posted = review(interview, **{f"note-{first.pk}": "A long note"})
    del posted[f"level-{first.pk}"]

    response = bob.post(page(interview, "review"), posted)

    rows = response.context["review_form"].rows()
    assert [(row["note"], bool(row["errors"])) for row in rows] == [
        ("A long note", True),
        ("", False),
    ]
    assert not Scorecard.objects.by_people().exists()


def test_second_review_of_one_person_is_refused(people: People, bob: Client) -> None:
    interview = make_scored(people.home)
    bob.post(page(interview, "review"), review(interview))

    response = bob.post(page(interview, "review"), review(interview))

    assert told(response)[-1] == "You have submitted your scorecard already."
    assert Scorecard.objects.by_people().count() == 1


def test_decision_needs_a_reason_and_is_taken_once(people: People, alice: Client) -> None:
    interview = make_scored(people.home)
    decide = page(interview, "decide")

    answers = [
        told(alice.post(decide, {"outcome": "advance", "reason": reason}))[-1]
        for reason in (" ", "Strong evidence.", "Again.")
    ]

    decision = Decision.objects.get()
    assert answers[:2] == [
        "Choose an outcome and give a reason.",
        "The decision is stored.",
    ]
    assert "cannot become" in answers[2]
    assert (decision.outcome, decision.decided_by) == ("advance", people.alice)


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("olive", {"confirm", "decide", "hold", "invite", "cancel", "score", "review", "upload"}),
        ("alice", {"confirm", "decide", "hold", "invite", "cancel", "score", "review", "upload"}),
        ("bob", {"confirm", "review"}),
        ("vera", set()),
    ],
)
def test_buttons_are_for_those_whose_role_allows(
    people: People, name: str, allowed: set[str]
) -> None:
    interview = make_interview(people.home)
    client = console_for(getattr(people, name))
    buttons = ("confirm", "decide", "hold", "invite", "cancel", "score", "review", "upload")

    answered = {one: client.post(page(interview, one)).status_code for one in buttons}

    assert {one for one, status in answered.items() if status != 403} == allowed


def test_buttons_take_no_get(people: People, alice: Client) -> None:
    interview = make_interview(people.home)

    statuses = {
        name: alice.get(page(interview, name)).status_code
        for name in ("confirm", "decide", "hold", "invite", "cancel", "score")
    }

    assert set(statuses.values()) == {405}


def test_legal_hold_is_set_and_released(people: People, alice: Client) -> None:
    interview = make_interview(people.home)

    for held, reason in (("yes", "Claim 17."), ("no", "Claim is settled.")):
        alice.post(page(interview, "hold"), {"held": held, "reason": reason})
        interview.refresh_from_db()
        assert interview.legal_hold == (held == "yes")

    verbs = ("held", "released")
    reasons = HistoryEntry.objects.filter(verb__in=verbs).values_list("reason", flat=True)
    assert sorted(reasons) == ["Claim 17.", "Claim is settled."]


def test_failed_work_is_named_with_the_way_out(people: People) -> None:
    interview = make_confirmed(people.home)
    item = WorkItem.objects.get(kind="scoring.score")
    facts = {"state": State.DEAD, "finished_at": timezone.now(), "cause": "key_refused"}
    WorkItem.objects.filter(pk=item.pk).update(**facts)
    Interview.objects.filter(pk=interview.pk).update(stage=Stage.FAILED, failure="key_refused")

    owner = console_for(people.olive).get(page(interview)).content.decode()
    reader = console_for(people.vera).get(page(interview)).content.decode()

    assert "Scoring an interview failed: key refused." in owner
    assert "Try again" in owner
    assert "Try again" not in reader
    assert "An owner of your organisation or operations can put it back" in reader


def test_version_changes_when_there_is_something_new(people: People, bob: Client) -> None:
    interview = make_confirmed(people.home)
    before = bob.get(page(interview, "state")).json()

    do_work()

    assert bob.get(page(interview, "state")).json() != before


def test_report_tells_the_whole_story(people: People, alice: Client) -> None:
    interview = make_scored(people.home)
    alice.post(page(interview, "decide"), {"outcome": "reject", "reason": "Too little."})

    body = alice.get(page(interview, "report")).content.decode()

    parts = ("Dana Doe", OFFLINE_LABEL, "burnt relay", "Too little.", "Confirmed by", "History")
    assert [part for part in parts if part not in body] == []


@pytest.mark.parametrize("name", ["change", "report"])
def test_number_of_queries_does_not_grow(people: People, name: str) -> None:
    interview = make_scored(people.home)
    client = console_for(people.alice)
    with_one = _count(client, page(interview, name))
    for _ in range(3):
        client.post(page(interview, "score"))
        do_work()
    make_review(interview, people.bob)
    make_review(interview, people.olive)
    transcript = interview.transcripts.all()[0]
    Segment.objects.bulk_create(
        Segment(
            organisation=people.home,
            transcript=transcript,
            position=100 + number,
            speaker="candidate",
            text=f"more words {number}",
            start_ms=number * 10,
            end_ms=number * 10 + 5,
        )
        for number in range(20)
    )

    assert _count(client, page(interview, name)) == with_one


def _count(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
