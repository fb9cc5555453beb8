"""Scripted candidates: what they do at each point of a call. See scripts/README.md."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

DEFAULT = "cooperative"
SILENCE = "silence"
_SCRIPTS = Path(__file__).parent / "scripts"
_KINDS = frozenset({"key", "say", "interrupt", "silence", "noise", "hang_up", "cut_off", "fault"})


@dataclass(frozen=True, slots=True)
class Reply:
    """One thing that a candidate does. `value` is the key, the words or the provider's code."""

    kind: str
    value: str = ""
    seconds: float = 0.0  # how long it lasts, where that is not the length of the words

    @classmethod
    def read(cls, written: str) -> "Reply":
        """Read `say: words`, `key: 1`, `silence`, `hang_up`, `fault: 8565`, `say 600: words`.

        ValueError for anything else.
        """
        head, _, value = written.partition(":")
        kind, _, seconds = head.strip().partition(" ")
        if kind not in _KINDS:
            message = f"Nobody can do {kind!r}."
            raise ValueError(message)
        return cls(kind, value.strip(), float(seconds or 0))


Replies = tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """A candidate. Each list of replies is gone through; its last one stays.

    `rings` is the network's code where nobody picks up; `answers` holds for each question of the
    guide, in order, what is done at it, and begins again when it is through; `said_to` holds what
    is done at a question with exactly these words.
    """

    name: str
    number: str
    about: str
    rings: str = ""
    greeting: Replies = (Reply("key", "1"),)
    consent: Replies = (Reply("say", "yes"),)
    assessment: Replies = (Reply("key", "1"),)
    recording: Replies = ()
    answers: tuple[Replies, ...] = ()
    said_to: Mapping[str, Replies] = field(default_factory=dict)

    def at_question(self, place: int, text: str) -> Replies:
        """Return what is done at a question: its place (from 0) in the call, its last sentence."""
        for known, replies in self.said_to.items():
            if known.endswith(text):
                return replies
        if self.said_to or not self.answers:
            return (Reply("key", "#"),)  # a question that nobody prepared for is passed over
        return self.answers[place % len(self.answers)]


_sources: list[Callable[[], Iterable[Script]]] = []


def add_scripts(source: Callable[[], Iterable[Script]]) -> None:
    """Let `source` know more candidates; it is asked when the first number is dialled."""
    _sources.append(source)
    _all.cache_clear()


def script_names() -> list[str]:
    """Return the names of all scripts."""
    return sorted(_all())


def script_named(name: str) -> Script:
    """Return a script by its name; KeyError for an unknown one."""
    return _all()[name]


def script_of(number: str) -> Script:
    """Return who picks up at this number: every number that is no script's reaches the default."""
    found = (script for script in _all().values() if script.number == number)
    return next(found, _all()[DEFAULT])


def is_fictional(number: str) -> bool:
    """Return whether the number is a script's own, so that no person can be meant."""
    return any(script.number == number for script in _all().values())


@cache
def _all() -> Mapping[str, Script]:
    own = [_read(path) for path in sorted(_SCRIPTS.glob("*.toml"))]
    others = [script for take in _sources for script in take()]
    return {script.name: script for script in (*own, *others)}


def _read(path: Path) -> Script:
    data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    read: dict[str, Any] = {
        name: _replies(data.pop(name))
        for name in ("greeting", "consent", "assessment", "recording")
        if name in data
    }
    read["answers"] = tuple(map(_replies, data.pop("answers", ())))
    return Script(name=path.stem, **read, **data)


def _replies(written: list[str]) -> Replies:
    return tuple(map(Reply.read, written))
