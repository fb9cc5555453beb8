"""What a program says and how it ends."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """The exit code, and what goes to the two streams."""

    code: int = 0
    out: str = ""
    error: str = ""
