"""Words and voices within what Azure Speech heard: they refine a phrase and never spoil it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from recordings.transcriber.azure import AzureTranscriber, checked_segments
from recordings.transcriber.protocol import SpokenSegment, SpokenWord
from talenti.azure.speech import SpeechProvider
from talenti.azure.speech_heard import Heard, HeardWord
from talenti.errors import PermanentFailure
from tests.emulators.speech import KEY, Fault, Phrase, SpeechEmulator

SPOKEN = Path(__file__).parents[1] / "fixtures" / "customer.wav"
MODES = ("sdk", "fast")
PHRASES = [
    Phrase(200, 1800, "I called the customer.", 0.93),
    Phrase(2500, 1600, "Wir haben <einen> Termin.", None, voice=2),
]
WORDS = (
    (("i", 200, 650), ("called", 650, 1100), ("the", 1100, 1550), ("customer", 1550, 2000)),
    (("wir", 2500, 2900), ("haben", 2900, 3300), ("einen", 3300, 3700), ("termin", 3700, 4100)),
)


@pytest.fixture
def speech() -> Iterator[SpeechEmulator]:
    with SpeechEmulator() as emulator:
        emulator.script.phrases = list(PHRASES)
        yield emulator


def hear(speech: SpeechEmulator, mode: Literal["sdk", "fast"]) -> tuple[SpokenSegment, ...]:
    engine = AzureTranscriber(SpeechProvider(endpoint=speech.endpoint, key=KEY), mode)
    return engine.transcribe(SPOKEN, language="en-AU").segments


@pytest.mark.parametrize("mode", MODES)
def test_words_have_times_and_where_it_is_told_confidence(
    speech: SpeechEmulator, mode: str
) -> None:
    heard = hear(speech, mode)
    sure = 0.93 if mode == "sdk" else None  # fast transcription tells none of a word
    assert [
        [(word.text.lower(), word.start_ms, word.end_ms) for word in segment.words]
        for segment in heard
    ] == [list(words) for words in WORDS]
    assert {word.confidence for word in heard[0].words} == {sure}


@pytest.mark.parametrize("mode", MODES)
def test_words_that_cannot_be_read_do_not_cost_the_phrase(
    speech: SpeechEmulator, mode: str
) -> None:
    speech.script.fault = Fault(manner="broken words")
    heard = hear(speech, mode)
    assert [(segment.text, segment.words) for segment in heard] == [
        ("I called the customer.", ()),
        ("Wir haben <einen> Termin.", ()),
    ]


@pytest.mark.parametrize("mode", MODES)
def test_voices_are_not_told_apart_where_nobody_wants_it(
    speech: SpeechEmulator, settings, mode: str
) -> None:
    settings.TRANSCRIBER_VOICES = 1
    heard = hear(speech, mode)
    assert [segment.voice for segment in heard] == ["", ""]
    assert [len(segment.words) for segment in heard] == [4, 4]


@pytest.mark.parametrize("mode", MODES)
def test_voice_that_the_service_cannot_place_is_none_of_the_others(
    speech: SpeechEmulator, mode: str
) -> None:
    speech.script.phrases[1] = Phrase(2500, 1600, "Yes.", voice=0)
    heard = hear(speech, mode)
    assert len({segment.voice for segment in heard}) == 2


def test_voices_that_speak_at_once_come_in_the_order_in_which_they_began() -> None:
    long, short = Heard(100, 900, "Let me", None, "1"), Heard(300, 500, "Yes.", None, "2")
    told = checked_segments([short, long], 1000)
    assert [(one.start_ms, one.voice) for one in told] == [(100, "1"), (300, "2")]


def test_one_voice_that_goes_backward_cannot_be() -> None:
    with pytest.raises(PermanentFailure):
        list(
            checked_segments(
                [Heard(300, 500, "b", None, "1"), Heard(100, 200, "a", None, "1")], 1000
            )
        )


def test_word_with_impossible_times_is_left_out_and_the_phrase_stays() -> None:
    words = (
        HeardWord("early", 50, 150),
        HeardWord("good", 100, 200, 0.5),
        HeardWord("backwards", 90, 200),
        HeardWord("empty", 300, 300),
        HeardWord(" ", 300, 400),
        HeardWord("surer than sure", 300, 400, 1.5),
        HeardWord("last", 900, 1200),
    )
    [segment] = checked_segments([Heard(100, 1200, "All of it", None, " 1 ", words)], 1000)
    kept = (SpokenWord("good", 100, 200, 0.5), SpokenWord("last", 900, 1000))
    assert segment == SpokenSegment(100, 1000, "All of it", None, "1", kept)
