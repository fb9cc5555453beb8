"""The demo's candidate on the telephone: the simulated line reaches them, and they answer."""

from collections.abc import Iterator
from typing import Any

from interviews.callroom.simulated import sound
from interviews.callroom.simulated.scripts import Reply, Script
from interviews.models import Interview
from interviews.services.call_planning import plan_call
from interviews.states import Channel
from scoring.demo import content_files
from talenti.history import CANDIDATE


def is_called(entry: dict[str, Any]) -> bool:
    """Return whether this interview of the demo is held on the simulated line."""
    return bool(entry["channel"] == Channel.PHONE and entry["answers"])


def call_candidate(interview: Interview) -> None:
    """Let the candidate choose this moment; the call itself is a worker's."""
    plan_call(interview, CANDIDATE, by_candidate=True)


def scripts() -> Iterator[Script]:
    """Return who picks up at the demo's numbers, and give their answers their own voices."""
    for entry in content_files.interviews():
        if is_called(entry):
            yield _script(entry)


def _script(entry: dict[str, Any]) -> Script:
    job = next(job for job in content_files.jobs() if job["key"] == entry["job"])
    questions = content_files.guide_body(job["guide"]).questions
    said = {}
    for answer in entry["answers"]:
        sound.register(answer["text"], content_files.spoken_file(answer["audio"]))
        question = questions[answer["question_number"] - 1]
        said[question.text] = (Reply("say", answer["text"]),)
    return Script(
        name=f"demo_{entry['key']}",
        number=entry["candidate"]["phone"],
        about=entry["what"],
        said_to=said,
    )
