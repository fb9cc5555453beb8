"""The main job, through the HTTP API only: from a job to a decision, with real speech."""

from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from interviews.guide_body import to_json
from scoring.assessor.offline import OfflineAssessor
from tests.people import PASSWORD, People, make_people
from tests.recordings.rows import FIXTURES, path_of, put_file
from tests.rows import make_body, make_question
from tests.work import do_work

SPOKEN = {
    "customer.wav": "audio/wav",
    "supplier.webm": "audio/webm",
    "plan.mp3": "audio/mpeg",
    "team.ogg": "audio/ogg",
}
QUESTIONS = (
    make_question("ownership", "Tell me about a customer whose delivery went wrong."),
    make_question("ownership", "Describe a machine that failed and what you did about it."),
    make_question("teamwork", "Describe how you brought the members of a group together."),
    make_question("teamwork", "Tell me about a result that you reached with your team."),
)


@pytest.fixture
def people(transactional_db: None) -> People:
    """Everybody, without a transaction around the test: work may take longer than one lives."""
    return make_people()


@pytest.fixture
def recruiter(people: People) -> APIClient:
    """A client that signed in with an e-mail address and a password."""
    client = APIClient()
    signed_in = {"email": people.alice.email, "password": PASSWORD}
    tokens = expect(client.post("/api/v1/auth/token", signed_in), 200)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens['access']}")
    return client


def expect(answer: Any, status: int) -> Any:
    """Return the body of an answer with this status."""
    assert answer.status_code == status, answer.content
    return answer.json()


def publish(client: APIClient) -> dict[str, Any]:
    """Create a job with a published guide; return the guide."""
    job = expect(client.post("/api/v1/jobs", {"title": "Support engineer"}), 201)
    body = to_json(make_body(questions=QUESTIONS))
    guide = expect(client.post(f"/api/v1/jobs/{job['id']}/guides", body), 201)
    return expect(client.post(f"/api/v1/guides/{guide['id']}/publish"), 200)


def open_interview(client: APIClient, guide: dict[str, Any]) -> str:
    """Create an interview of recordings made elsewhere; return its address."""
    wanted = {
        "job": guide["job"],
        "candidate": {"name": "Dana Doe", "email": "dana@candidate.example"},
        "channel": "upload",
        "consent_declared": True,
    }
    interview = expect(client.post("/api/v1/interviews", wanted), 201)
    return f"/api/v1/interviews/{interview['id']}"


def send(client: APIClient, interview: str, path: Path, question: str | None) -> dict[str, Any]:
    """Announce, send and complete one recording."""
    content = path.read_bytes()
    wanted = {
        "interview": interview.rpartition("/")[2],
        "question": question,
        "filename": path.name,
        "content_type": SPOKEN[path.name],
        "size": len(content),
    }
    announced = expect(client.post("/api/v1/recordings", wanted), 201)
    assert put_file(announced["upload"], content).status_code == 201
    return expect(client.post(f"/api/v1/recordings/{announced['id']}/complete"), 200)


def corrections(transcript: dict[str, Any], truths: dict[str, str]) -> list[dict[str, str]]:
    """Return every segment with what was really said; the first of a recording holds it all."""
    seen: set[str] = set()
    corrected = []
    for segment in transcript["segments"]:
        first = segment["recording"] not in seen
        seen.add(segment["recording"])
        text = truths[segment["recording"]] if first else ""
        corrected.append({"id": segment["id"], "text": text, "speaker": "candidate"})
    return corrected


def test_recordings_become_a_decision_with_quotes_that_can_be_checked(recruiter, people, api):
    guide = publish(recruiter)
    interview = open_interview(recruiter, guide)
    truths = {}
    for name, question in zip(SPOKEN, guide["questions"], strict=True):
        row = send(recruiter, interview, FIXTURES / name, question["id"])
        truths[row["id"]] = (FIXTURES / name).with_suffix(".txt").read_text().strip()
    assert stage_of(recruiter, interview) == ("completed", "transcribing")

    assert do_work() == ["recordings.transcribe"] * 4
    assert stage_of(recruiter, interview) == ("completed", "needs_confirmation")
    confirmed = confirm(recruiter, interview, truths)
    assert do_work() == ["scoring.score"]
    assert stage_of(recruiter, interview) == ("completed", "scored")
    [card] = expect(recruiter.get(f"{interview}/scorecards"), 200)["results"]
    assert (card["status"], card["label"], card["overall"]) == (
        "ready",
        OfflineAssessor.label,
        None,
    )
    assert_quotes_stand_in(confirmed, card)

    review_blind(api(people.bob), interview)
    decision = {"outcome": "advance", "reason": "Acts at once and measures the result."}
    expect(recruiter.post(f"{interview}/decision", decision), 201)
    assert_story_is_whole(expect(recruiter.get(f"{interview}/report"), 200))
    history = expect(recruiter.get(f"{interview}/history"), 200)["results"]
    assert stages(history) == [
        "transcribing",
        "needs_confirmation",
        "scoring",
        "scored",
        "reviewed",
        "decided",
    ]


def confirm(client: APIClient, interview: str, truths: dict[str, str]) -> dict[str, Any]:
    """Correct the drafts to what was really said; before that nothing can be scored."""
    draft = expect(client.get(f"{interview}/transcript"), 200)
    assert draft["status"] == "draft"
    assert "supplier" in " ".join(one["text"] for one in draft["segments"])
    refused = expect(client.post(f"{interview}/score"), 409)
    assert refused["legal_moves"] == ["confirm"]
    body = {"segments": corrections(draft, truths)}
    confirmed = expect(client.post(f"{interview}/transcript/confirm", body), 200)
    assert (confirmed["status"], confirmed["confirmed_by"]["name"]) == (
        "confirmed",
        "Alice Example",
    )
    return confirmed


def review_blind(client: APIClient, interview: str) -> None:
    """Judge without having seen another judgement; see it afterwards."""
    assert expect(client.get(f"{interview}/scorecards"), 200)["results"] == []
    review = {"scores": [{"competency": "ownership", "level": 4, "rationale": "Acts at once."}]}
    assert expect(client.post(f"{interview}/reviews", review), 201)["overall"] == "4.00"
    assert len(expect(client.get(f"{interview}/scorecards"), 200)["results"]) == 2


def stages(history: list[dict[str, Any]]) -> list[str]:
    return [one["to_state"] for one in history if one["verb"] == "stage"]


def stage_of(client: APIClient, interview: str) -> tuple[str, str]:
    body = expect(client.get(interview), 200)
    return body["status"], body["stage"]


def assert_quotes_stand_in(transcript: dict[str, Any], card: dict[str, Any]) -> None:
    segments = {one["id"]: one for one in transcript["segments"]}
    quotes = [quote for score in card["scores"] for quote in score["evidence"]]
    assert quotes
    for quote in quotes:
        segment = segments[quote["segment"]]
        assert segment["text"][quote["start"] : quote["end"]] == quote["quote"]
        assert segment["start_ms"] <= quote["start_ms"] < quote["end_ms"] <= segment["end_ms"]
    for score in card["scores"]:
        assert (score["level"] is None) == (score["reason"] != "")
        assert score["level"] is None or score["evidence"]


def assert_story_is_whole(report: dict[str, Any]) -> None:
    assert report["interview"]["stage"] == "decided"
    assert [row["media_type"] for row in report["recordings"]] == [*SPOKEN.values()]
    assert [card["kind"] for card in report["scorecards"]] == ["engine", "reviewer"]
    assert report["decision"]["decided_by"]["name"] == "Alice Example"


def test_recording_can_be_heard_again_by_its_signed_address(recruiter: APIClient):
    interview = open_interview(recruiter, publish(recruiter))
    row = send(recruiter, interview, FIXTURES / "customer.wav", None)
    address = expect(recruiter.get(f"/api/v1/recordings/{row['id']}/url"), 200)
    heard = APIClient().get(path_of(address["url"]))
    assert b"".join(heard.streaming_content) == (FIXTURES / "customer.wav").read_bytes()


def test_thin_interview_is_not_scored_and_says_why(recruiter: APIClient):
    interview = open_interview(recruiter, publish(recruiter))
    row = send(recruiter, interview, FIXTURES / "customer.wav", None)
    do_work()
    draft = expect(recruiter.get(f"{interview}/transcript"), 200)
    body = {"segments": corrections(draft, {row["id"]: "I explained the problem."})}
    expect(recruiter.post(f"{interview}/transcript/confirm", body), 200)
    do_work()
    assert stage_of(recruiter, interview) == ("completed", "not_scorable")
    assert expect(recruiter.get(f"{interview}/scorecards"), 200)["results"] == []
    report = expect(recruiter.get(f"{interview}/report"), 200)
    assert report["quality_check"]["outcome"] == "not_scorable"
    assert "too_few_words" in [one["code"] for one in report["quality_check"]["findings"]]
    assert stages(report["history"])[-1] == "not_scorable"
