"""The author that needs no network: it assembles a draft, by rule, from a competency library."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from interviews.author.competencies import Entry, load_library
from interviews.author.protocol import GuideDraft
from interviews.guide_body import MAX_TITLE, CompetencyBody, GuideBody, QuestionBody
from talenti.errors import PermanentFailure

# Shown wherever a draft of this author is.
LABEL = "Offline draft: assembled by rule from a competency library. Edit before publishing."
COMPETENCIES = 5
MIN_QUESTIONS = 6
MAX_QUESTIONS = 8
# A competency that so many different words point to counts double and is asked about twice.
CLEARLY_NAMED = 3
# Code points of a description that are read; a longer one names nothing new.
MAX_READ = 20_000

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class _Choice:
    entry: Entry
    words: tuple[str, ...]

    @property
    def clearly_named(self) -> bool:
        return len(self.words) >= CLEARLY_NAMED


class OfflineAuthor:
    """Chooses the five competencies that most words of a description point to.

    Where it names fewer than five, the library's core competencies fill up and `because` is empty
    for them. The same description always gives the same draft.
    """

    name = "offline"
    immediate = True
    label = LABEL

    def check(self) -> list[str]:
        """Return nothing: it has no configuration."""
        return []

    def draft(self, *, title: str, description: str, language: str) -> GuideDraft:
        """Return a draft of six to eight questions.

        Raises PermanentFailure (`language_not_supported`) for any language but English.
        """
        if re.split("[-_]", language)[0].lower() != "en":
            message = "The offline author writes English only. Write this guide by hand."
            raise PermanentFailure(message, code="language_not_supported")
        choices = _choose(f"{title}\n{description}"[:MAX_READ])
        body = GuideBody(
            title=_UNPRINTABLE.sub(" ", title).strip()[:MAX_TITLE],
            language=language.replace("_", "-"),
            competencies=tuple(_competency(choice) for choice in choices),
            questions=_questions(choices),
        )
        return GuideDraft(body, LABEL, {choice.entry.key: choice.words for choice in choices})


def _choose(text: str) -> list[_Choice]:
    """Return five choices, the most clearly named first; the library's order breaks a tie."""
    found = [_Choice(entry, _cue_words(entry, text)) for entry in load_library()]
    named = sorted((choice for choice in found if choice.words), key=_by_words)[:COMPETENCIES]
    spare = sorted((choice for choice in found if not choice.words), key=_by_core)
    return named + spare[: COMPETENCIES - len(named)]


def _by_words(choice: _Choice) -> int:
    return -len(choice.words)


def _by_core(choice: _Choice) -> int:
    return choice.entry.core or COMPETENCIES + 1


def _cue_words(entry: Entry, text: str) -> tuple[str, ...]:
    """Return the different words of `text` that point to the competency, in order."""
    words = (" ".join(match.group().lower().split()) for match in entry.cues.finditer(text))
    return tuple(dict.fromkeys(words))


def _competency(choice: _Choice) -> CompetencyBody:
    entry = choice.entry
    return CompetencyBody(
        key=entry.key,
        name=entry.name,
        description=entry.description,
        weight=Decimal(2 if choice.clearly_named else 1),
        must_have_level=None,
        anchors=entry.anchors,
    )


def _questions(choices: list[_Choice]) -> tuple[QuestionBody, ...]:
    """Ask once about each competency, and again about one to three of them, in their order."""
    again = sum(choice.clearly_named for choice in choices)
    twice = min(max(again, MIN_QUESTIONS - COMPETENCIES), MAX_QUESTIONS - COMPETENCIES)
    counts: Iterable[int] = (2 if place < twice else 1 for place in range(len(choices)))
    return tuple(
        question
        for choice, count in zip(choices, counts, strict=True)
        for question in choice.entry.questions[:count]
    )
