"""Finds the elements of an answer: which cue stands where."""

from collections.abc import Iterator, Sequence

from scoring.assessor import cues
from scoring.assessor.actions import find_own_actions, is_action
from scoring.assessor.answer import Answer, Hit, is_echo, is_whole, words_after, words_before

_REACH = 14  # words from a change to its number
_OPENING = 80  # words; a situation is told at the beginning


def find_hits(answer: Answer) -> list[Hit]:
    """Return every cue in the candidate's own words, in order."""
    actions = list(find_own_actions(answer))
    acted = actions[0].first if actions else len(answer.words)
    found = (
        *actions,
        *_phrase_hits(answer),
        *_context(answer, acted),
        *_outcomes(answer, acted),
        *_measures(answer, acted),
    )
    return sorted(hit for hit in found if not is_echo(answer, hit))


def _phrase_hits(answer: Answer) -> Iterator[Hit]:
    for element, phrases in cues.PHRASES.items():
        for first, behind in phrases.find(answer.words):
            if is_whole(answer, first, behind) and _counts(answer, element, first, behind):
                yield Hit(element, first, behind)


def _counts(answer: Answer, element: str, first: int, behind: int) -> bool:
    """Whether the cue tells of something that happened, not of what would or did not."""
    if element == cues.TEAM:
        return is_action(answer.words[behind - 1])
    if element not in {cues.SITUATION, cues.RESULT}:
        return True
    if _any_in(cues.UNREAL, (*words_before(answer, first, 3), *words_after(answer, behind, 3))):
        return False
    return not _any_in(cues.NEGATIONS, words_before(answer, first, 2))


def _context(answer: Answer, acted: int) -> Iterator[Hit]:
    """Find a past event with somebody else or something as its subject, before the first deed."""
    if acted == len(answer.words):
        return
    for at in range(1, min(acted, _OPENING)):
        word, before = answer.words[at], words_before(answer, at, 4)
        told = word in cues.PAST_FORMS or is_action(word)
        if told and _any_in(cues.TOLD_SUBJECTS, before) and not _any_in(cues.UNREAL, before):
            yield Hit(cues.SITUATION, at - len(before), at + 1)
            return


def _outcomes(answer: Answer, acted: int) -> Iterator[Hit]:
    """Find what became of it: after a deed, somebody else or something with a verb of outcome."""
    for at in range(acted + 1, len(answer.words)):
        if answer.words[at] in cues.OUTCOMES:
            before = words_before(answer, at, 4)
            if _has_other_subject(before) and not _any_in(cues.UNREAL, before):
                yield Hit(cues.RESULT, at - len(before), at + 1)


def _has_other_subject(before: Sequence[str]) -> bool:
    for word in reversed(before):
        if word in cues.FIRST_PERSON or word in cues.NEGATIONS - {"nobody"}:
            return False
        if word in cues.TOLD_SUBJECTS:
            return True
    return False


def _measures(answer: Answer, acted: int) -> Iterator[Hit]:
    for first, behind in cues.STRONG_MEASURE.find(answer.words):
        boast = _any_in(cues.NO_PERCENT_BEFORE, words_before(answer, first, 4))
        if not boast and _is_measure(answer, first, behind):
            yield Hit(cues.MEASURE, first, behind)
            yield from _measured_change(answer, (first, behind), acted, cues.RESULT)
            compared = (*answer.words[first:behind], *words_after(answer, behind, 2))
            if first > acted and _any_in(cues.COMPARED, compared):
                yield Hit(cues.RESULT, first, behind)
    for first, behind in cues.WEAK_MEASURE.find(answer.words):
        lasted = _any_in(cues.NO_NUMBER_BEFORE, words_before(answer, first, 1))
        if not lasted and _is_measure(answer, first, behind):
            elements = (cues.RESULT, cues.MEASURE)
            yield from _measured_change(answer, (first, behind), acted, *elements)


def _measured_change(
    answer: Answer, number: tuple[int, int], acted: int, *elements: str
) -> Iterator[Hit]:
    """Quote from the change to its number, which shows that something came of it."""
    first, behind = number
    for at in range(first - 1, first - 1 - len(words_before(answer, first, _REACH)), -1):
        if _is_change(answer, at, acted):
            yield from (Hit(element, at, behind) for element in elements)
            return


def _is_change(answer: Answer, at: int, acted: int) -> bool:
    if answer.words[at] in cues.CHANGE:
        return True
    late = answer.words[at] in cues.LATE_CHANGE and at > acted
    return late and answer.words[at - 1] not in cues.FIRST_PERSON


def _is_measure(answer: Answer, first: int, behind: int) -> bool:
    if _any_in(cues.NO_MEASURE_AFTER, words_after(answer, behind, 3)):
        return False
    unreal = _any_in(cues.UNREAL, words_before(answer, first, 8))
    return is_whole(answer, first, behind) and not unreal


def _any_in(table: frozenset[str], words: Sequence[str]) -> bool:
    return not table.isdisjoint(words)
