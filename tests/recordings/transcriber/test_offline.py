"""The offline recogniser on speech that was made for it, and what it says when it cannot help."""

import re
import wave
from functools import cache
from pathlib import Path

import pytest

from recordings.media.facts import MediaLimits
from recordings.transcriber import offline
from recordings.transcriber.offline import OfflineTranscriber
from recordings.transcriber.protocol import Transcriber, Transcription
from talenti.errors import PermanentFailure

FIXTURES = Path(__file__).parents[1] / "fixtures"
WORST = 0.20  # word error rate on clear synthetic speech
SPOKEN = {
    "supplier.webm": {"supplier", "spare", "hour"},
    "team.ogg": {"team", "engineers", "complaints"},
    "customer.wav": {"customer", "delivery", "date"},
    "plan.mp3": {"plan", "group", "opinion"},
}


def words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def word_error_rate(said: list[str], heard: list[str]) -> float:
    """Return the Levenshtein distance in words over the number of words said."""
    row = list(range(len(heard) + 1))
    for number, word in enumerate(said, start=1):
        diagonal, row[0] = row[0], number
        for at, other in enumerate(heard, start=1):
            best = min(row[at] + 1, row[at - 1] + 1, diagonal + (word != other))
            diagonal, row[at] = row[at], best
    return row[-1] / len(said)


@cache
def hear(name: str) -> Transcription:
    return OfflineTranscriber().transcribe(FIXTURES / name, language="en-US")


def write_silence(path: Path, seconds: int) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(32_000 * seconds))
    return path


def test_engine_says_what_it_is() -> None:
    engine: Transcriber = OfflineTranscriber()
    assert (engine.name, engine.is_draft, engine.check()) == ("offline", True, [])
    assert engine.label == (
        "Draft transcript (basic offline recogniser, US English). Check every word."
    )


@pytest.mark.parametrize("name", SPOKEN)
def test_clear_speech_is_understood(name: str) -> None:
    heard = hear(name)
    text = " ".join(segment.text for segment in heard.segments)
    said = (FIXTURES / name).with_suffix(".txt").read_text()
    assert word_error_rate(words(said), words(text)) <= WORST
    assert SPOKEN[name] <= set(words(text))
    assert (heard.language, heard.model) == ("en-US", "pocketsphinx en-us")


def test_pause_makes_two_segments_at_their_own_times() -> None:
    first, second = hear("team.ogg").segments
    assert 0 <= first.start_ms < 500
    assert 2000 < first.end_ms < 3000
    assert 4500 < second.start_ms < 5200
    assert 8500 < second.end_ms < 9300
    assert "engineers" in first.text
    assert "complaints" in second.text


def test_segments_are_plain_words_with_a_confidence() -> None:
    for segment in hear("plan.mp3").segments:
        assert re.fullmatch(r"[a-z']+( [a-z']+)*", segment.text)
        assert segment.start_ms < segment.end_ms
        assert segment.confidence is not None
        assert 0.5 < segment.confidence <= 1
        assert (segment.voice, segment.words) == ("", ())


def test_recording_is_heard_the_same_every_time() -> None:
    again = OfflineTranscriber().transcribe(FIXTURES / "customer.wav", language="en-GB")
    assert again == hear("customer.wav")


def test_silence_has_no_segments(tmp_path: Path) -> None:
    heard = OfflineTranscriber().transcribe(write_silence(tmp_path / "a.wav", 10), language="en")
    assert heard == Transcription((), "en-US", "pocketsphinx en-us")


@pytest.mark.parametrize("language", ["de-DE", "fr", "", "england"])
def test_other_language_is_refused(language: str) -> None:
    with pytest.raises(PermanentFailure) as failed:
        OfflineTranscriber().transcribe(FIXTURES / "plan.mp3", language=language)
    assert failed.value.code == "language_not_supported"


def test_missing_recogniser_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offline, "RECOGNISER", "no_such_recogniser")
    engine = OfflineTranscriber()
    assert engine.check() == [
        "pocketsphinx is not installed: install Talenti with its `offline` extra."
    ]
    with pytest.raises(PermanentFailure) as failed:
        engine.transcribe(FIXTURES / "plan.mp3", language="en")
    assert failed.value.code == "recogniser_not_installed"


def test_unsuitable_file_fails_for_good(tmp_path: Path) -> None:
    path = tmp_path / "cut.wav"
    path.write_bytes((FIXTURES / "customer.wav").read_bytes()[:50_000])
    with pytest.raises(PermanentFailure) as failed:
        OfflineTranscriber().transcribe(path, language="en")
    assert failed.value.code == "truncated"


def test_recording_beyond_the_limit_fails_for_good() -> None:
    limits = MediaLimits(max_bytes=1_000_000, max_duration_ms=500, memory_bytes=1 << 30)
    with pytest.raises(PermanentFailure) as failed:
        OfflineTranscriber(limits).transcribe(FIXTURES / "customer.wav", language="en")
    assert failed.value.code == "too_long"
