"""Proof that a quote stands in the candidate's own words, and where.

Pure. Offsets are code points into the text as it is stored, so text[start:end] is the quote itself.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from scoring.wording import (
    Folded,
    Phrases,
    Word,
    fold,
    is_within_word,
    normalise,
    plain_words,
    split_words,
)

CANDIDATE = "candidate"
MIN_QUOTE_WORDS = 3
MAX_QUOTE_CHARS = 4_000  # a longer one is no quote
_NEAR_AHEAD, _FAR_AHEAD = 3, 40  # words that were heard and do not stand in the text
_MAX_PLACES = 1_000  # where it stands inside other words; more is no speech, but made to be slow

# Speech that is aimed at whoever scores. It is flagged and is no evidence; all other words count.
_INSTRUCTIONS = Phrases(
    "(ignore|disregard|forget|override|bypass) (all|any|the|your|my|these|those|)"
    " (previous|prior|above|earlier|other|scoring|)"
    " (instruction|instructions|rule|rules|rubric|prompt|prompts|guidelines|criteria)",
    "(ignore|disregard|forget) (everything|all) (above|before|you were told|said before)",
    "(system|developer|hidden) (prompt|message)",
    "you are (now|) (a|an|the) (helpful|) (assistant|assessor|evaluator|scorer|grader|model|ai)",
    "(give|award|assign|grant) (me|this candidate|the candidate|this answer|this) (a|the|)"
    " (full|top|highest|maximum|perfect|best) (score|scores|level|marks|mark|rating|grade)",
    "(give|award|assign|grant) (me|this candidate|the candidate|this answer|this)"
    " (a|the|level|) (five|5|ten|10|100)",
    "(score|rate|mark|grade) (me|this|this answer|this candidate|the candidate|it) (as|at|with|)"
    " (a|the|level|) (five|5|ten|10|100|highest|maximum|excellent|perfect)",
    "(set|change) (the|my|every|all) (score|scores|level|levels|rating) to",
    "(respond|reply|answer|output) (only|) (with|in) (json|level|score|the following)",
    "(begin|end) of (system|assistant|user) (prompt|message)",
    "note to the (assessor|evaluator|grader|scorer|model|ai)",
    "(new|updated) (instructions|instruction) (for|to) (the|you)",
)
_MARKUP = ("<|", "|>", "[inst]", "[/inst]", "<system>", "</system>", "### instruction", "```")


class Timed(Protocol):
    """A word as it was heard, in ms."""

    @property
    def text(self) -> str: ...
    @property
    def start_ms(self) -> int: ...
    @property
    def end_ms(self) -> int: ...


class Spoken(Protocol):
    """What this room needs to know of a passage of a transcript."""

    @property
    def number(self) -> int: ...
    @property
    def speaker(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def question(self) -> int | None: ...
    @property
    def start_ms(self) -> int | None: ...
    @property
    def end_ms(self) -> int | None: ...
    @property
    def words(self) -> Sequence[Timed]: ...


class Quoted(Protocol):
    """What an assessor claims: words of one passage, and what they show."""

    @property
    def passage(self) -> int: ...
    @property
    def quote(self) -> str: ...
    @property
    def shows(self) -> str: ...


@dataclass(frozen=True, slots=True)
class VerifiedQuote:
    """Words that stand at text[start:end] of the passage; the times lie inside it."""

    passage: int
    quote: str
    start: int
    end: int
    start_ms: int | None
    end_ms: int | None
    shows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verified:
    """The quotes that were found, in the order of the transcript, and how many claims were not."""

    kept: tuple[VerifiedQuote, ...]
    dropped: int


def locate(quote: str, text: str) -> tuple[int, int] | None:
    """Return where `quote` first stands in `text`, as code points (start, end), or None.

    Compared after folding (scoring.wording). A quote has at least three words, or is the whole
    text, and neither begins nor ends inside a word, a contraction or a number.
    """
    return _locate(quote, fold(text))


def verify(claims: Iterable[Quoted], passages: Iterable[Spoken]) -> Verified:
    """Keep the claims whose quote stands in the passage they name, spoken by the candidate.

    Quotes of one passage that overlap become one. Quotes that speak to the assessor are dropped.
    """
    spoken = {one.number: one for one in passages if one.speaker == CANDIDATE}
    folded: dict[int, Folded] = {}
    found: dict[int, list[VerifiedQuote]] = defaultdict(list)
    dropped = 0
    for claim in claims:
        verified = _verify_one(claim, spoken, folded)
        if verified is None:
            dropped += 1
        else:
            found[verified.passage].append(verified)
    kept = [quote for number in sorted(found) for quote in _merge(found[number], spoken[number])]
    return Verified(tuple(kept), dropped)


def is_instruction_like(text: str) -> bool:
    """Whether someone speaks to the assessor here, not about work; a reason to look, no more."""
    folded = normalise(text)
    if any(mark in folded for mark in _MARKUP):
        return True
    return next(_INSTRUCTIONS.find(plain_words(folded)), None) is not None


def transcript_hash(passages: Iterable[Spoken]) -> str:
    """Return the sha256 (64 hex digits) of who said what, when and to which question.

    The words enter as stored, without folding, because offsets point into them.
    """
    rows = sorted(
        json.dumps([one.number, one.speaker, one.question, one.start_ms, one.end_ms, one.text])
        for one in passages
    )
    canonical = json.dumps(rows)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def _locate(quote: str, folded: Folded) -> tuple[int, int] | None:
    wanted = normalise(quote)
    if not _is_long_enough(wanted, folded.text):
        return None
    at = -1
    for _ in range(_MAX_PLACES):
        at = folded.text.find(wanted, at + 1)
        if at < 0:
            return None
        if _has_clean_edges(folded, at, at + len(wanted)):
            return folded.starts[at], folded.ends[at + len(wanted) - 1]
    return None


def _is_long_enough(wanted: str, text: str) -> bool:
    words = plain_words(wanted)
    if not words or len(wanted) > MAX_QUOTE_CHARS:
        return False
    return len(words) >= MIN_QUOTE_WORDS or wanted == text


def _has_clean_edges(folded: Folded, first: int, behind: int) -> bool:
    """Whether both edges part words, and whole original characters (one may fold to several)."""
    text, starts = folded.text, folded.starts
    if is_within_word(text, first) or is_within_word(text, behind):
        return False
    begins = first == 0 or starts[first] != starts[first - 1]
    return begins and (behind == len(text) or starts[behind] != starts[behind - 1])


def _verify_one(
    claim: Quoted, spoken: Mapping[int, Spoken], folded: dict[int, Folded]
) -> VerifiedQuote | None:
    passage = spoken.get(claim.passage)
    if passage is None or is_instruction_like(claim.quote):
        return None
    if passage.number not in folded:
        folded[passage.number] = fold(passage.text)
    place = _locate(claim.quote, folded[passage.number])
    return _cut(passage, place, (claim.shows,)) if place else None


def _cut(passage: Spoken, place: tuple[int, int], shows: tuple[str, ...]) -> VerifiedQuote:
    start, end = place
    start_ms, end_ms = _times(passage, start, end)
    quote = passage.text[start:end]
    return VerifiedQuote(passage.number, quote, start, end, start_ms, end_ms, shows)


def _times(passage: Spoken, start: int, end: int) -> tuple[int | None, int | None]:
    """Return the moments by the words' own times, else by the place in the text.

    Never outside the passage. An edge whose own word was not heard as it stands, because a person
    corrected it or it is written otherwise (25 for twenty-five), goes out to the next that was.
    """
    if passage.start_ms is None or passage.end_ms is None:
        return None, None
    written = split_words(passage.text) if passage.words else []
    inside = [word for word in written if start < word.end and word.start < end]
    heard = _heard_words(passage.words, written)
    if inside and heard:
        begins = (word.start_ms for at, word in heard if at.start <= inside[0].start)
        ends = (word.end_ms for at, word in heard if at.end >= inside[-1].end)
        return max(begins, default=passage.start_ms), min(ends, default=passage.end_ms)
    length, span = len(passage.text), max(passage.end_ms - passage.start_ms, 0)
    return passage.start_ms + span * start // length, passage.start_ms - (-span * end // length)


def _heard_words(words: Sequence[Timed], written: Sequence[Word]) -> list[tuple[Word, Timed]]:
    """Return those of the written words that were heard as they stand, each with its times.

    Both are gone through once, side by side. A word is looked for a little ahead of the last one;
    farther ahead it counts only together with the word behind it, since small words are everywhere.
    """
    heard = [(token, word) for word in words for token in plain_words(normalise(word.text))]
    tokens = [token for token, _ in heard]
    found, at = [], 0
    for place, word in enumerate(written):
        behind = [next_word.text for next_word in written[place + 1 : place + 2]]
        for ahead in range(at, min(at + _FAR_AHEAD, len(tokens))):
            is_near = ahead - at <= _NEAR_AHEAD
            if tokens[ahead] == word.text and (is_near or tokens[ahead + 1 : ahead + 2] == behind):
                found.append((word, heard[ahead][1]))
                at = ahead + 1
                break
    return found


def _merge(quotes: Iterable[VerifiedQuote], passage: Spoken) -> list[VerifiedQuote]:
    merged: list[VerifiedQuote] = []
    for quote in sorted(quotes, key=lambda one: (one.start, one.end)):
        if merged and quote.start < merged[-1].end:
            merged[-1] = _join(merged[-1], quote, passage)
        else:
            merged.append(quote)
    return [replace(quote, shows=tuple(dict.fromkeys(quote.shows))) for quote in merged]


def _join(one: VerifiedQuote, other: VerifiedQuote, passage: Spoken) -> VerifiedQuote:
    place = (one.start, max(one.end, other.end))
    return _cut(passage, place, one.shows + other.shows)
