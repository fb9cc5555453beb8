"""The words of a text, made comparable: what looks and reads the same becomes the same.

Pure. Everything remembers where it stood, in code points of the original text, so that a quote can
always be cut out of the stored words and never out of a copy. All of it takes linear time.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise, product
from typing import NamedTuple, TypeAlias

GRAM = 4  # words; shorter runs are shared by chance
_LONGEST_CLUSTER = 31  # one base and 30 marks, as in Unicode's stream-safe text format (UAX 15)

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4\u0060", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    }
)
_UNSEEN = frozenset(
    ["\u034f", "\u115f", "\u1160", "\u3164", "\uffa0", *map(chr, range(0xFE00, 0xFE10))]
)
_MARKS = "".join(
    chr(code) for code in range(0x300, 0x3100) if unicodedata.category(chr(code))[0] == "M"
)
_CJK = "\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff"
# Two characters of a script without spaces count as one word; %, $ and the like are spoken words.
_WORD = re.compile(
    rf"(?:[{_CJK}][{_MARKS}]?){{1,2}}"
    rf"|[^\W_{_CJK}](?:[^\W_{_CJK}]|[{_MARKS}]|'(?=[^\W_])|(?<=\d)[.,](?=\d))*"
    r"|[%$\u20ac\u00a3]"
)
_STOP = re.compile(r"[.!?;:\n\u3002\uff01\uff1f]")
_ALTERNATIVES = re.compile(r"\(([^()]*)\)")
_SPOKEN_NUMBERS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
    " hundred thousand million dozen zero half"
)
_NUMBER_WORDS = frozenset(re.findall(r"\w+", _SPOKEN_NUMBERS))


_Node: TypeAlias = "dict[str, _Node]"  # the next word of a phrase leads to the next node
_END = ""


class Folded(NamedTuple):
    """A folded text; character i of it came from original[starts[i]:ends[i]]."""

    text: str
    starts: list[int]
    ends: list[int]


class Word(NamedTuple):
    """One folded word at original[start:end]; behind it a sentence may stop or pause (a comma)."""

    text: str
    start: int
    end: int
    stops: bool
    pauses: bool


def fold(text: str) -> Folded:
    """Fold compatibility forms, case, quotes, dashes and space; drop what cannot be seen."""
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end, cluster in _clusters(text):
        for char in _folded(cluster):
            if char == " " and (not chars or chars[-1] == " "):
                continue
            chars.append(char)
            starts.append(start)
            ends.append(end)
    if chars and chars[-1] == " ":
        chars.pop(), starts.pop(), ends.pop()
    return Folded("".join(chars), starts, ends)


def normalise(text: str) -> str:
    """Return what two texts must share to count as the same words."""
    return fold(text).text


def is_within_word(text: str, position: int) -> bool:
    """Whether cutting folded `text` at `position` would part a word, a contraction or a number."""
    if not 0 < position < len(text):
        return False
    left, right = text[position - 1], text[position]
    if _is_wordlike(left) and _is_wordlike(right):
        return True
    return _joins(text, position) or _joins(text, position - 1)


def split_words(text: str) -> list[Word]:
    """Return the words of `text` in order, without punctuation."""
    folded = fold(text)
    found = [
        (match[0], folded.starts[match.start()], folded.ends[match.end() - 1])
        for match in _WORD.finditer(folded.text)
    ]
    borders = [*[start for _, start, _ in found][1:], len(text)]
    return [
        Word(word, start, end, bool(_STOP.search(text, end, border)), "," in text[end:border])
        for (word, start, end), border in zip(found, borders, strict=False)
    ]


def plain_words(normalised: str) -> list[str]:
    """Return only the words of a text that is normalised already."""
    return _WORD.findall(normalised)


def mark_shared(words: Sequence[str], sources: Iterable[Sequence[str]]) -> list[bool]:
    """Mark the words inside a run of four that also stands in one of `sources`."""
    known = {gram for source in sources for gram in _grams(source)}
    return _mark(len(words), (at for at, gram in enumerate(_grams(words)) if gram in known))


def mark_repeated(words: Sequence[str]) -> list[bool]:
    """Mark the words inside a run of four that was said before in the same words."""
    seen: set[tuple[str, ...]] = set()
    again = []
    for at, gram in enumerate(_grams(words)):
        if gram in seen:
            again.append(at)
        seen.add(gram)
    return _mark(len(words), again)


class Phrases:
    """A readable table of phrases, found in one pass over the words.

    A phrase is words with spaces between. `(a|b)` is a choice, `(a|)` an optional word, `*` any one
    word and `#` a number, in digits or spoken. A phrase never begins with `*`. There are no
    repeats, so no input can make the search slow. The table is built at the first search, because
    most processes never search; that raises ValueError for a phrase that cannot be looked up.
    """

    def __init__(self, *phrases: str) -> None:
        self._phrases = phrases

    @cached_property
    def _root(self) -> _Node:
        root: _Node = {}
        for spelt in {spelt for phrase in self._phrases for spelt in _expand(phrase)}:
            node = root
            for word in spelt:
                node = node.setdefault(word, {})
            node[_END] = {}
        return root

    def find(self, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yield (first, behind last) of the longest phrase at each place where one begins."""
        for at in range(len(words)):
            behind = _longest(self._root, words, at)
            if behind:
                yield at, behind


def is_number(word: str) -> bool:
    """Whether the folded word is a number, in digits or spoken."""
    return word in _NUMBER_WORDS or word[0].isdigit()


def _expand(phrase: str) -> Iterator[tuple[str, ...]]:
    """Spell out the choices; raises ValueError for a phrase that cannot be looked up."""
    parts = _ALTERNATIVES.split(phrase)  # every second part is a list of choices
    choices = [part.split("|") if at % 2 else [part] for at, part in enumerate(parts)]
    for chosen in product(*choices):
        words = tuple("".join(chosen).split())
        if not words or words[0] == "*":
            raise ValueError(f"A phrase begins with a word: {phrase!r}")
        yield words


def _longest(node: _Node, words: Sequence[str], at: int) -> int:
    """Return where the longest phrase from `at` on ends, 0 where there is none."""
    best = at if _END in node else 0
    if at == len(words):
        return best
    keys = (words[at], "*", "#") if is_number(words[at]) else (words[at], "*")
    return max(best, *(_longest(node[key], words, at + 1) for key in keys if key in node), 0)


def _grams(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[shift:] for shift in range(GRAM)), strict=False)


def _mark(length: int, begins: Iterable[int]) -> list[bool]:
    marked = [False] * length
    for at in begins:
        marked[at : at + GRAM] = [True] * GRAM
    return marked


def _clusters(text: str) -> Iterator[tuple[int, int, str]]:
    """Cut `text` where normalisation cannot reach across; what cannot be seen is left out."""
    seen = [(at, char) for at, char in enumerate(text) if not _is_unseen(char)]
    borders = [0]
    for place, (_, char) in enumerate(seen):
        if place and (not _is_mark(char) or place - borders[-1] >= _LONGEST_CLUSTER):
            borders.append(place)
    for first, behind in pairwise([*borders, len(seen)]):
        if first < behind:
            piece = seen[first:behind]
            yield piece[0][0], piece[-1][0] + 1, "".join(char for _, char in piece)


@lru_cache(maxsize=4096)
def _folded(cluster: str) -> str:
    """Fold one cluster. Decomposed forms: they are equal exactly where composed ones are."""
    decomposed = unicodedata.normalize("NFKD", cluster.translate(_PLAIN)).casefold()
    plain = unicodedata.normalize("NFKD", decomposed).translate(_PLAIN)
    return "".join(" " if char.isspace() else char for char in plain)


@lru_cache(maxsize=4096)
def _is_unseen(char: str) -> bool:
    """Tell controls, zero-width and direction marks, and characters whose glyph is empty."""
    if char in _UNSEEN:
        return True
    return unicodedata.category(char) in {"Cc", "Cf"} and not char.isspace()


@lru_cache(maxsize=4096)
def _is_mark(char: str) -> bool:
    return unicodedata.combining(unicodedata.normalize("NFKD", char)[0]) != 0


def _is_wordlike(char: str) -> bool:
    if "\u3041" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff":
        return False
    return char.isalnum() or unicodedata.category(char)[0] == "M"


def _joins(text: str, at: int) -> bool:
    """Whether the sign at `at` holds a word together, as in can't and 3.5."""
    if not 0 < at < len(text) - 1:
        return False
    left, right = text[at - 1], text[at + 1]
    if text[at] == "'":
        return _is_wordlike(left) and _is_wordlike(right)
    return text[at] in ".," and left.isdigit() and right.isdigit()
