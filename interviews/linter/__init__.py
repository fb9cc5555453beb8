"""Says, before a guide is published, what is wrong with it."""

from interviews.linter.guide import lint

__all__ = ["lint"]
