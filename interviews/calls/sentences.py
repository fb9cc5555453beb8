"""The fixed sentences of a call, in every language it can be held in."""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from interviews.calls.plan import Plan

CHUNK = 400  # characters that are spoken at once
_TEXTS = Path(__file__).parent / "texts"
_PLACEHOLDER = re.compile(r"\{(organisation|job|contact|retention_days)\}")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


@dataclass(frozen=True, slots=True)
class SpokenConsent:
    """What is agreed to on the phone, as written: before anything is filled in.

    `sha256` (hex) is over everything the others hold.
    """

    version: str
    language: str
    recording_question: str
    assessment_question: str
    sha256: str


@dataclass(frozen=True, slots=True)
class _Language:
    consent: SpokenConsent
    sentences: Mapping[str, str]


def languages() -> tuple[str, ...]:
    """Return the main languages that calls can be held in, as BCP 47 tags."""
    return tuple(sorted(_languages()))


def spoken_consent(language: str) -> SpokenConsent:
    """Return what is asked in `language` (`en` for `en-GB`). Raises ValueError without texts."""
    return _texts(language).consent


def say(plan: Plan, *names: str) -> str:
    """Return these sentences as they are spoken in the call.

    What is filled in is never read for placeholders. Raises ValueError for a language without
    texts.
    """
    texts = _texts(plan.language)
    consent = texts.consent
    questions = {
        "recording_question": consent.recording_question,
        "assessment_question": consent.assessment_question,
    }
    written = " ".join({**questions, **texts.sentences}[name] for name in names if name)
    values = {
        "organisation": plan.organisation,
        "job": plan.job,
        "contact": plan.contact,
        "retention_days": str(plan.retention_days),
    }
    return _PLACEHOLDER.sub(lambda found: values[found[1]], written)


def split_speech(text: str, longest: int = CHUNK) -> list[str]:
    """Return the text in pieces of at most `longest` characters that can be spoken one by one.

    It is cut between sentences, else between words, and within a word only if it has to be.
    """
    pieces = [part for one in _SENTENCE_END.split(text.strip()) for part in _short(one, longest)]
    return _joined(pieces, longest)


def _short(sentence: str, longest: int) -> list[str]:
    if len(sentence) <= longest:
        return [sentence] if sentence else []
    words = [
        word[start : start + longest]
        for word in sentence.split()
        for start in range(0, len(word), longest)
    ]
    return _joined(words, longest)


def _joined(pieces: list[str], longest: int) -> list[str]:
    chunks: list[str] = []
    for piece in pieces:
        if chunks and len(chunks[-1]) + 1 + len(piece) <= longest:
            chunks[-1] = f"{chunks[-1]} {piece}"
        else:
            chunks.append(piece)
    return chunks


def _texts(language: str) -> _Language:
    found = _languages().get(language.split("-")[0].lower())
    if found is None:
        raise ValueError("There are no sentences in this language.")
    return found


@cache
def _languages() -> Mapping[str, _Language]:
    """Return every language's texts; a name from outside is never a path."""
    return MappingProxyType({path.stem: _read(path) for path in sorted(_TEXTS.glob("*.toml"))})


def _read(path: Path) -> _Language:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    asked = data["consent"]
    recording, assessment = asked["recording_question"], asked["assessment_question"]
    written = json.dumps([asked["version"], path.stem, recording, assessment])
    consent = SpokenConsent(
        version=asked["version"],
        language=path.stem,
        recording_question=recording,
        assessment_question=assessment,
        sha256=hashlib.sha256(written.encode()).hexdigest(),
    )
    return _Language(consent, MappingProxyType(data["sentences"]))
