"""The candidate's words in order, and how a quote is cut from them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import or_
from typing import NamedTuple

from scoring.assessor.protocol import Passage
from scoring.evidence import MIN_QUOTE_WORDS
from scoring.wording import mark_repeated, mark_shared, split_words

_SPOKEN_SIGNS = {"%": "percent", "$": "dollars", "\u20ac": "euros", "\u00a3": "pounds"}
_LONGEST_QUOTE = 28  # words; recognised speech may run on for minutes without a full stop
_BEFORE, _BEHIND = 4, 14


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
    """The candidate's words on one competency, in order; `echoed` marks what was said elsewhere."""

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
    shared, again = mark_shared(words, sources), mark_repeated(words)
    return Answer(closed, words, tuple(map(or_, shared, again)))


def cut_quotes(answer: Answer, hits: Iterable[Hit]) -> Iterator[tuple[Passage, str]]:
    """Yield the passage and the words around each cue, cut from the passage as it is stored.

    The hits are in order. A cue that is quoted already with the one before it is not quoted again.
    """
    quoted = 0
    for hit in hits:
        first, behind = _window(answer, hit)
        if first >= quoted:
            quoted = behind
            passage = answer.tokens[first].passage
            start, end = answer.tokens[first].start, answer.tokens[behind - 1].end
            is_short = behind - first < MIN_QUOTE_WORDS  # then only the whole passage is a quote
            yield passage, passage.text if is_short else passage.text[start:end]


def words_before(answer: Answer, first: int, most: int) -> tuple[str, ...]:
    """Return up to `most` words before `first` in the same sentence."""
    at = first
    while at > max(first - most, 0) and not answer.tokens[at - 1].stops:
        at -= 1
    return answer.words[at:first]


def words_after(answer: Answer, behind: int, most: int) -> tuple[str, ...]:
    """Return up to `most` words from `behind` on in the same sentence."""
    at = behind
    while at < min(behind + most, len(answer.words)) and not answer.tokens[at - 1].stops:
        at += 1
    return answer.words[behind:at]


def is_whole(answer: Answer, first: int, behind: int) -> bool:
    """Whether no sentence ends inside the cue."""
    return not any(token.stops for token in answer.tokens[first : behind - 1])


def is_echo(answer: Answer, hit: Hit) -> bool:
    first, behind = _window(answer, hit)
    return sum(answer.echoed[first:behind]) * 2 > behind - first


def _tokens(passage: Passage) -> Iterator[Token]:
    for word in split_words(passage.text):
        text = _SPOKEN_SIGNS.get(word.text, word.text)
        yield Token(text, passage, word.start, word.end, word.stops, word.pauses)


def _is_last_of_question(tokens: Sequence[Token], at: int) -> bool:
    if at + 1 == len(tokens):
        return True
    return tokens[at].passage.question != tokens[at + 1].passage.question


def _window(answer: Answer, hit: Hit) -> tuple[int, int]:
    """Choose what to quote: the sentence, or the words near the cue where it runs on."""
    first = hit.first - len(words_before(answer, hit.first, _LONGEST_QUOTE))
    behind = hit.behind + len(words_after(answer, hit.behind, _LONGEST_QUOTE))
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
