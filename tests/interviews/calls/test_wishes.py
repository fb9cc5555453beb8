"""Wishes are understood where they are all that is said, and never within an answer."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.calls.wishes import Wish, consent_of_tone, wish_of, wish_of_tone

SAID = tomllib.loads((Path(__file__).parent / "samples" / "said.toml").read_text(encoding="utf-8"))
CASES = [
    pytest.param(language, wish, words, id=f"{language}-{wish}-{number}")
    for language, by_wish in SAID.items()
    for wish, all_words in by_wish.items()
    for number, words in enumerate(all_words)
]


@pytest.mark.parametrize(("language", "wish", "words"), CASES)
def test_wishes_are_understood_and_answers_are_none(language: str, wish: str, words: str) -> None:
    expected = None if wish == "answers" else Wish(wish)
    assert wish_of(words, language) is expected
    assert wish_of(words.upper(), f"{language}-XX") is expected


def test_english_is_understood_everywhere_and_nothing_else_is() -> None:
    assert wish_of("Could you repeat that, please?", "de") is Wish.REPEAT
    assert wish_of("Pouvez-vous répéter ?", "de") is None
    assert wish_of("Stop!", "it") is Wish.STOP


def test_accents_and_marks_may_be_missing() -> None:
    assert wish_of("uberspringen", "de") is Wish.SKIP
    assert wish_of("s'il vous plait, un instant", "fr") is Wish.MOMENT
    assert wish_of("sí; ¡de acuerdo!", "es") is wish_of("si de acuerdo", "es") is Wish.YES


@pytest.mark.parametrize(
    ("tones", "wish"),
    [("*", Wish.REPEAT), ("#", Wish.SKIP), ("0", Wish.MOMENT), ("5#", Wish.SKIP), ("1", None),
     ("", None), ("#1", None)],
)  # fmt: skip
def test_keys_wish_while_a_question_is_asked(tones: str, wish: Wish | None) -> None:
    assert wish_of_tone(tones) is wish


@pytest.mark.parametrize(
    ("tones", "wish"),
    [("1", Wish.YES), ("11", Wish.YES), ("2", Wish.NO), ("12", None), ("21", None),
     ("*", Wish.REPEAT), ("9", Wish.WRONG_NUMBER), ("5", None), ("", None)],
)  # fmt: skip
def test_keys_answer_a_question_of_consent(tones: str, wish: Wish | None) -> None:
    assert consent_of_tone(tones) is wish


@given(st.text(), st.sampled_from(["en", "de", "fr", "es", "xx", ""]))
def test_any_text_is_a_wish_or_none(words: str, language: str) -> None:
    assert wish_of(words, language) in {None, *Wish}


def test_much_politeness_is_understood_soon() -> None:
    assert wish_of("um " * 12 + "stop", "en") is Wish.STOP
    assert wish_of("um " * 30 + "stop", "en") is None  # nobody speaks like that
