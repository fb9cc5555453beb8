"""Finds what the candidate did: "I" with the past form of a verb that is a deed."""

from collections.abc import Iterator

from scoring.assessor import cues
from scoring.assessor.answer import Answer, Hit, is_whole, words_after, words_before

_REACH = 14  # words from one verb to the next of the same subject


def find_own_actions(answer: Answer) -> Iterator[Hit]:
    """Find "I" with a past verb, and further verbs behind "and" while the subject is the same."""
    subject: int | None = None
    for at, word in enumerate(answer.words):
        hit = None
        if word in cues.FIRST_PERSON:
            subject = None if _is_unreal(answer, at) else at
            hit = _action_at(answer, at, at + 1) if subject == at else None
        elif word in cues.OTHER_SUBJECTS or (at and answer.tokens[at - 1].stops):
            subject = None
        elif subject is not None and at - subject <= _REACH:
            hit = _coordinated_at(answer, at)
        if hit:
            subject = at  # "and" may go on from here
            yield hit


def _action_at(answer: Answer, first: int, at: int) -> Hit | None:
    at = _skip_adverbs(answer, at)
    for means_first, behind in cues.MEANS_TO_ACT.find(answer.words[at : at + 3]):
        if means_first == 0:
            return _means_to_act(answer, first, at + behind)
    if at >= len(answer.words) or not is_action(answer.words[at]):
        return None
    after = words_after(answer, at + 1, 2)
    undone = cues.NOT_ACTIONS_WITH.get(answer.words[at], frozenset()) | {"i"}
    if (after and after[0] in undone) or any(word in cues.NOTHING for word in after):
        return None
    return _hit(answer, first, at)


def _means_to_act(answer: Answer, first: int, at: int) -> Hit | None:
    at = _skip_adverbs(answer, at)
    if at >= len(answer.words) or answer.words[at] in cues.NO_ACTS | cues.NOTHING:
        return None
    return _hit(answer, first, at)


def _coordinated_at(answer: Answer, first: int) -> Hit | None:
    """Read a further verb: behind "and" or "then", or behind a comma."""
    joined = answer.words[first] in {"and", "then"}
    if not joined and not answer.tokens[first - 1].pauses:
        return None
    at = _skip_adverbs(answer, first + joined)
    if at + 1 >= len(answer.words) or answer.words[at + 1] not in cues.AFTER_COORDINATED:
        return None
    return _action_at(answer, first, at) if is_action(answer.words[at]) else None


def _hit(answer: Answer, first: int, at: int) -> Hit | None:
    if not is_whole(answer, first, at + 1):
        return None
    return Hit(cues.OWN_ACTION, first, at + 1, answer.words[at])


def is_action(word: str) -> bool:
    """Whether the word is the past form of a verb that is a deed."""
    if word in cues.IRREGULAR_ACTIONS:
        return True
    regular = word.endswith("ed") and not word.endswith("eed") and len(word) > len("used") - 1
    return regular and word not in cues.NOT_ACTIONS


def _is_unreal(answer: Answer, at: int) -> bool:
    before = words_before(answer, at, 3)
    return before[-1:] == ("where",) or any(word in cues.UNREAL for word in before)


def _skip_adverbs(answer: Answer, at: int) -> int:
    words = answer.words
    for _ in range(3):
        if at < len(words) and (words[at] in cues.ADVERBS or words[at] in cues.FILLERS):
            at += 1
    return at
