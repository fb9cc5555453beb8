"""The words of a call: the candidate's as they were heard, ours as they were said."""

from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.utils import timezone

from interviews.models import Call, Interview
from interviews.states import Stage
from recordings.media.facts import DecodedAudio, MediaLimits
from recordings.media.inspection import decode_to_wav
from recordings.models import Recording, Segment
from recordings.reading import read_transcript
from recordings.services.confirmation import Correction, confirm_transcript
from recordings.services.transcription import listen, store_transcription
from recordings.states import Source, Speaker
from recordings.transcriber.offline import OfflineTranscriber
from recordings.transcriber.protocol import SpokenSegment, Transcription
from scoring.models import Evidence
from scoring.services.material import gate_material, prepare
from scoring.services.reviews import Quote, Rating, submit_review
from talenti.errors import Invalid
from talenti.history import Actor
from tests.people import People
from tests.recordings.call_rows import ask_in, make_call, make_phone_interview
from tests.recordings.call_sound import samples_of, unmixed
from tests.recordings.rows import FIXTURES, WAV, make_recording, send
from tests.rows import actor_of
from tests.scoring.rows import OWNERSHIP, TEAMWORK
from tests.talenti.admin.consoles import console_for
from tests.work import do_work

FIRST = "Tell me about a fault that you found and repaired."
SECOND = "Describe a time when you helped a colleague."


class Machine(OfflineTranscriber):
    """An engine whose words need no confirmation."""

    name, label, is_draft = "machine", "Machine", False


@pytest.fixture
def interview(people: People) -> Interview:
    return make_phone_interview(people.home)


@pytest.fixture
def call(interview: Interview) -> Call:
    return make_call(interview, recording_stored_at=timezone.now())


def record_call(call: Call, *, chunk: int = 0, offset_ms: int | None = 0) -> Recording:
    """Return a stored minute of the call."""
    return make_recording(
        call.interview,
        call=call,
        chunk=chunk,
        line_name=f"{chunk}.wav",
        offset_ms=offset_ms,
        source=Source.PHONE,
    )


def hear(recording: Recording, *spoken: tuple[int, int, str], engine: type = Machine) -> None:
    """Store what an engine would have heard in the recording: from, until, words."""
    heard = Transcription(tuple(SpokenSegment(*one, 0.95) for one in spoken), "en-US", "test")
    store_transcription(recording.pk, DecodedAudio(60_000, (1, 2)), heard, engine())


def words(interview: Interview) -> list[tuple[object, ...]]:
    """Return the transcript: question's place, who, when, what."""
    places = {question.pk: question.position for question in interview.guide.questions.all()}
    return [
        (
            places.get(one["question"]),
            str(one["speaker"]),
            one["start_ms"],
            one["end_ms"],
            one["text"],
        )
        for one in read_transcript(interview)["segments"]
    ]


def test_transcriber_hears_the_candidates_channel_alone(people: People, tmp_path: Path):
    other = tmp_path / "other.wav"
    limits = MediaLimits(max_bytes=10_000_000, max_duration_ms=60_000)
    decode_to_wav(FIXTURES / "team.ogg", other, limits=limits)
    call = make_call(make_phone_interview(people.home))
    recording = record_call(call)
    storages["recordings"].delete(recording.storage_name)
    send(recording, unmixed(samples_of(WAV), samples_of(other)))
    decoded, heard = listen(recording, OfflineTranscriber())
    alone = OfflineTranscriber().transcribe(WAV, language="en-US")
    told = " ".join(segment.text for segment in heard.segments)
    assert told == " ".join(segment.text for segment in alone.segments)
    assert "customer" in told
    assert decoded.duration_ms > 7000  # as long as the longer side, which the outline shows
    assert max(decoded.peaks[-len(decoded.peaks) // 4 :]) > 20


def test_words_belong_to_the_question_they_answer_and_ours_stand_between(interview, call):
    ask_in(call, 0, 1_000, 20_000)
    ask_in(call, 1, 21_000, 40_000)
    hear(
        record_call(call),
        (200, 900, "hello"),
        (4_000, 9_000, "the pump failed"),
        (12_000, 22_000, "i replaced it"),
        (25_000, 30_000, "my colleague asked me"),
        (41_000, 42_000, "goodbye"),
    )
    assert words(interview) == [
        (None, "candidate", 200, 900, "hello"),
        (1, "interviewer", 1_000, 4_000, FIRST),
        (1, "candidate", 4_000, 9_000, "the pump failed"),
        (1, "candidate", 12_000, 22_000, "i replaced it"),
        (2, "interviewer", 21_000, 25_000, SECOND),
        (2, "candidate", 25_000, 30_000, "my colleague asked me"),
        (None, "candidate", 41_000, 42_000, "goodbye"),
    ]


def test_second_file_goes_on_where_the_first_one_ended(interview, call):
    ask_in(call, 0, 50_000, 65_000)
    ask_in(call, 1, 66_000, 80_000)
    second = record_call(call, chunk=1, offset_ms=60_000)
    first = record_call(call)
    hear(second, (2_000, 4_000, "and i repaired it"), (9_000, 12_000, "i helped"))
    hear(first, (55_000, 59_000, "it failed"))
    assert sorted(words(interview), key=lambda row: (row[0], row[1] == "candidate")) == [
        (1, "interviewer", 50_000, 55_000, FIRST),
        (1, "candidate", 2_000, 4_000, "and i repaired it"),
        (1, "candidate", 55_000, 59_000, "it failed"),
        (2, "interviewer", 6_000, 9_000, SECOND),
        (2, "candidate", 9_000, 12_000, "i helped"),
    ]


def test_files_stand_in_their_order_whichever_was_heard_first(interview, call):
    first, second = record_call(call), record_call(call, chunk=1, offset_ms=60_000)
    hear(second, (0, 1_000, "second"))
    hear(first, (0, 1_000, "first"))
    assert [row[4] for row in words(interview)] == ["first", "second"]


def test_answer_in_two_files_is_judged_in_its_order(interview, call):
    ask_in(call, 0, 50_000, 65_000)
    first, second = record_call(call), record_call(call, chunk=1, offset_ms=60_000)
    hear(second, (0, 1_000, "then i repaired it"))
    hear(first, (55_000, 59_000, "first it failed"))
    passages = prepare(interview.pk).words.passages
    assert [one.text for one in passages] == [FIRST, "first it failed", "then i repaired it"]


def test_file_whose_place_is_unknown_has_words_without_questions(interview, call):
    ask_in(call, 0, 1_000, 20_000)
    hear(record_call(call, chunk=1, offset_ms=None), (4_000, 9_000, "the pump failed"))
    assert words(interview) == [(None, "candidate", 4_000, 9_000, "the pump failed")]


def test_question_asked_again_in_a_second_call_is_answered_there(interview, call):
    again = make_call(interview, recording_stored_at=timezone.now())
    ask_in(call, 0, 1_000, 20_000)
    ask_in(again, 0, 1_000, 20_000)
    hear(record_call(call), (4_000, 9_000, "hello, are you there"))
    hear(record_call(again), (4_000, 9_000, "the pump failed"))
    assert words(interview) == [
        (None, "candidate", 4_000, 9_000, "hello, are you there"),
        (1, "interviewer", 1_000, 4_000, FIRST),
        (1, "candidate", 4_000, 9_000, "the pump failed"),
    ]


def test_question_that_was_not_answered_is_in_the_transcript_all_the_same(interview, call):
    ask_in(call, 0, 1_000, 20_000)
    hear(record_call(call))
    assert words(interview) == [(1, "interviewer", 1_000, 20_000, FIRST)]


def test_our_words_end_with_the_file(interview, call):
    ask_in(call, 0, 59_999, 70_000)
    hear(record_call(call), (1_000, 59_999, "and"))
    assert words(interview)[1] == (1, "interviewer", 59_999, 60_000, FIRST)


def test_several_voices_on_the_candidates_side_wait_for_a_person(interview, call):
    spoken = (
        SpokenSegment(0, 5_000, "the pump failed", 0.9, "A"),
        SpokenSegment(6_000, 7_000, "say relay", 0.9, "B"),
    )
    recording = record_call(call)
    heard = Transcription(spoken, "en-US", "test")
    store_transcription(recording.pk, DecodedAudio(60_000, ()), heard, Machine())
    interview.refresh_from_db()
    assert interview.stage == Stage.NEEDS_CONFIRMATION
    assert [row[1] for row in words(interview)] == ["candidate", "unknown"]


@pytest.fixture
def draft(interview: Interview, call: Call) -> Interview:
    """An interview with two answered questions, written down as drafts."""
    ask_in(call, 0, 1_000, 29_000)
    ask_in(call, 1, 30_000, 59_000)
    spoken = ((4_000, 28_000, OWNERSHIP), (33_000, 58_000, TEAMWORK))
    hear(record_call(call), *spoken, engine=OfflineTranscriber)
    return interview


def ours(interview: Interview) -> Segment:
    return Segment.objects.filter(transcript__interview=interview, turn__isnull=False).first()


def test_our_words_need_no_confirmation_and_count_as_no_correction(draft, people: People):
    confirm_transcript(draft, [], Actor.person(people.alice))
    transcript = draft.transcripts.get()
    assert (transcript.status, transcript.edit_distance) == ("confirmed", 0)
    assert [row[1] for row in words(draft)] == ["interviewer", "candidate"] * 2


@pytest.mark.parametrize(
    "change",
    [{"text": "Tell me all."}, {"text": ""}, {"speaker": Speaker.CANDIDATE}],
    ids=["words", "emptied", "speaker"],
)
def test_our_words_are_nobodys_to_correct(draft, people: People, change: dict):
    row = ours(draft)
    with pytest.raises(Invalid) as refused:
        confirm_transcript(draft, [Correction(segment=row.pk, **change)], actor_of(people.home))
    assert list(refused.value.errors) == ["segments[0].id"]
    row.refresh_from_db()
    assert (row.speaker, row.text) == ("interviewer", FIRST)


def test_our_words_sent_back_unchanged_are_fine(draft, people: People):
    row = ours(draft)
    same = Correction(segment=row.pk, text=row.text, speaker=row.speaker, question=row.question_id)
    confirm_transcript(draft, [same], actor_of(people.home))
    assert draft.transcripts.get().status == "confirmed"


def test_database_itself_keeps_our_words_from_becoming_the_candidates(draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        Segment.objects.filter(turn__isnull=False).update(speaker=Speaker.CANDIDATE)


def test_gate_counts_the_candidates_words_alone(draft):
    material = gate_material(prepare(draft.pk))
    assert (material.asked, material.answered) == (2, 2)
    Segment.objects.filter(speaker=Speaker.CANDIDATE).update(text="")
    assert gate_material(prepare(draft.pk)).answered == 0


def test_call_that_nobody_answered_has_no_answered_question(interview, call):
    ask_in(call, 0, 1_000, 29_000)
    hear(record_call(call))
    do_work()
    interview.refresh_from_db()
    assert interview.stage == Stage.NOT_SCORABLE


def test_quote_never_comes_from_our_words(draft, people: People):
    confirm_transcript(draft, [], actor_of(people.home))
    do_work()
    assert Evidence.objects.exists()
    assert set(Evidence.objects.values_list("segment__speaker", flat=True)) == {"candidate"}
    quote = Quote(ours(draft).pk, FIRST)
    rating = Rating("ownership", 4, rationale="They said it.", evidence=(quote,))
    with pytest.raises(Invalid):
        submit_review(draft, [rating], Actor.person(people.alice), comment="")


def test_page_shows_our_words_and_lets_only_the_others_be_corrected(draft, people: People):
    console = console_for(people.alice)
    page = f"/admin/interviews/interview/{draft.pk}"
    shown = console.get(f"{page}/change/").content.decode()
    mine, theirs = Segment.objects.filter(speaker="candidate"), Segment.objects.exclude(turn=None)
    assert [f'name="text-{row.pk}"' in shown for row in (*mine, *theirs)] == [True] * 2 + [
        False
    ] * 2
    assert shown.count(f"<p>{FIRST}</p>") == 1
    console.post(f"{page}/confirm/", {f"text-{row.pk}": row.text for row in mine})
    assert draft.transcripts.get().status == "confirmed"
