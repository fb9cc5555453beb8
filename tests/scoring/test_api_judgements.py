"""Judgements over the API: scorecards, report, reviews and decisions."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from interviews.models import Interview
from interviews.states import Channel
from recordings.models import Segment
from scoring.models import Scorecard
from scoring.services.requests import request_score
from talenti.engines import engine
from talenti.history import Actor
from tests.people import People, make_user
from tests.rows import make_interview
from tests.scoring.rows import THIN, make_confirmed, make_review, make_scored, spoken
from tests.work import do_work


@pytest.fixture
def interview(people: People) -> Interview:
    """An interview that the offline engine has judged."""
    return make_scored(people.home)


@pytest.fixture
def alice(people: People, api) -> APIClient:
    return api(people.alice)


def url(interview: Interview, name: str) -> str:
    return f"/api/v1/interviews/{interview.pk}/{name}"


def count_queries(client: APIClient, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_scorecards_are_an_empty_list_before_there_is_one(people: People, alice):
    interview = make_interview(people.home, channel=Channel.UPLOAD)
    answer = alice.get(url(interview, "scorecards"))
    assert (answer.status_code, answer.json()) == (
        200,
        {"results": [], "next": None, "previous": None},
    )


def test_scorecard_of_the_engine_says_what_it_is_and_has_no_overall(alice, interview):
    [card] = alice.get(url(interview, "scorecards")).json()["results"]
    scores = card.pop("scores")
    assert card == {
        "id": str(Scorecard.objects.get().pk),
        "kind": "engine",
        "engine": "offline",
        "label": engine("assessor").label,
        "status": "ready",
        "overall": None,
        "assessed_share": "1.00",
    }
    assert [sorted(score) for score in scores] == [
        ["competency", "evidence", "level", "rationale", "reason"]
    ] * 2
    assert [score["competency"] for score in scores] == ["ownership", "teamwork"]


def test_every_quote_slices_the_transcript_of_the_api(alice, interview):
    transcript = alice.get(url(interview, "transcript")).json()
    texts = {segment["id"]: segment["text"] for segment in transcript["segments"]}
    [card] = alice.get(url(interview, "scorecards")).json()["results"]
    quotes = [quote for score in card["scores"] for quote in score["evidence"]]
    assert len(quotes) >= 2
    for quote in quotes:
        assert texts[quote["segment"]][quote["start"] : quote["end"]] == quote["quote"]
        assert sorted(quote) == ["end", "end_ms", "quote", "segment", "start", "start_ms"]


def test_review_is_answered_with_the_scorecard_in_exact_numbers(alice, interview):
    segment = spoken(interview)
    scores = [
        {
            "competency": "ownership",
            "level": 4,
            "rationale": "They found and repaired it.",
            "evidence": [{"segment": str(segment.pk), "quote": "I replaced the relay"}],
        },
        {"competency": "teamwork", "level": None, "reason": "no_example"},
    ]
    answer = alice.post(url(interview, "reviews"), {"scores": scores, "comment": "Good."})
    card = answer.json()
    assert answer.status_code == 201
    start = segment.text.index("i replaced the relay")
    assert card == {
        "id": card["id"],
        "kind": "reviewer",
        "engine": "",
        "label": "Review by a person",
        "status": "ready",
        "overall": "4.00",
        "assessed_share": "0.67",
        "scores": [
            {
                "competency": "ownership",
                "level": 4,
                "reason": "",
                "rationale": "They found and repaired it.",
                "evidence": [
                    {
                        "segment": str(segment.pk),
                        "quote": "i replaced the relay",
                        "start": start,
                        "end": start + len("i replaced the relay"),
                        "start_ms": 0,
                        "end_ms": 10000,
                    }
                ],
            },
            {
                "competency": "teamwork",
                "level": None,
                "reason": "no_example",
                "rationale": "",
                "evidence": [],
            },
        ],
    }


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "scores"),
        ({"scores": []}, "scores.non_field_errors"),
        ({"scores": [{"competency": "ownership", "level": 6}]}, "scores[0].level"),
        ({"scores": [{"competency": "ownership", "level": 0}]}, "scores[0].level"),
        ({"scores": [{"competency": "ownership", "level": "4"}]}, "scores[0].level"),
        ({"scores": [{"competency": "ownership"}]}, "scores[0].level"),
        ({"scores": [{"competency": "charm", "level": 3}]}, "scores[0].competency"),
        (
            {"scores": [{"competency": "ownership", "level": 3, "reason": "why"}]},
            "scores[0].reason",
        ),
        (
            {"scores": [{"competency": "ownership", "level": 3, "evidence": [{"quote": "x"}]}]},
            "scores[0].evidence[0].segment",
        ),
        ({"scores": [{"competency": "ownership", "level": 3}], "overall": 5}, "overall"),
    ],
)
def test_review_that_does_not_fit_names_the_field(alice, interview, body: dict, field: str):
    answer = alice.post(url(interview, "reviews"), body)
    assert (answer.status_code, field in answer.json()["errors"]) == (400, True)
    assert Scorecard.objects.by_people().count() == 0


def test_second_review_is_409(alice, interview):
    body = {"scores": [{"competency": "ownership", "level": 4}]}
    assert alice.post(url(interview, "reviews"), body).status_code == 201
    again = alice.post(url(interview, "reviews"), body)
    assert (again.status_code, again.json()["legal_moves"]) == (409, [])


def test_score_again_is_accepted_and_adds_a_scorecard(alice, interview):
    answer = alice.post(url(interview, "score"))
    assert (answer.status_code, answer.json()) == (
        202,
        {"interview": str(interview.pk), "stage": "scoring"},
    )
    do_work()
    assert len(alice.get(url(interview, "scorecards")).json()["results"]) == 2


def test_score_before_the_answers_are_complete_is_409_with_moves(people: People, alice):
    interview = make_interview(people.home, channel=Channel.UPLOAD)
    answer = alice.post(url(interview, "score"))
    assert (answer.status_code, "scoring" in answer.json()["legal_moves"]) == (409, True)


def test_decision_is_answered_with_who_and_why(alice, interview, people: People):
    answer = alice.post(url(interview, "decision"), {"outcome": "advance", "reason": "Strong."})
    body = answer.json()
    assert datetime.fromisoformat(body.pop("decided_at"))
    assert (answer.status_code, body) == (
        201,
        {
            "id": str(interview.decision.pk),
            "interview": str(interview.pk),
            "outcome": "advance",
            "reason": "Strong.",
            "decided_by": {"id": str(people.alice.pk), "name": "Alice Example"},
        },
    )


def test_decision_is_made_once(alice, interview):
    body = {"outcome": "reject", "reason": "No example."}
    assert alice.post(url(interview, "decision"), body).status_code == 201
    again = alice.post(url(interview, "decision"), body)
    assert (again.status_code, again.json()["legal_moves"]) == (409, [])


def test_hold_names_what_it_may_become(alice, interview):
    alice.post(url(interview, "decision"), {"outcome": "hold", "reason": "Wait."})
    again = alice.post(url(interview, "decision"), {"outcome": "hold", "reason": "Wait more."})
    assert (again.status_code, again.json()["legal_moves"]) == (409, ["advance", "reject"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"outcome": "promote", "reason": "x"}, "outcome"),
        ({"outcome": "advance"}, "reason"),
        ({"outcome": "advance", "reason": "  "}, "reason"),
        ({"outcome": "advance", "reason": "x", "by": "me"}, "by"),
    ],
)
def test_decision_that_does_not_fit_names_the_field(alice, interview, body: dict, field: str):
    answer = alice.post(url(interview, "decision"), body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


@pytest.mark.parametrize(
    ("name", "body", "allowed"),
    [
        ("score", {}, {"owner", "recruiter"}),
        (
            "reviews",
            {"scores": [{"competency": "ownership", "level": 4}]},
            {"owner", "recruiter", "reviewer"},
        ),
        ("decision", {"outcome": "hold", "reason": "x"}, {"owner", "recruiter"}),
    ],
)
def test_role_decides_who_judges(people: People, api, name: str, body: dict, allowed: set[str]):
    for role, user in people.members().items():
        interview = make_scored(people.home)
        status = api(user).post(url(interview, name), body).status_code
        assert (role, status < 300, status == 403) == (role, role in allowed, role not in allowed)


def test_report_tells_the_whole_story(alice, interview, people: People):
    make_review(interview, people.olive)
    alice.post(url(interview, "decision"), {"outcome": "advance", "reason": "Strong."})
    report = alice.get(url(interview, "report")).json()
    assert sorted(report) == [
        "blind",
        "candidate",
        "consents",
        "decision",
        "generated_at",
        "guide",
        "history",
        "interview",
        "job",
        "organisation",
        "quality_check",
        "recordings",
        "scorecards",
        "transcript",
        "turns",
    ]
    assert report["candidate"]["name"] == "Dana Doe"
    assert (report["interview"]["status"], report["interview"]["stage"]) == ("completed", "decided")
    assert report["decision"]["decided_by"]["name"] == "Alice Example"
    assert report["consents"][0]["declared_by"]["name"] == "Olive Example"
    assert report["quality_check"]["outcome"] in {"scorable", "scorable_with_warnings"}
    assert [row["status"] for row in report["recordings"]] == ["stored", "stored"]
    assert [card["kind"] for card in report["scorecards"]] == ["engine", "reviewer"]
    assert report["history"][0]["verb"] == "created"
    assert report["history"][-1]["to_state"] == "decided"


def test_report_gives_the_anchor_of_every_level(alice, interview, people: People):
    make_review(interview, people.olive, level=4)
    report = alice.get(url(interview, "report")).json()
    anchors = {one["key"]: one["anchors"] for one in report["guide"]["competencies"]}
    for card in report["scorecards"]:
        for score in card["scores"]:
            expected = anchors[score["competency"]].get(str(score["level"]))
            assert score["anchor"] == expected
    review = report["scorecards"][1]
    assert (review["reviewer"]["name"], review["comment"]) == ("Olive Example", "Clear.")
    assert (review["scores"][0]["weight"], review["scores"][0]["must_have_level"]) == ("2", 3)


def test_report_of_a_thin_interview_says_why_it_was_not_scored(people: People, alice):
    interview = make_scored(people.home, THIN, THIN)
    report = alice.get(url(interview, "report")).json()
    assert (report["interview"]["stage"], report["scorecards"]) == ("not_scorable", [])
    assert report["quality_check"]["outcome"] == "not_scorable"
    assert "too_few_words" in [one["code"] for one in report["quality_check"]["findings"]]


def test_report_holds_no_place_of_a_file_and_no_secret(alice, interview):
    told = alice.get(url(interview, "report")).content.decode()
    stored = [row.storage_name for row in interview.recordings.all()]
    assert [name for name in stored if name in told] == []
    assert "token" not in told


@pytest.mark.parametrize("name", ["scorecards", "report"])
def test_number_of_queries_is_the_same_for_one_and_three_scorecards(
    people: People, api, interview, name: str
):
    alice = api(people.alice)
    alone = count_queries(alice, url(interview, name))
    request_score(interview, Actor.person(people.alice))
    do_work()
    make_review(interview, people.bob)
    assert count_queries(alice, url(interview, name)) == alone


def test_scorecards_cost_five_queries_and_the_report_is_bounded(alice, interview):
    assert count_queries(alice, url(interview, "scorecards")) == 5
    assert count_queries(alice, url(interview, "report")) <= 20


def test_pages_of_scorecards_follow_each_other(people: People, alice, interview):
    for name in ("one", "two"):
        make_review(interview, make_user(name, organisation=people.home, role="recruiter"))
    first = alice.get(url(interview, "scorecards"), {"page_size": 2}).json()
    second = alice.get(first["next"]).json()
    kinds = [card["kind"] for card in first["results"] + second["results"]]
    assert (kinds, second["next"]) == (["engine", "reviewer", "reviewer"], None)


def test_words_that_look_like_markup_stay_data(people: People, alice):
    interview = make_confirmed(people.home)
    Segment.objects.filter(pk=spoken(interview).pk).update(text="<script>alert(1)</script> words")
    shown = alice.get(url(interview, "transcript"))
    assert shown["Content-Type"] == "application/json"
    assert shown.json()["segments"][0]["text"] == "<script>alert(1)</script> words"
