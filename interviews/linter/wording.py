"""The rules of wording: protected topics, leading, double-barrelled and closed questions."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from interviews.guide_body import Objection

_RULES = Path(__file__).parent / "rules" / "en.toml"
# Single quotation marks, the grave accent and the two Unicode hyphens.
_STRAIGHT = str.maketrans("\u2018\u2019\u201b`\u2010\u2011", "''''--")
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")
# Stands where an ordinary phrase was: it is no word, so nothing reads across it.
_BLANK = "~"
# In scripts that put no spaces between words, every character counts as one.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\d_]+(?:['-][^\W\d_]+)*")
# An anchor says what is observed: fewer words cannot.
MIN_ANCHOR_WORDS = 4


@dataclass(frozen=True, slots=True)
class _Topic:
    name: str
    message: str
    asks: re.Pattern[str]
    unless: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class _Rules:
    """Everything of rules/en.toml, compiled; each pattern matches when any of its lines does."""

    ordinary: re.Pattern[str]
    topics: tuple[_Topic, ...]
    messages: Mapping[str, str]
    leading: re.Pattern[str]
    double: re.Pattern[str]
    ask: re.Pattern[str]
    closed: re.Pattern[str]
    closed_unless: re.Pattern[str]
    grades: frozenset[str]


def question_objections(path: str, text: str) -> Iterator[Objection]:
    """Yield what is wrong with the wording of a question, the absolute rules first."""
    yield from probe_objections(path, text)
    if _is_closed(normalise(text)):
        yield _style(path, "closed")


def probe_objections(path: str, text: str) -> Iterator[Objection]:
    """Yield what is wrong with the wording of a probe: it may be closed, "Did it last?" is fair."""
    plain = normalise(text)
    yield from _protected(path, plain)
    if _is_leading(plain):
        yield _style(path, "leading")
    if _is_double_barrelled(plain):
        yield _style(path, "double_barrelled")


def describes_behaviour(anchor: str) -> bool:
    """Whether an anchor is more than a grade such as "Exceeds expectations"."""
    words = _WORD.findall(normalise(anchor))
    return len(words) >= MIN_ANCHOR_WORDS and any(word not in _rules().grades for word in words)


def normalise(text: str) -> str:
    """Return `text` as the patterns expect it.

    Invisible characters go, since a zero-width space inside a word would hide it from every rule.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_STRAIGHT)
    visible = "".join(char for char in folded if unicodedata.category(char) != "Cf")
    return " ".join(visible.split())


def _protected(path: str, plain: str) -> Iterator[Objection]:
    rules = _rules()
    text = rules.ordinary.sub(_BLANK, plain)
    for topic in rules.topics:
        if topic.asks.search(text) and not (topic.unless and topic.unless.search(text)):
            yield Objection(path, f"protected_{topic.name}", topic.message, overridable=False)


def _style(path: str, rule: str) -> Objection:
    return Objection(path, rule, _rules().messages[rule], overridable=True)


def _is_leading(plain: str) -> bool:
    return any(_rules().leading.search(sentence) for sentence in _sentences(plain))


def _is_double_barrelled(plain: str) -> bool:
    sentences = _sentences(plain)
    asks = sum(1 for sentence in sentences if _asks(sentence))
    return asks > 1 or any(_rules().double.search(sentence) for sentence in sentences)


def _is_closed(plain: str) -> bool:
    rules = _rules()
    return any(
        rules.closed.search(sentence) and not rules.closed_unless.search(sentence)
        for sentence in _sentences(plain)
        if sentence.endswith("?")
    )


def _asks(sentence: str) -> bool:
    return sentence.endswith("?") or bool(_rules().ask.search(sentence))


def _sentences(plain: str) -> list[str]:
    return _SENTENCE_END.split(plain)


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    data = tomllib.loads(_RULES.read_text(encoding="utf-8"))
    words: dict[str, str] = data["words"]
    styles = ("leading", "double_barrelled", "closed")
    return _Rules(
        ordinary=_any_of(data["ordinary"]["patterns"], words),
        topics=tuple(_topic(entry, words) for entry in data["protected"]),
        messages={style: data[style]["message"] for style in styles},
        leading=_any_of(data["leading"]["patterns"], words),
        double=_any_of(data["double_barrelled"]["patterns"], words),
        ask=_any_of([data["double_barrelled"]["ask"]], words),
        closed=_any_of(data["closed"]["patterns"], words),
        closed_unless=_any_of(data["closed"]["unless"], words),
        grades=frozenset(data["anchors"]["grades"].split()),
    )


def _topic(entry: Mapping[str, Any], words: Mapping[str, str]) -> _Topic:
    return _Topic(
        name=entry["topic"],
        message=entry["message"],
        asks=_any_of(entry["patterns"], words),
        unless=_any_of([entry["unless"]], words) if "unless" in entry else None,
    )


def _any_of(patterns: Iterable[str], words: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{_expand(pattern, words)})" for pattern in patterns))


def _expand(pattern: str, words: Mapping[str, str]) -> str:
    for name, meaning in words.items():
        pattern = pattern.replace("{" + name + "}", meaning)
    return pattern
