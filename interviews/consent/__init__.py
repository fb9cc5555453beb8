"""What a candidate is asked to agree to, by version and language."""

from interviews.consent.texts import ConsentText, current, find

__all__ = ["ConsentText", "current", "find"]
