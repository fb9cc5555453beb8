"""Runs one structure check over bytes."""

from collections.abc import Callable
from io import BytesIO
from typing import BinaryIO

from recordings.media.refusals import Refusal


def verdict(check: Callable[[BinaryIO, int], None], data: bytes) -> str:
    """Return the code of the refusal, or "whole"."""
    try:
        check(BytesIO(data), len(data))
    except Refusal as refused:
        return refused.code
    return "whole"
