"""Texts on their way to a model and back: what cannot be seen goes, what is data is fenced.

Pure, as far as a random number is.
"""

import json
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

_BLANK = frozenset("\t\n\v\f\r\x85\u2028\u2029")


def new_nonce() -> str:
    """Return 128 random bits: nobody who is quoted can know how the quotation ends."""
    return secrets.token_hex(16)


def visible(text: str) -> str:
    """Return `text` on one line without control, bidirectional, zero-width and private characters.

    They can hide an instruction from a reader, or forge the form of the message.
    """
    shown = (" " if char in _BLANK else char for char in text)
    return " ".join("".join(char for char in shown if _is_seen(char)).split())


def storable(text: str) -> str:
    """Return `text` without what a database refuses: NUL, other controls and lone surrogates."""
    return "".join(
        char for char in text if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"}
    )


def fence(kind: str, rows: Iterable[Mapping[str, Any]], nonce: str) -> str:
    """Return the rows as one JSON object a line between delimiters that carry the nonce."""
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    return "\n".join((f"<{kind}-{nonce}>", *lines, f"</{kind}-{nonce}>"))


def _is_seen(char: str) -> bool:
    return not unicodedata.category(char).startswith("C")
