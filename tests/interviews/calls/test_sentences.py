"""The fixed sentences: the same in every language, filled in, and short enough to be spoken."""

import re
import string
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.calls import sentences
from interviews.calls.plan import Plan
from interviews.calls.sentences import languages, say, split_speech, spoken_consent

TEXTS = Path(sentences.__file__).parent / "texts"
LANGUAGES = ("de", "en", "es", "fr")
PLAN = Plan(
    language="en",
    organisation="Acme",
    job="Nurse",
    contact="+49 30 123",
    consent_version="phone-2026-11-24",
    retention_days=90,
)
# What was agreed to never changes: another wording is another version.
AGREED_TO = {
    "de": "be4b53865eab533825f9741f50caef8c7b0b4ad68303a10e521428e63f8c502a",
    "en": "aa57ca522c64c6e515e75ae52ec2bb3c375330a4ee08514f5e3064a2f72112b1",
    "es": "2e8c1acec1e4e1f124df0e2b3e36cd24644a881d5c67496349983d7de722c5c4",
    "fr": "e5576fe6086b7407f6eb0baffcb6a9ea86fa56e85444a2ceed917365d45f9d30",
}


def texts(language: str) -> dict[str, Any]:
    return tomllib.loads((TEXTS / f"{language}.toml").read_text(encoding="utf-8"))


def placeholders(written: Mapping[str, str]) -> dict[str, list[str]]:
    return {
        name: sorted(field for _, field, _, _ in string.Formatter().parse(text) if field)
        for name, text in written.items()
    }


def test_calls_can_be_held_in_four_languages() -> None:
    assert languages() == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", ["sentences", "consent"])
def test_every_language_has_the_same_sentences_with_the_same_placeholders(
    language: str, part: str
) -> None:
    assert placeholders(texts(language)[part]) == placeholders(texts("en")[part])


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short_and_whole(language: str) -> None:
    for text in texts(language)["sentences"].values():
        assert len(text) <= sentences.CHUNK
        assert text[-1] in ".!"
        assert "  " not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_left_in_doubt_about_who_calls(language: str) -> None:
    greeting = say(replace(PLAN, language=language), "greeting", "greeting_human")
    assert "Acme" in greeting
    assert "Nurse" in greeting
    assert "+49 30 123" in greeting
    said = {"de": "Computerprogramm", "en": "computer program", "es": "programa de ordenador",
            "fr": "programme informatique"}  # fmt: skip
    assert said[language] in greeting


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_agreed_to_by_voice_is_what_its_hash_says(language: str) -> None:
    consent = spoken_consent(language)
    assert (consent.version, consent.language) == ("phone-2026-11-24", language)
    assert consent.sha256 == AGREED_TO[language]


def test_a_region_speaks_its_main_language() -> None:
    assert spoken_consent("de-AT") == spoken_consent("de")
    assert say(replace(PLAN, language="FR-ca"), "thanks") == "Merci."


@pytest.mark.parametrize("language", ["it", "", "../en", "e", "english"])
def test_a_language_without_texts_is_an_error(language: str) -> None:
    with pytest.raises(ValueError, match="no sentences"):
        say(replace(PLAN, language=language), "thanks")
    with pytest.raises(ValueError, match="no sentences"):
        spoken_consent(language)


def test_what_is_filled_in_is_not_read_for_placeholders() -> None:
    plan = replace(PLAN, organisation="{job} & {contact}", job="{organisation}")
    assert say(plan, "greeting_again") == (
        "Hello, this is the automated interview call from {job} & {contact}."
    )


def test_names_that_are_empty_say_nothing() -> None:
    assert say(PLAN, "", "thanks", "") == "Thank you."
    assert say(PLAN, "") == ""


def test_speech_is_cut_between_sentences() -> None:
    text = "One is here. Two is here! Is three? Four."
    assert split_speech(text, 30) == ["One is here. Two is here!", "Is three? Four."]
    assert split_speech(text) == [text]
    assert split_speech("  ") == []


def test_a_long_sentence_is_cut_between_words_and_a_long_word_within() -> None:
    assert split_speech("aaa bbb ccc ddd.", 8) == ["aaa bbb", "ccc ddd."]
    assert split_speech("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_speech_keeps_every_character_and_no_piece_is_too_long(text: str, longest: int) -> None:
    pieces = split_speech(text, longest)
    assert all(0 < len(piece) <= longest for piece in pieces)
    assert re.sub(r"\s", "", "".join(pieces)) == re.sub(r"\s", "", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_is_said_can_be_spoken_in_pieces(language: str) -> None:
    plan = replace(PLAN, language=language, organisation="A" * 200, job="B" * 200)
    names = [*texts(language)["sentences"], "recording_question", "assessment_question"]
    for piece in split_speech(say(plan, *names)):
        assert len(piece) <= sentences.CHUNK
