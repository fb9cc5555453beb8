"""The stand-in for sleep: it moves the world's clock, and takes no time."""

from typing import Any

from tests.stubs.answers import Answer


def main(world: dict[str, Any], words: list[str]) -> Answer:
    (seconds,) = words
    world["clock"] += int(seconds)
    return Answer()
