"""What becomes of the recogniser's raw words."""

import pytest

from recordings.transcriber.recognition import is_word, mean_confidence, plain, recognise
from tests.recordings.transcriber.test_offline import FIXTURES

LIMITS = {"max_bytes": 1_000_000, "max_duration_ms": 60_000}


@pytest.mark.parametrize("entry", ["<s>", "</s>", "<sil>", "[NOISE]", "[SPEECH]", "++UH++"])
def test_filler_is_no_word(entry: str) -> None:
    assert not is_word(entry)


def test_second_pronunciation_is_the_same_word() -> None:
    assert [plain(entry) for entry in ("read(2)", "Don't", "a")] == ["read", "don't", "a"]


@pytest.mark.parametrize(
    ("words", "mean"), [([1.0, 0.5], 0.75), ([1.2, -0.1], 0.5), ([0.33333, 0.33333], 0.3333)]
)
def test_confidence_is_a_mean_between_0_and_1(words: list[float], mean: float) -> None:
    assert mean_confidence(words) == mean


def test_recording_becomes_segments() -> None:
    (segment,) = recognise({"source": FIXTURES / "customer.wav", "limits": LIMITS})["segments"]
    assert sorted(segment) == ["confidence", "end_ms", "start_ms", "text"]
    assert segment["text"].startswith("i explained the problem to the customer")
