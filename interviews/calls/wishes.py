"""What a candidate wishes for, by a key or by words that are the wish and nothing else."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType

_PHRASES = Path(__file__).parent / "phrases"
_NOT_WORDS = re.compile(r"[^\w]+")
_LONGEST = 120  # characters: nobody wishes for so long
YES_TO_CONSENT, NO_TO_CONSENT, WRONG_NUMBER_KEY = "1", "2", "9"


class Wish(StrEnum):
    """What may be wished for; yes and no are answers to a question of ours."""

    YES = "yes"
    NO = "no"
    REPEAT = "repeat"
    SKIP = "skip"
    MOMENT = "moment"
    STOP = "stop"
    NEVER_CALL = "never_call"
    WRONG_NUMBER = "wrong_number"


_TONES = {"*": Wish.REPEAT, "#": Wish.SKIP, "0": Wish.MOMENT}
_CONSENT_TONES = {
    "*": Wish.REPEAT,
    YES_TO_CONSENT: Wish.YES,
    NO_TO_CONSENT: Wish.NO,
    WRONG_NUMBER_KEY: Wish.WRONG_NUMBER,
}


class _Phrases:
    """The phrases of one language, as lists of plain words."""

    def __init__(self, data: Mapping[str, object]) -> None:
        self.wishes: dict[tuple[str, ...], Wish | None] = {
            **dict.fromkeys(_plain_all(data["polite"])),
            **_by_words(data["wishes"]),
        }
        self.polite = frozenset(_plain_all(data["polite"]))
        self.longest = max(map(len, self.wishes))

    def find(self, words: tuple[str, ...]) -> Wish | None:
        """Return the one wish that the words say, perhaps twice, and politely, but nothing else."""
        found: list[set[Wish | None]] = [{None}, *(set() for _ in words)]  # up to each word
        for start in range(len(words)):
            for end in range(start + 1, min(start + self.longest, len(words)) + 1):
                found[end] |= self._with(found[start], words[start:end])
        said = found[-1] - {None}
        return said.pop() if len(said) == 1 else None

    def _with(self, before: set[Wish | None], phrase: tuple[str, ...]) -> set[Wish | None]:
        """Return what is wished for with one more phrase: two different wishes are none."""
        after = set(before) if phrase in self.polite else set()
        wish = self.wishes.get(phrase)
        return after | {wish} if wish and before & {None, wish} else after


def wish_of(words: str, language: str) -> Wish | None:
    """Return what a whole utterance wishes for in `language` (or English), or None.

    Words within an answer never count: "I had to repeat the test" is no wish.
    """
    if len(words) > _LONGEST:
        return None
    plain = _plain(words)
    if len(plain) > 14:
        return None
    spoken = language.split("-")[0].lower()
    for tag in dict.fromkeys((spoken, "en")):
        found = _phrases()[tag].find(plain) if tag in _phrases() else None
        if found is not None:
            return found
    return None


def wish_of_tone(tones: str) -> Wish | None:
    """Return what a key wishes for while a question is asked: the last one pressed counts."""
    return _TONES.get(tones[-1:])


def consent_of_tone(tones: str) -> Wish | None:
    """Return what a key says to a question of consent; several that differ say nothing."""
    return _CONSENT_TONES.get(tones[0]) if tones and len(set(tones)) == 1 else None


@cache
def _phrases() -> Mapping[str, _Phrases]:
    found = {path.stem: path.read_text(encoding="utf-8") for path in _PHRASES.glob("*.toml")}
    return MappingProxyType({tag: _Phrases(tomllib.loads(text)) for tag, text in found.items()})


def _plain(text: str) -> tuple[str, ...]:
    """Return the words without case, accents and marks."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return tuple(_NOT_WORDS.sub(" ", bare).split())


def _plain_all(phrases: object) -> list[tuple[str, ...]]:
    if not isinstance(phrases, list):
        raise TypeError("phrases are a list")
    return [_plain(phrase) for phrase in phrases]


def _by_words(wishes: object) -> dict[tuple[str, ...], Wish]:
    if not isinstance(wishes, dict):
        raise TypeError("wishes are a table")
    found = [(_plain(phrase), Wish(name)) for name, phrases in wishes.items() for phrase in phrases]
    return dict(found)
