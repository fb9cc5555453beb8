"""What an interviewer is: it chooses what is asked next, within the guide's limits."""

from dataclasses import dataclass
from typing import Literal, Protocol

from interviews.guide_body import QuestionBody


@dataclass(frozen=True, slots=True)
class AskedTurn:
    """One turn so far: `question` is its position in the guide, `answer` None while audio only."""

    question: int
    kind: Literal["question", "probe"]
    text: str
    answered: bool
    answer: str | None
    answer_ms: int | None


@dataclass(frozen=True, slots=True)
class Conversation:
    """The guide's questions in order, and the turns that were asked, oldest first."""

    language: str
    questions: tuple[QuestionBody, ...]
    turns: tuple[AskedTurn, ...]


@dataclass(frozen=True, slots=True)
class NextTurn:
    """What to ask next; `source` declares who chose the words."""

    question: int
    kind: Literal["question", "probe"]
    text: str
    source: Literal["planned", "engine"]


class Interviewer(Protocol):
    """Chooses the next turn; never writes rows."""

    name: str

    def check(self) -> list[str]:
        """Return what is missing in its configuration, in sentences; no network."""

    def next_turn(self, conversation: Conversation) -> NextTurn | None:
        """Return the next question or probe, or None when the interview is over."""
