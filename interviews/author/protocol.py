"""What an author is: it drafts a guide from a job description, for a person to edit."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from interviews.guide_body import GuideBody


@dataclass(frozen=True, slots=True)
class GuideDraft:
    """A drafted guide and, per competency key, the words of the description that led to it.

    `tokens` and `cost` (US dollars) are what a provider was paid for it, 0 without one.
    """

    body: GuideBody
    label: str
    because: dict[str, tuple[str, ...]]
    tokens: int = 0
    cost: Decimal = Decimal(0)


class Author(Protocol):
    """Drafts guides; never writes rows and never publishes."""

    name: str
    immediate: bool  # True: fast enough to answer within the request; else it is asked by a worker

    @property
    def label(self) -> str:
        """Return a sentence that is shown wherever its drafts are, and true."""

    def check(self) -> list[str]:
        """Return what is missing in its configuration, in sentences; no network."""

    def draft(self, *, title: str, description: str, language: str) -> GuideDraft:
        """Return a draft guide for one position; raises PermanentFailure or RetryLater."""
