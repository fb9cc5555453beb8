"""What is kept of a session of the Speech SDK. The session itself runs in its own process."""

from types import SimpleNamespace
from typing import Any

import pytest

from talenti.azure.speech_heard import Heard, HeardWord, words_of_rest, words_of_sdk
from talenti.azure.speech_session import Session, Token, _config, best_reading, confidence

PLACE = {"region": "", "endpoint": "", "key": "", "token": "", "locale": "de-DE"}


def phrase(text: str, document: str = "") -> Any:
    told = {"text": text, "offset": 15_000_000, "duration": 20_000_000, "json": document}
    return SimpleNamespace(result=SimpleNamespace(**told))


def cancellation(reason: str, code: str = "NoError") -> Any:
    names = SimpleNamespace(reason=SimpleNamespace(name=reason), code=SimpleNamespace(name=code))
    return SimpleNamespace(cancellation_details=names)


def test_phrases_are_kept_in_milliseconds_and_empty_ones_are_not() -> None:
    session = Session()
    session.hear(phrase("Yes.", '{"NBest": [{"Confidence": 0.5}]}'))
    session.hear(phrase(""))
    session.stop(None)
    assert (session.heard, session.fault) == ([Heard(1500, 3500, "Yes.", 0.5)], "")
    assert session.ended.is_set()


@pytest.mark.parametrize(
    ("reason", "code", "fault"),
    [
        ("EndOfStream", "NoError", ""),
        ("Error", "TooManyRequests", "TooManyRequests"),
        ("CancelledByUser", "NoError", "NoError"),
    ],
)
def test_end_of_the_file_is_no_fault(reason: str, code: str, fault: str) -> None:
    session = Session()
    session.cancel(cancellation(reason, code))
    assert (session.fault, session.ended.is_set()) == (fault, True)


@pytest.mark.parametrize(
    "document",
    [
        "",
        "{",
        "[]",
        "{}",
        "[" * 100_000,
        '{"NBest": []}',
        '{"NBest": [{}]}',
        '{"NBest": [{"Confidence": "x"}]}',
        '{"NBest": [{"Confidence": 1%s}]}' % ("0" * 400),
    ],
)
def test_confidence_that_is_not_told_is_none(document: str) -> None:
    assert confidence(best_reading(document)) is None


@pytest.mark.parametrize(
    "told",
    [
        [{"Word": "yes"}],
        [{"Word": "yes", "Offset": "x", "Duration": 1}],
        ["yes"],
        7,
        [{"Word": "yes", "Offset": 0, "Duration": 1, "Confidence": "x"}],
        [{"Word": "yes", "Offset": float("inf"), "Duration": 1}],
        [{"text": "yes", "offsetMilliseconds": float("inf"), "durationMilliseconds": 1}],
    ],
)
def test_words_that_cannot_be_read_are_none(told: object) -> None:
    assert words_of_sdk(told) == words_of_rest(told) == ()


def test_words_and_the_voice_are_kept_with_their_phrase() -> None:
    document = (
        '{"NBest": [{"Words": [{"Word": "yes", "Offset": 15000000, "Duration": 5000000,'
        ' "Confidence": 0.25}]}]}'
    )
    told = phrase("Yes.", document)
    told.result.speaker_id = "Guest-2"
    session = Session()
    session.hear(told)
    kept = (HeardWord("yes", 1500, 2000, 0.25),)
    assert session.heard == [Heard(1500, 3500, "Yes.", None, "Guest-2", kept)]


@pytest.mark.parametrize(
    "place",
    [
        {"region": "australiaeast", "key": "k" * 32},
        {"endpoint": "https://own.cognitiveservices.azure.com", "key": "k" * 32},
        {"endpoint": "https://own.cognitiveservices.azure.com", "token": "token"},
    ],
)
def test_sdk_is_told_where_and_in_which_language(place: dict[str, str]) -> None:
    config = _config(PLACE | place)
    assert config.speech_recognition_language == "de-DE"
    assert config.region == place.get("region", "")


def test_token_is_given_as_it_is() -> None:
    assert Token("token").get_token("scope").token == "token"
