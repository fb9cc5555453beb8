"""Blind first: reviewers see no other judgement anywhere until they have submitted their own."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from interviews.models import Interview
from scoring.models import Evidence, Score, Scorecard
from talenti.history import entries_for
from talenti.models import Membership, User
from tests.people import People, make_user
from tests.scoring.rows import make_review, make_scored


@pytest.fixture
def interview(people: People) -> Interview:
    """An interview judged by the engine and by Olive."""
    interview = make_scored(people.home)
    make_review(interview, people.olive)
    return interview


@pytest.fixture
def bob(people: People, api) -> APIClient:
    return api(people.bob)


def seen(client: APIClient, interview: Interview) -> dict:
    """Return the kinds of judgements that the client meets in each place."""
    base = f"/api/v1/interviews/{interview.pk}"
    cards = client.get(f"{base}/scorecards").json()["results"]
    report = client.get(f"{base}/report").json()
    told = [entry for entry in report["history"] if entry["subject"] == "scorecard"]
    return {
        "scorecards": [card["kind"] for card in cards],
        "report": [card["kind"] for card in report["scorecards"]],
        "history": len(told),
        "blind": report["blind"],
    }


ALL = {"scorecards": ["engine", "reviewer"], "report": ["engine", "reviewer"], "history": 2}
NOTHING = {"scorecards": [], "report": [], "history": 0}


def test_reviewer_sees_no_judgement_before_their_own(bob, interview):
    assert seen(bob, interview) == NOTHING | {"blind": True}


def test_reviewer_sees_everything_after_their_own(bob, interview, people: People):
    make_review(interview, people.bob)
    every = [*ALL["scorecards"], "reviewer"]
    assert seen(bob, interview) == {
        "scorecards": every,
        "report": every,
        "history": 3,
        "blind": False,
    }


@pytest.mark.parametrize("name", ["olive", "alice", "vera"])
def test_other_roles_are_not_blind(interview, people: People, api, name: str):
    assert seen(api(getattr(people, name)), interview) == ALL | {"blind": False}


def test_organisation_may_turn_it_off(bob, interview, people: People):
    people.home.blind_first = False
    people.home.save()
    assert seen(bob, interview) == ALL | {"blind": False}


def test_own_review_of_another_interview_opens_nothing_here(bob, interview, people: People):
    make_review(make_scored(people.home), people.bob)
    assert seen(bob, interview) == NOTHING | {"blind": True}


def test_reviewer_who_recruits_elsewhere_is_blind_here_only(people: People, api, interview):
    Membership.objects.create(organisation=people.elsewhere, user=people.bob, role="recruiter")
    there = make_scored(people.elsewhere)
    assert seen(api(people.bob), interview) == NOTHING | {"blind": True}
    assert seen(api(people.bob), there)["scorecards"] == ["engine"]


def test_nothing_of_a_withheld_judgement_leaks_into_the_report(bob, interview):
    told = bob.get(f"/api/v1/interviews/{interview.pk}/report").content.decode()
    rationales = Score.objects.exclude(rationale="").values_list("rationale", flat=True)
    assert len(rationales) > 2
    assert [text for text in rationales if text in told] == []
    assert not any(str(pk) in told for pk in Scorecard.objects.values_list("pk", flat=True))


def test_parts_of_withheld_scorecards_are_withheld_in_every_query(people: People, interview):
    bob = User.objects.get(pk=people.bob.pk)
    assert not Scorecard.objects.visible_to(bob).exists()
    assert not Score.objects.visible_to(bob).exists()
    assert not Evidence.objects.visible_to(bob).exists()
    assert not entries_for(bob).filter(subject="scorecard").exists()
    assert entries_for(bob).filter(subject="interview").exists()


def test_admins_history_tells_blind_reviewers_nothing_of_judgements(people: People, interview):
    def told(user: User) -> int:
        client = Client()
        client.force_login(user)
        page = client.get("/admin/talenti/historyentry/", {"subject": "scorecard"})
        return page.context["cl"].result_count

    assert (told(people.alice), told(people.bob)) == (2, 0)


def test_stranger_sees_nothing_in_any_query(people: People, interview):
    charlie = User.objects.get(pk=people.charlie.pk)
    assert not Scorecard.objects.visible_to(charlie).exists()
    assert not Score.objects.visible_to(charlie).exists()
    assert not Evidence.objects.visible_to(charlie).exists()
    assert not entries_for(charlie).filter(root_id=interview.pk).exists()


def test_two_blind_reviewers_do_not_see_each_other(people: People, api, interview):
    bella = make_user("bella", organisation=people.home, role="reviewer")
    make_review(interview, people.bob)
    assert seen(api(bella), interview) == NOTHING | {"blind": True}
