"""The demo's content is complete, small, consistent, and about nobody real."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import av
import pytest

from interviews.consent.texts import current
from interviews.guide_body import GuideBody, from_json, to_json
from interviews.linter import lint

CONTENT = Path(__file__).parents[2] / "scoring" / "demo" / "content"
STATUSES = {
    *("created", "invited", "consented", "in_progress", "completed"),
    *("cancelled", "expired", "refused"),
}
# transcribing and scoring last only as long as the work does.
LASTING_STAGES = {
    *("awaiting_recording", "needs_confirmation", "not_scorable"),
    *("scored", "reviewed", "decided"),
}
CONTAINERS = {"webm": "matroska,webm", "ogg": "ogg", "mp3": "mp3", "m4a": "mov,mp4,m4a,3gp,3g2,mj2"}
MAX_SPEECH_SECONDS = 180
MAX_BYTES = 2_000_000


def read(name: str) -> Any:
    return json.loads((CONTENT / name).read_text(encoding="utf-8"))


JOBS = {job["key"]: job for job in read("jobs.json")["jobs"]}
INTERVIEWS = {interview["key"]: interview for interview in read("interviews.json")["interviews"]}
SPOKEN = [
    answer
    for interview in INTERVIEWS.values()
    for answer in interview["answers"]
    if answer["audio"]
]
REVIEWED = {key: interview for key, interview in INTERVIEWS.items() if interview["reviews"]}


def guide_of(job: str) -> GuideBody:
    return from_json(read(JOBS[job]["guide"]))


def seconds_of(path: Path) -> float:
    with av.open(str(path)) as container:
        frames = list(container.decode(audio=0))
        return sum(frame.samples for frame in frames) / frames[0].sample_rate


@pytest.mark.parametrize("job", JOBS)
def test_a_job_has_a_guide_that_may_be_published(job):
    guide = guide_of(job)
    assert lint(guide) == ()
    assert to_json(guide) == read(JOBS[job]["guide"])
    assert guide.title == JOBS[job]["title"]
    assert len(guide.competencies) == 5
    assert 6 <= len(guide.questions) <= 8
    assert {len(question.probes) for question in guide.questions} == {2}
    assert sum(competency.weight for competency in guide.competencies) == 1


def test_there_are_two_jobs():
    assert {key: set(job) for key, job in JOBS.items()} == {
        key: {"key", "title", "description", "guide"}
        for key in ("customer_support", "site_reliability")
    }


def test_every_interview_has_the_same_fields():
    fields = {
        *("key", "what", "job", "candidate", "channel", "language", "status", "stage", "days_ago"),
        *("consent", "answers", "confirmed_by", "reviews", "decision", "reason", "report"),
    }
    assert {key: set(interview) ^ fields for key, interview in INTERVIEWS.items()} == {
        key: set() for key in INTERVIEWS
    }


def test_every_status_and_every_lasting_stage_is_shown():
    assert {interview["status"] for interview in INTERVIEWS.values()} == STATUSES
    assert {interview["stage"] for interview in INTERVIEWS.values()} == LASTING_STAGES | {None}


def test_a_stage_is_told_for_completed_interviews_alone():
    shown = {(i["status"] == "completed", i["stage"] is not None) for i in INTERVIEWS.values()}
    assert shown == {(True, True), (False, False)}


def test_one_interview_is_the_one_to_report():
    assert [key for key, i in INTERVIEWS.items() if i["report"]] == ["strong_spoken"]


def test_candidates_are_invented_and_told_apart():
    candidates = [interview["candidate"] for interview in INTERVIEWS.values()]
    assert [c for c in candidates if not re.fullmatch(r"\+120255501\d\d", c["phone"])] == []
    assert [c for c in candidates if not c["email"].endswith("@candidate.example")] == []
    for field in ("name", "email", "phone"):
        assert max(Counter(candidate[field] for candidate in candidates).values()) == 1


@pytest.mark.parametrize("interview", INTERVIEWS.values(), ids=INTERVIEWS)
def test_answers_belong_to_questions_of_the_guide(interview):
    numbers = [answer["question_number"] for answer in interview["answers"]]
    assert numbers == sorted(set(numbers))
    assert set(numbers) <= set(range(1, len(guide_of(interview["job"]).questions) + 1))
    assert [answer for answer in interview["answers"] if not answer["text"].strip()] == []


@pytest.mark.parametrize("interview", INTERVIEWS.values(), ids=INTERVIEWS)
def test_who_answered_had_agreed_to_what_the_consent_text_requires(interview):
    agreed = set(interview["consent"] or ())
    assert agreed <= set(current("en").purposes)
    needs = interview["status"] in {"consented", "in_progress", "completed"}
    assert (current("en").required_purposes <= agreed) is needs


@pytest.mark.parametrize("interview", REVIEWED.values(), ids=REVIEWED)
def test_a_review_scores_every_competency_and_quotes_word_for_word(interview):
    keys = [competency.key for competency in guide_of(interview["job"]).competencies]
    said = {answer["question_number"]: answer["text"] for answer in interview["answers"]}
    for review in interview["reviews"]:
        assert [score["competency"] for score in review["scores"]] == keys
        for score in review["scores"]:
            assert score["level"] in {None, 1, 2, 3, 4, 5}
            quote = score["quote"] or {"question_number": 1, "text": ""}
            assert quote["text"] in said[quote["question_number"]]


def test_decisions_follow_reviews():
    decided = {key: i["decision"]["outcome"] for key, i in INTERVIEWS.items() if i["decision"]}
    assert decided == {"advanced_typed": "advance", "rejected_typed": "reject"}
    assert set(decided) < set(REVIEWED)


def test_spoken_interviews_end_as_they_say():
    spoken = {
        key: (interview["stage"], interview["confirmed_by"] is not None)
        for key, interview in INTERVIEWS.items()
        if any(answer["audio"] for answer in interview["answers"])
    }
    assert spoken == {
        "strong_spoken": ("scored", True),
        "mixed_spoken": ("reviewed", True),
        "waiting_spoken": ("needs_confirmation", False),
        "thin_spoken": ("not_scorable", True),
        "german_spoken": ("needs_confirmation", False),
    }


def test_every_audio_file_is_an_answer_and_every_answer_has_its_file():
    named = sorted(answer["audio"] for answer in SPOKEN)
    stored = sorted(
        f"audio/{path.name}"
        for path in (CONTENT / "audio").iterdir()
        if path.suffix not in {".md", ".sh"}
    )
    assert named == stored
    assert {name.rsplit(".")[-1] for name in named} == set(CONTAINERS)


@pytest.mark.parametrize("answer", SPOKEN, ids=lambda answer: answer["audio"])
def test_an_audio_file_is_what_its_name_says(answer):
    path = CONTENT / answer["audio"]
    with av.open(str(path)) as container:
        assert container.format.name == CONTAINERS[path.suffix[1:]]
        assert [stream.type for stream in container.streams] == ["audio"]


def test_all_speech_is_short_and_small():
    paths = [CONTENT / answer["audio"] for answer in SPOKEN]
    assert 120 < sum(map(seconds_of, paths)) <= MAX_SPEECH_SECONDS
    assert sum(path.stat().st_size for path in paths) < MAX_BYTES


def test_speech_is_as_long_as_its_words_take():
    # A file that was cut or exchanged would not fit its text: flite speaks 1 to 4 words a second.
    paces = {
        answer["audio"]: len(answer["text"].split()) / seconds_of(CONTENT / answer["audio"])
        for answer in SPOKEN
    }
    assert {name: pace for name, pace in paces.items() if not 0.9 < pace < 4} == {}
