"""Reads commands out of the documents."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import ROOT

DOCUMENTS = sorted([*ROOT.glob("docs/*.md"), ROOT / "README.md"])
# Also within a list, where it is indented.
BLOCK = re.compile(r"^ *```bash\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
IN_LINE = re.compile(r"`(az [a-z][^`\n]*)`")
COMMENT = re.compile(r"(?:^|[ \t])#[ \t].*$", re.MULTILINE)
PLACEHOLDER = re.compile(r"<[a-z][a-z ,-]*>")
INNER = re.compile(r"\$\((az [^()]*)\)")
ENDS = ";|&()\n"


def commands(document: Path) -> Iterator[list[str]]:
    """Yield every command of the bash blocks as words; what runs within another comes first."""
    for block in BLOCK.findall(document.read_text()):
        text = PLACEHOLDER.sub("placeholder", COMMENT.sub("", block))
        for inner in INNER.findall(text):
            yield from _split(inner)
        yield from _split(INNER.sub("placeholder", text))


def named(document: Path) -> set[str]:
    """Return the commands of az that the prose names, without their flags."""
    found = IN_LINE.findall(document.read_text())
    return {text.partition(" -")[0].removeprefix("az ") for text in found}


def _split(text: str) -> Iterator[list[str]]:
    lexer = shlex.shlex(text.replace("\\\n", " "), posix=True, punctuation_chars=ENDS)
    lexer.whitespace, lexer.whitespace_split, lexer.commenters = " \t", True, ""
    words: list[str] = []
    for token in lexer:
        if set(token) <= set(ENDS):
            yield from [words] if words else []
            words = []
        else:
            words.append(token)
    yield from [words] if words else []
