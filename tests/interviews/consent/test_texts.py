"""Consent texts: found by version and language, complete, and never changed."""

import pytest

from interviews.consent import texts
from interviews.consent.texts import current, find
from talenti.errors import Invalid

PUBLISHED = {
    ("2026-11", "de"): "e64cd711bbcaa47b8e75f2d62ede8fd31453f4343fc4340195b84654905e8574",
    ("2026-11", "en"): "ba3741b3ae98edaa194d206ecfc4848592f02df91bb53b1688dc31b7891e2c91",
    ("2026-11", "es"): "886375ce8d57e263c57b7121d761ec4a6a607117895230ab06ed9a8f4e17fed4",
    ("2026-11", "fr"): "5bc7167856a9386a81b981be540d4243bc784fdc0f04b86f4c476a83c6ed140d",
    ("2026-11-23", "de"): "c63d0fea5ed68fb91bfeccd7b04ae5c4da235cb55f2a1a655fd43ab16bace602",
    ("2026-11-23", "en"): "f15ac13013a9fc1b6d2da2a852c7ec0dd38055a86752ece0ebee78cc07afefb9",
    ("2026-11-23", "es"): "0b20657fd4e01ee7a6e47a15505173e04a654f3943bc96c4092445c0b3435d54",
    ("2026-11-23", "fr"): "6bdae0f86c43134a01c46d406842c90f15eaa410d43bd81bc186ee37922c64ba",
}
NEWEST = "2026-11-23"
# What each language says of the machine that may word a question.
FOLLOW_UPS = {
    "de": "Ein Sprachmodell kann eine kurze Nachfrage zu Ihrer Antwort formulieren",
    "en": "A language model may word a short follow-up question to what you answered",
    "es": "Un modelo de lenguaje puede formular una breve pregunta de seguimiento",
    "fr": "Un modèle de langage peut formuler une courte question complémentaire",
}
LANGUAGES = sorted({language for _, language in PUBLISHED})


@pytest.mark.parametrize(("version", "language"), PUBLISHED)
def test_a_published_text_never_changes(version, language):
    # Candidates agreed to these words. Another wording is another version.
    assert find(version, language).sha256 == PUBLISHED[version, language]


def test_every_text_is_held_by_its_hash():
    assert set(texts._texts()) == set(PUBLISHED)


@pytest.mark.parametrize("language", ["en", "EN", "en-GB", "en-us"])
def test_the_current_text_is_found_by_language_or_its_main_language(language):
    consent = current(language)
    assert (consent.version, consent.language) == (NEWEST, "en")


def test_a_text_is_found_by_its_version():
    assert find(NEWEST, "en-GB") == current("en")
    assert find("2026-11", "en-GB").version == "2026-11"


def test_each_purpose_has_its_own_sentence_and_an_assessment_is_never_required():
    consent = current("en")
    assert list(consent.purposes) == ["recording", "transcription", "automated_assessment"]
    assert [s for s in consent.purposes.values() if not s.startswith("I agree that ")] == []
    assert consent.required_purposes == {"recording", "transcription"}


def test_the_text_says_who_records_what_for_how_long_and_that_a_person_decides():
    text = current("en").text
    said = [
        *("{organisation}", "{retention_days} days", "{contact}", "voice is recorded"),
        *("A person at {organisation} reads or hears your answers and takes every decision",),
        *("withdraw your agreement at any time", "deleted", "data protection authority"),
    ]
    assert [words for words in said if words not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_things_in_its_own_words(language):
    text, english = current(language), current("en")
    assert list(text.purposes) == list(english.purposes)
    assert text.required_purposes == english.required_purposes
    assert text.text.count("\n\n") == english.text.count("\n\n") == 5
    for placeholder in ("{organisation}", "{retention_days}", "{contact}"):
        assert text.text.count(placeholder) == english.text.count(placeholder)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_that_a_language_model_may_ask(language):
    assert FOLLOW_UPS[language] in current(language).text
    assert FOLLOW_UPS[language] not in find("2026-11", language).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_newest_version(language):
    assert current(language).version == NEWEST


def test_a_filled_text_has_no_placeholders_left():
    text = current("en").filled(organisation="Acme", contact="hr@acme.example", retention_days=90)
    assert text.startswith("Acme invites you to an interview")
    assert "after 90 days" in text
    assert text.endswith("Contact. hr@acme.example")
    assert "{" not in text


def test_what_is_filled_in_is_not_read_for_placeholders():
    text = current("en").filled(organisation="{contact}", contact="{x} \\1", retention_days=1)
    assert text.startswith("{contact} invites you")
    assert text.endswith("Contact. {x} \\1")


@pytest.mark.parametrize("language", ["", "nl", "xx", "../2026-11/en", "en/", "e\x00n", "*"])
def test_an_unknown_language_is_refused(language):
    with pytest.raises(Invalid) as refusal:
        current(language)
    assert list(refusal.value.errors) == ["language"]


@pytest.mark.parametrize(
    ("version", "language"),
    [("2026-10", "en"), ("", "en"), ("2026-11", "nl"), ("../texts/2026-11", "en"), (".", "")],
)
def test_an_unknown_version_is_refused(version, language):
    with pytest.raises(Invalid) as refusal:
        find(version, language)
    assert list(refusal.value.errors) == ["version"]


def test_the_purposes_cannot_be_changed_by_whoever_reads_them():
    with pytest.raises(TypeError):
        current("en").purposes["recording"] = "anything"  # type: ignore[index]
