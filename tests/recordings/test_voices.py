"""Several voices in one recording: nobody's words become the candidate's without a person."""

import pytest
from django.utils import timezone

from interviews.models import Interview
from interviews.states import Channel, Stage, Status
from recordings.media.facts import DecodedAudio
from recordings.models import Transcript
from recordings.services.confirmation import Correction, confirm_transcript
from recordings.services.transcription import store_transcription
from recordings.services.voices import speakers_of
from recordings.states import Speaker, TranscriptStatus
from recordings.transcriber.azure import AzureTranscriber
from recordings.transcriber.protocol import SpokenSegment, SpokenWord, Transcription
from talenti.work.models import WorkItem
from tests.people import People
from tests.recordings.rows import make_recording
from tests.rows import actor_of, make_interview

ASKED = SpokenSegment(0, 2000, "Tell me about a fault that you repaired.", 0.9, "1")
SAID = SpokenSegment(
    2000,
    9000,
    "Last year our label printer failed.",
    0.9,
    "2",
    (SpokenWord("last", 2000, 2400, 0.8),),
)
LABEL = "Machine transcript (Azure Speech)."


@pytest.fixture
def interview(people: People) -> Interview:
    interview = make_interview(people.home, channel=Channel.UPLOAD)
    Interview.objects.update(status=Status.COMPLETED, completed_at=timezone.now())
    interview.refresh_from_db()
    return interview


def write_down(interview: Interview, *segments: SpokenSegment, **values: object) -> Transcript:
    recording = make_recording(interview, **values)
    heard = Transcription(segments, "en-US", "azure-speech fast")
    store_transcription(recording.pk, DecodedAudio(9000, ()), heard, AzureTranscriber())
    return Transcript.objects.get(recording=recording)


def speakers(transcript: Transcript) -> list[tuple[str, str]]:
    return list(transcript.segments.values_list("voice", "speaker"))


@pytest.mark.parametrize("declared", [Speaker.CANDIDATE, Speaker.INTERVIEWER, Speaker.UNKNOWN])
def test_one_voice_is_the_declared_speakers(declared: str) -> None:
    assert speakers_of([ASKED, ASKED], declared) == {"1": declared}
    assert speakers_of([], declared) == {}


def test_of_several_voices_the_longest_is_proposed_and_the_others_are_nobodys() -> None:
    short = SpokenSegment(9000, 9400, "Yes.", 0.9, "Unknown")
    assert speakers_of([ASKED, SAID, short], "candidate") == {
        "1": "unknown",
        "2": "candidate",
        "Unknown": "unknown",
    }


def test_recording_of_one_voice_needs_no_person(interview: Interview) -> None:
    transcript = write_down(interview, SAID)
    assert (transcript.status, transcript.label) == (TranscriptStatus.READY, LABEL)
    assert speakers(transcript) == [("2", "candidate")]
    assert transcript.segments.get().words == [["last", 2000, 2400, 0.8]]


def test_recording_of_two_voices_is_not_scored_before_a_person_has_confirmed(
    interview: Interview,
) -> None:
    transcript = write_down(interview, ASKED, SAID)
    interview.refresh_from_db()
    assert (transcript.status, interview.stage) == ("draft", Stage.NEEDS_CONFIRMATION)
    assert transcript.label == f"{LABEL} More than one voice was heard: say whose words these are."
    assert speakers(transcript) == [("1", "unknown"), ("2", "candidate")]
    assert not WorkItem.objects.filter(kind="scoring.score").exists()

    asked = transcript.segments.get(voice="1")
    right = [Correction(segment=asked.pk, speaker="interviewer")]
    confirm_transcript(interview, right, actor_of(interview.organisation))

    assert speakers(transcript) == [("1", "interviewer"), ("2", "candidate")]
    assert WorkItem.objects.filter(kind="scoring.score").count() == 1


def test_second_voice_in_an_interviewers_recording_is_not_the_candidates(
    interview: Interview,
) -> None:
    transcript = write_down(interview, ASKED, SAID, speaker=Speaker.INTERVIEWER)
    assert speakers(transcript) == [("1", "unknown"), ("2", "interviewer")]
    assert transcript.status == TranscriptStatus.DRAFT
