"""Finds the elements of an answer: which cue stands where, and in which words to quote it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from scoring.assessor import cues
from scoring.assessor.protocol import Passage
from scoring.evidence import MIN_QUOTE_WORDS
from scoring.wording import mark_shared, split_words

_SPOKEN_SIGNS = {"%": "percent", "$": "dollars", "\u20ac": "euros", "\u00a3": "pounds"}
_LONGEST_QUOTE = 28  # words; recognised speech may run on for minutes without a full stop
_BEFORE, _BEHIND = 4, 14
_REACH = 14  # words from I to a second verb, and from a change to its number


class Token(NamedTuple):
    """One word of the answer, and where it stands in its passage."""

    text: str
    passage: Passage
    start: int
    end: int
    stops: bool
    pauses: bool


class Hit(NamedTuple):
    """A cue in tokens[first:behind]; `word` is the verb of an own action."""

    element: str
    first: int
    behind: int
    word: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The candidate's words on one competency, in order; `echoed` marks words read elsewhere."""

    tokens: tuple[Token, ...]
    words: tuple[str, ...]
    echoed: tuple[bool, ...]


def read_answer(passages: Sequence[Passage], sources: Iterable[Sequence[str]]) -> Answer:
    """Put the words of `passages` together; those shared with `sources` are not the candidate's."""
    tokens = [token for passage in passages for token in _tokens(passage)]
    closed = tuple(
        token._replace(stops=True) if _is_last_of_question(tokens, at) else token
        for at, token in enumerate(tokens)
    )
    words = tuple(token.text for token in closed)
    return Answer(closed, words, tuple(mark_shared(words, sources)))


def find_hits(answer: Answer) -> list[Hit]:
    """Return every cue in the candidate's own words, in order."""
    hits = [*_phrase_hits(answer), *_own_actions(answer), *_measures(answer)]
    return sorted(hit for hit in hits if not _is_echo(answer, hit))


def cut_quote(answer: Answer, hit: Hit) -> tuple[Passage, str]:
    """Return the passage and the words around a cue, cut from the passage as it is stored."""
    first, behind = _window(answer, hit)
    passage = answer.tokens[first].passage
    return passage, passage.text[answer.tokens[first].start : answer.tokens[behind - 1].end]


def _tokens(passage: Passage) -> Iterator[Token]:
    for word in split_words(passage.text):
        text = _SPOKEN_SIGNS.get(word.text, word.text)
        yield Token(text, passage, word.start, word.end, word.stops, word.pauses)


def _is_last_of_question(tokens: Sequence[Token], at: int) -> bool:
    if at + 1 == len(tokens):
        return True
    return tokens[at].passage.question != tokens[at + 1].passage.question


def _phrase_hits(answer: Answer) -> Iterator[Hit]:
    for element, phrases in cues.PHRASES.items():
        for first, behind in phrases.find(answer.words):
            if _is_whole(answer, first, behind) and _counts(answer, element, first, behind):
                yield Hit(element, first, behind)


def _counts(answer: Answer, element: str, first: int, behind: int) -> bool:
    """Whether the cue tells of something that happened, not of what would or did not."""
    if element == cues.TEAM:
        return _is_action(answer.words[behind - 1])
    if element not in {cues.SITUATION, cues.RESULT}:
        return True
    around = (*_before(answer, first, 3), *_after(answer, behind, 3))
    if any(word in cues.UNREAL for word in around):
        return False
    return not any(word in cues.NEGATIONS for word in _before(answer, first, 2))


def _own_actions(answer: Answer) -> Iterator[Hit]:
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
    if at >= len(answer.words) or not _is_action(answer.words[at]):
        return None
    after = _after(answer, at + 1, 2)
    used_to = answer.words[at] in {"used", "worked"} and after[:1] in (("to",), ("with",), ("at",))
    if used_to or any(word in cues.NOTHING for word in after):
        return None
    return _hit(answer, first, at) if after[:1] != ("i",) else None


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
    return _action_at(answer, first, at) if _is_action(answer.words[at]) else None


def _hit(answer: Answer, first: int, at: int) -> Hit | None:
    if not _is_whole(answer, first, at + 1):
        return None
    return Hit(cues.OWN_ACTION, first, at + 1, answer.words[at])


def _measures(answer: Answer) -> Iterator[Hit]:
    for first, behind in cues.STRONG_MEASURE.find(answer.words):
        boast = any(word in cues.NO_PERCENT_BEFORE for word in _before(answer, first, 4))
        if not boast and _is_measure(answer, first, behind):
            yield Hit(cues.MEASURE, first, behind)
            yield from _measured_change(answer, first, behind, cues.RESULT)
    for first, behind in cues.WEAK_MEASURE.find(answer.words):
        lasted = any(word in cues.NO_NUMBER_BEFORE for word in _before(answer, first, 1))
        if not lasted and _is_measure(answer, first, behind):
            yield from _measured_change(answer, first, behind, cues.RESULT, cues.MEASURE)


def _measured_change(answer: Answer, first: int, behind: int, *elements: str) -> Iterator[Hit]:
    """Quote from the change to its number, which shows that something came of it."""
    change = _change_before(answer, first)
    if change is not None:
        yield from (Hit(element, change, behind) for element in elements)


def _is_measure(answer: Answer, first: int, behind: int) -> bool:
    if any(word in cues.NO_MEASURE_AFTER for word in _after(answer, behind, 3)):
        return False
    return _is_whole(answer, first, behind) and not any(
        word in cues.UNREAL for word in _before(answer, first, 8)
    )


def _change_before(answer: Answer, first: int) -> int | None:
    """Return where the nearest word of change stands before `first` in the same sentence."""
    before = _before(answer, first, _REACH)
    for back, word in enumerate(reversed(before), start=1):
        if word in cues.CHANGE:
            return first - back
    return None


def _is_action(word: str) -> bool:
    if word in cues.IRREGULAR_ACTIONS:
        return True
    regular = word.endswith("ed") and not word.endswith("eed") and len(word) > len("used") - 1
    return regular and word not in cues.NOT_ACTIONS


def _is_unreal(answer: Answer, at: int) -> bool:
    return any(word in cues.UNREAL for word in _before(answer, at, 3))


def _is_echo(answer: Answer, hit: Hit) -> bool:
    first, behind = _window(answer, hit)
    return sum(answer.echoed[first:behind]) * 2 > behind - first


def _skip_adverbs(answer: Answer, at: int) -> int:
    words = answer.words
    for _ in range(3):
        if at < len(words) and (words[at] in cues.ADVERBS or words[at] in cues.FILLERS):
            at += 1
    return at


def _is_whole(answer: Answer, first: int, behind: int) -> bool:
    """Whether no sentence ends inside the cue."""
    return not any(token.stops for token in answer.tokens[first : behind - 1])


def _before(answer: Answer, first: int, most: int) -> tuple[str, ...]:
    """Return up to `most` words before `first` in the same sentence."""
    at = first
    while at > max(first - most, 0) and not answer.tokens[at - 1].stops:
        at -= 1
    return answer.words[at:first]


def _after(answer: Answer, behind: int, most: int) -> tuple[str, ...]:
    """Return up to `most` words from `behind` on in the same sentence."""
    at = behind
    while at < min(behind + most, len(answer.words)) and not answer.tokens[at - 1].stops:
        at += 1
    return answer.words[behind:at]


def _window(answer: Answer, hit: Hit) -> tuple[int, int]:
    """Choose what to quote: the sentence, or the words near the cue where it runs on."""
    first = hit.first - len(_before(answer, hit.first, _LONGEST_QUOTE))
    behind = hit.behind + len(_after(answer, hit.behind, _LONGEST_QUOTE))
    if behind - first > _LONGEST_QUOTE:
        first = max(first, hit.first - _BEFORE)
        behind = min(behind, max(hit.behind, hit.first + _BEHIND))
    return _within_passage(answer, hit, first, behind)


def _within_passage(answer: Answer, hit: Hit, first: int, behind: int) -> tuple[int, int]:
    """Cut the window to the passage of the cue; widen it there to the least length of a quote."""
    number = answer.tokens[hit.first].passage.number

    def is_inside(at: int) -> bool:
        return 0 <= at < len(answer.tokens) and answer.tokens[at].passage.number == number

    while not is_inside(first):
        first += 1
    while not is_inside(behind - 1):
        behind -= 1
    while behind - first < MIN_QUOTE_WORDS and is_inside(behind):
        behind += 1
    while behind - first < MIN_QUOTE_WORDS and is_inside(first - 1):
        first -= 1
    return first, behind
