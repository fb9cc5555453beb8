import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.wording import (
    Phrases,
    fold,
    is_within_word,
    mark_repeated,
    mark_shared,
    normalise,
    plain_words,
    split_words,
)

HARD = (
    "aZ é\u0301ß\ufb01\u0130\u0149\u1f80\u0345\u00bd\u200b\u202e\u00ad\u2019'\u2014-\u2026.3,%"
    "\n\t\u00a0\uac00\u1100\u1161\u11a8\uff76\uff9e\u4e2d\U0001f600\ufe0f\x00\u3000"
)
TEXTS = st.text(st.sampled_from(HARD) | st.characters(), max_size=60)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("  I  led\n the\tTEAM ", "i led the team"),
        ("I\u2019d say \u201cyes\u201d \u2013 now", 'i\'d say "yes" - now'),
        ("stra\u00dfe \ufb01ne \uff21\uff22", "strasse fine ab"),
        ("caf\u00e9", normalise("cafe\u0301")),
        ("sa\u200bfe\u202e \u2066ty\u2069 co\u00adop", "safe ty coop"),
        ("\uac01", normalise("\u1100\u1161\u11a8")),
        ("\x00\u200b", ""),
    ],
)
def test_normalise_makes_what_reads_the_same_the_same(text, same):
    assert normalise(text) == same


@given(TEXTS)
def test_normalise_does_not_tell_composed_from_decomposed_text(text):
    composed = unicodedata.normalize("NFC", text)
    decomposed = unicodedata.normalize("NFD", text)
    assert normalise(composed) == normalise(decomposed)


@given(TEXTS)
def test_fold_maps_every_character_into_the_original(text):
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert folded.starts == sorted(folded.starts)
    assert all(
        0 <= start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True)
    )
    assert folded.text == folded.text.strip()
    assert "  " not in folded.text


@given(TEXTS)
def test_split_words_point_at_their_own_characters(text):
    for word in split_words(text):
        assert word.text in normalise(text[word.start : word.end])


def test_split_words_keeps_contractions_and_numbers_whole_and_marks_pauses():
    words = split_words("I can't cut 3.5%, so we paid $2,000. Done")
    assert [word.text for word in words] == [
        "i",
        "can't",
        "cut",
        "3.5",
        "%",
        "so",
        "we",
        "paid",
        "$",
        "2,000",
        "done",
    ]
    assert [word.text for word in words if word.stops] == ["2,000"]
    assert [word.text for word in words if word.pauses] == ["%"]


def test_split_words_counts_two_characters_without_spaces_as_a_word():
    assert plain_words(normalise("\u6211\u4fee\u597d\u4e86\u670d\u52a1\u5668")) == [
        "\u6211\u4fee",
        "\u597d\u4e86",
        "\u670d\u52a1",
        "\u5668",
    ]


@pytest.mark.parametrize(
    ("text", "position", "within"),
    [
        ("what i can't do", 10, True),
        ("what i can't do", 11, True),
        ("what i can't do", 12, False),
        ("by 3.5 percent", 4, True),
        ("so, then", 2, False),
        ("he said 'go on'", 9, False),
        ("well-known", 4, False),
        ("word", 0, False),
        ("word", 4, False),
        ("\u4e2d\u6587", 1, False),
    ],
)
def test_is_within_word(text, position, within):
    assert is_within_word(text, position) is within


def test_mark_shared_marks_runs_of_four():
    words = plain_words("well tell me about a time i fixed it")
    marked = mark_shared(words, [plain_words("tell me about a time when")])
    assert [word for word, mark in zip(words, marked, strict=True) if mark] == [
        "tell",
        "me",
        "about",
        "a",
        "time",
    ]
    assert mark_shared(words, []) == [False] * len(words)


def test_mark_repeated_leaves_the_first_time_alone():
    words = plain_words("i like the work and i like the work a lot")
    assert mark_repeated(words) == [False] * 5 + [True] * 4 + [False] * 2


def test_phrases_find_the_longest_choice_with_wildcards_and_numbers():
    phrases = Phrases("from # (#|) to #", "cut by (half|#)", "led * team", "cut")
    words = plain_words("i cut by half from forty five to 12 and led our team then cut")
    found = [" ".join(words[first:behind]) for first, behind in phrases.find(words)]
    assert found == ["cut by half", "from forty five to 12", "led our team", "cut"]


@pytest.mark.parametrize("phrase", ["", "* led", "(|a)"])
def test_phrases_refuse_what_cannot_be_looked_up(phrase):
    with pytest.raises(ValueError, match="begins with a word"):
        list(Phrases(phrase).find(["led"]))


@pytest.mark.parametrize(
    "text",
    [
        "a\u0301" * 100_000,
        "a" + "\u0301\u0323" * 100_000,
        "'" * 200_000,
        "3." * 100_000,
        "\u200b" * 200_000,
        " " * 200_000,
        "\ufdfa" * 10_000,
        "ab " * 66_000,
    ],
    ids=[
        "accents",
        "one long cluster",
        "quotes",
        "numbers",
        "unseen",
        "space",
        "ligature",
        "words",
    ],
)
@pytest.mark.no_cover
def test_folding_takes_linear_time_for_hostile_text(text):
    began = time.process_time()
    split_words(text)
    assert time.process_time() - began < 4
