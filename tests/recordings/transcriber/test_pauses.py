"""Utterances: cut at pauses, never too long, nothing lost that was speech."""

from hypothesis import given
from hypothesis import strategies as st

from recordings.transcriber.pauses import PauseRules, Utterance, split_at_pauses

RULES = PauseRules(pause=4, padding=1, least_speech=2, longest=12)


def split(heard: str, rules: PauseRules = RULES) -> list[tuple[int, str]]:
    """Read capitals as speech and small letters as silence; return start and frames of each."""
    frames = ((letter.encode(), letter.isupper()) for letter in heard)
    return [(cut.start, b"".join(cut.frames).decode()) for cut in split_at_pauses(frames, rules)]


def test_silence_holds_no_utterance() -> None:
    assert split("abcdefgh") == []


def test_short_noise_is_no_utterance() -> None:
    assert split("abcDefghijk") == []


def test_speech_keeps_a_little_silence_around_it() -> None:
    assert split("abcDEFghijklm") == [(2, "cDEFg")]


def test_long_pause_makes_two_utterances() -> None:
    assert split("ABCdefghIJK") == [(0, "ABCd"), (7, "hIJK")]


def test_short_pause_makes_none() -> None:
    assert split("ABCdefGHI") == [(0, "ABCdefGHI")]


def test_long_speech_is_cut_in_its_longest_pause() -> None:
    assert split("ABcDEfghIJKLMNO") == [(0, "ABcDEfg"), (7, "hIJKLMNO")]


def test_speech_without_a_pause_is_cut_hard() -> None:
    assert split("ABCDEFGHIJKLMNOP") == [(0, "ABCDEFGHIJKL"), (12, "MNOP")]


def test_frames_pass_unchanged() -> None:
    assert list(split_at_pauses([(b"x", True), (b"y", True)], RULES)) == [
        Utterance(0, (b"x", b"y"))
    ]


@given(st.lists(st.booleans(), max_size=300))
def test_utterances_are_short_apart_and_in_their_place(speech: list[bool]) -> None:
    numbered = [(number.to_bytes(2, "big"), heard) for number, heard in enumerate(speech)]
    end = 0
    for utterance in split_at_pauses(numbered, RULES):
        assert utterance.start >= end
        assert 0 < len(utterance.frames) <= RULES.longest
        end = utterance.start + len(utterance.frames)
        assert [frame for frame, _ in numbered[utterance.start : end]] == list(utterance.frames)


@given(st.lists(st.sampled_from(["ABC", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcd", "a"]), max_size=20))
def test_no_speech_of_some_length_is_lost(parts: list[str]) -> None:
    heard = "".join(parts)
    kept = "".join(text for _, text in split(heard))
    speech = [letter for letter in heard if letter.isupper()]
    lost = len(speech) - sum(letter.isupper() for letter in kept)
    assert lost < RULES.least_speech * (1 + len(parts))
