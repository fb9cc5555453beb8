"""The quality gate: whether there is enough of the candidate's own speech to judge anything.

Pure. An interview with nothing in it gets a person's attention, never a score.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import chain
from typing import Protocol

from scoring.evidence import CANDIDATE
from scoring.wording import mark_repeated, mark_shared, normalise, plain_words

# Sounds and polite answers that carry nothing, whatever the question was.
_EMPTY = frozenset(
    plain_words(
        "um uh er ah hmm mm mhm huh well so like just really actually basically okay ok fine good"
        " great yes yeah yep no nope nah sure maybe right alright thanks thank you please sorry"
        " pass skip next nothing hello hi bye"
    )
)


class Verdict(StrEnum):
    """What may happen next; only the first two lead to an assessor."""

    SCORABLE = "scorable"
    WITH_WARNINGS = "scorable_with_warnings"
    NEEDS_CONFIRMATION = "needs_confirmation"
    NOT_SCORABLE = "not_scorable"


class Severity(StrEnum):
    """How a finding bears on the outcome."""

    WARNING = "warning"
    CONFIRM = "confirm"
    BLOCKING = "blocking"


class Heard(Protocol):
    """A recognised segment: its words, and the recogniser's confidence 0 to 1 where it has one."""

    @property
    def text(self) -> str: ...
    @property
    def confidence(self) -> float | None: ...


class Answered(Heard, Protocol):
    """A segment with its speaker and its times in milliseconds."""

    @property
    def speaker(self) -> str: ...
    @property
    def start_ms(self) -> int | None: ...
    @property
    def end_ms(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The limits of the gate: words and seconds of the candidate, and shares from 0 to 1.

    At 130 words a minute `min_own_words` is about 20 s of speech and `warn_own_words` one minute.
    Own words are those left without repetition, without the question read back, and without sounds
    and polite noises. Below `min_confidence` about half of a recogniser's words are wrong.
    """

    min_own_words: int = 40
    warn_own_words: int = 130
    min_different_words: int = 20
    min_seconds: int = 10
    min_confidence: float = 0.65
    warn_confidence: float = 0.8
    min_share_answered: float = 0.25
    warn_share_answered: float = 0.8
    max_repetition: float = 0.5
    warn_repetition: float = 0.25
    max_echo: float = 0.5
    warn_echo: float = 0.25


DEFAULTS = Thresholds()


@dataclass(frozen=True, slots=True)
class Material:
    """What the gate looks at.

    `passages` may hold all speakers. `asked` and `answered` count questions, with `asked` 0 where
    the recording is not divided. `is_draft`: the engine's words need a person. `needs_transcript`:
    the draft was too poor to correct. `confirmed`: a person stands behind the words.
    """

    passages: Sequence[Answered]
    questions: tuple[str, ...]
    asked: int
    answered: int
    engine: str
    is_draft: bool
    needs_transcript: bool = False
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a person should know; the message is a sentence without personal data."""

    code: str
    message: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class GateResult:
    """The outcome, why, and what was measured (JSON-able; shares are strings as 0.00)."""

    outcome: Verdict
    findings: tuple[Finding, ...]
    measures: Mapping[str, int | str | None]


@dataclass(frozen=True, slots=True)
class _Measured:
    words: int
    own_words: int
    different_words: int
    seconds: int | None
    confidence: Fraction | None
    answered: Fraction | None
    repetition: Fraction
    echo: Fraction


def judge_quality(material: Material, thresholds: Thresholds = DEFAULTS) -> GateResult:
    """Decide whether an interview may be scored, from the words of its candidate."""
    measured = _measure(material)
    findings = (
        *_confirmation_findings(material, measured, thresholds),
        *_content_findings(measured, thresholds),
        *_answer_findings(measured, thresholds),
    )
    return GateResult(_outcome(findings), findings, _as_measures(measured))


def _measure(material: Material) -> _Measured:
    spoken = [one for one in material.passages if one.speaker == CANDIDATE]
    words = list(chain.from_iterable(plain_words(normalise(one.text)) for one in spoken))
    again = mark_repeated(words)
    echoed = mark_shared(words, [plain_words(normalise(text)) for text in material.questions])
    own = [
        word
        for word, *not_own in zip(words, again, echoed, strict=True)
        if not any(not_own) and word not in _EMPTY
    ]
    return _Measured(
        words=len(words),
        own_words=len(own),
        different_words=len(set(own)),
        seconds=_seconds(spoken),
        confidence=_mean_confidence(spoken),
        answered=_share(min(material.answered, material.asked), material.asked),
        repetition=_share(sum(again), len(words)) or Fraction(),
        echo=_share(sum(echoed), len(words)) or Fraction(),
    )


def _confirmation_findings(
    material: Material, measured: _Measured, limits: Thresholds
) -> Iterable[Finding]:
    """Yield what speaks against the transcript itself; nothing does once a person confirmed it."""
    if material.confirmed:
        return
    if material.needs_transcript:
        message = "The draft is too unclear to correct. A person has to write the transcript."
        yield Finding("needs_transcript", message, Severity.CONFIRM)
    elif material.is_draft:
        message = f"The transcript is a draft by the engine {material.engine}. Check every word."
        yield Finding("draft", message, Severity.CONFIRM)
    elif measured.confidence is not None and measured.confidence < limits.min_confidence:
        message = "The recogniser was unsure of many words. A person has to confirm them."
        yield Finding("low_confidence", message, Severity.CONFIRM)
    elif measured.confidence is not None and measured.confidence < limits.warn_confidence:
        message = "The recogniser was unsure of some words."
        yield Finding("uncertain_words", message, Severity.WARNING)


def _content_findings(measured: _Measured, limits: Thresholds) -> Iterable[Finding]:
    """Yield what is missing in the candidate's words."""
    if measured.words == 0:
        yield _blocking("no_speech", "No words of the candidate were found.")
        return
    yield from _over(measured.repetition, (limits.warn_repetition, limits.max_repetition), _AGAIN)
    yield from _over(measured.echo, (limits.warn_echo, limits.max_echo), _ECHO)
    if measured.own_words < limits.min_own_words:
        message = "The candidate said too little in their own words to be judged."
        yield _blocking("too_few_words", message)
    elif measured.different_words < limits.min_different_words:
        yield _blocking("too_few_different_words", "The answers consist of a few words.")
    elif measured.own_words < limits.warn_own_words:
        yield _warning("few_words", "The candidate said little. Levels rest on few words.")
    if measured.seconds is not None and measured.seconds < limits.min_seconds:
        yield _blocking("too_short", "The candidate spoke for too few seconds.")


def _answer_findings(measured: _Measured, limits: Thresholds) -> Iterable[Finding]:
    """Yield what is missing in the answers to the questions that were asked."""
    if measured.answered is None:
        return
    if measured.answered < limits.min_share_answered:
        yield _blocking("unanswered", "Almost none of the questions that were asked was answered.")
    elif measured.answered < limits.warn_share_answered:
        yield _warning("partly_answered", "Not all of the questions that were asked were answered.")


_AGAIN = ("repetition", "The same words come again and again.")
_ECHO = ("echo_of_question", "The questions are read back.")


def _over(share: Fraction, limits: tuple[float, float], what: tuple[str, str]) -> Iterable[Finding]:
    warn, most = limits
    if share > most:
        yield _blocking(*what)
    elif share > warn:
        yield _warning(*what)


def _blocking(code: str, message: str) -> Finding:
    return Finding(code, message, Severity.BLOCKING)


def _warning(code: str, message: str) -> Finding:
    return Finding(code, message, Severity.WARNING)


def _outcome(findings: Iterable[Finding]) -> Verdict:
    """Words that nobody confirmed are confirmed first: how thin they are is known only then."""
    severities = {finding.severity for finding in findings}
    if Severity.CONFIRM in severities:
        return Verdict.NEEDS_CONFIRMATION
    if Severity.BLOCKING in severities:
        return Verdict.NOT_SCORABLE
    return Verdict.WITH_WARNINGS if severities else Verdict.SCORABLE


def _seconds(spoken: Iterable[Answered]) -> int | None:
    """Return the whole seconds of speech, None where times are unknown (typed answers)."""
    times = [
        max(one.end_ms - one.start_ms, 0)
        for one in spoken
        if one.start_ms is not None and one.end_ms is not None
    ]
    return sum(times) // 1000 if times else None


def _mean_confidence(segments: Iterable[Heard]) -> Fraction | None:
    weighed = [
        (len(plain_words(normalise(one.text))), Fraction(one.confidence))
        for one in segments
        if one.confidence is not None
    ]
    words = sum(count for count, _ in weighed)
    return sum((count * sure for count, sure in weighed), Fraction()) / words if words else None


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def _as_measures(measured: _Measured) -> dict[str, int | str | None]:
    return {
        "words": measured.words,
        "own_words": measured.own_words,
        "different_words": measured.different_words,
        "seconds": measured.seconds,
        "mean_confidence": _as_text(measured.confidence),
        "share_answered": _as_text(measured.answered),
        "repetition": _as_text(measured.repetition),
        "echo": _as_text(measured.echo),
    }


def _as_text(share: Fraction | None) -> str | None:
    return None if share is None else f"{float(share):.2f}"
