"""What an assessor is: one competency and the candidate's words in, a level with quotes out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word as the recogniser heard it; times are ms. What holds is the passage's text."""

    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Passage:
    """One segment of the transcript; `number` counts from 1 within the request, times are ms.

    `question` is the number of the asked question it answers (from 1), None where it is not known.
    `words` tell when each word was said, where the recogniser did; they are for no prompt.
    """

    number: int
    speaker: str
    text: str
    question: int | None
    start_ms: int | None
    end_ms: int | None
    confidence: float | None = None
    words: tuple[TimedWord, ...] = ()


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything an assessor may know about one competency: no name of the candidate.

    It holds no answers to other competencies' questions either.
    `passages` answer this competency's questions, or are not linked to any question.
    `confirmed` says that a person or a trusted engine stands behind the words.
    """

    competency: str
    name: str
    description: str
    anchors: Mapping[int, str]
    questions: tuple[str, ...]
    passages: tuple[Passage, ...]
    language: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """A quote the assessor says it found: in which passage, and what it shows."""

    passage: int
    quote: str
    shows: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """The assessor's answer for one competency.

    `level` is 1 to 5, or None for not assessed with `reason` a short code and `rationale` the
    sentence. `flags` name what a person should look at (for example `instruction_like_text`); they
    never change a level. `levels` are those of each sample, where there were several.
    """

    level: int | None
    reason: str
    rationale: str
    claims: tuple[Claim, ...]
    flags: tuple[str, ...] = ()
    levels: tuple[int | None, ...] = ()
    raw: str = ""
    findings: Mapping[str, Any] = field(default_factory=dict)
    model: str = ""
    prompt_version: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    input_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of a provider as it is remembered; `finish` other than stop: it is not whole."""

    text: str
    finish: str
    model: str
    input_tokens: int
    output_tokens: int


class Memory(Protocol):
    """What was paid for already by the same work, so that a second try pays nothing twice."""

    def once(self, sample: int, question: str, ask: Callable[[], Reply]) -> Reply:
        """Return the known reply to `question` (a hash) in `sample` (from 1), or ask and keep it.

        No transaction is open while it asks. Whatever `ask` raises passes, and nothing is kept.
        """


class NoMemory:
    """Asks every time."""

    def once(self, sample: int, question: str, ask: Callable[[], Reply]) -> Reply:
        return ask()


NO_MEMORY = NoMemory()


class Assessor(Protocol):
    """Judges one competency at a time; never writes rows and never gives an overall."""

    name: str
    gives_overall: bool

    @property
    def label(self) -> str:
        """Return a true sentence that is shown wherever its results are shown."""

    def check(self) -> list[str]:
        """Return what is missing in its configuration, in sentences; no network."""

    def assess(self, brief: Brief, memory: Memory = NO_MEMORY) -> Judgement:
        """Return the judgement of one competency; raises PermanentFailure or RetryLater.

        An engine whose answers cost money asks for each through `memory`.
        """
