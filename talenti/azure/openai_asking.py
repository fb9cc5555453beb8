"""Asking for an answer in a form, and once more when it came in another one."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from talenti.azure.openai import Message
from talenti.azure.openai_replies import Completion
from talenti.azure.openai_text import storable

BAD_JSON = "bad_json"
REASONS = {
    "content_filter": "content_filter",
    "refusal": "model_refusal",
    "length": "answer_cut_off",
    "too_long": "too_long",
}
_T = TypeVar("_T")


class Unreadable(Exception):
    """The answer is not in the form asked for; the text says what is wrong and quotes nothing."""


@dataclass(frozen=True, slots=True)
class Answered(Generic[_T]):
    """What was read, or None and the reason; and every completion that was paid for."""

    value: _T | None
    reason: str
    completions: tuple[Completion, ...]


def ask_in_form(
    messages: Sequence[Message],
    call: Callable[[Sequence[Message]], Completion],
    read: Callable[[Mapping[str, Any]], _T],
) -> Answered[_T]:
    """Ask, read the JSON object, and ask once more when it cannot be read.

    `read` raises Unreadable. Whatever `call` raises passes.
    """
    paid: list[Completion] = []
    for _ in range(2):
        completion = call(messages)
        paid.append(completion)
        if completion.finish != "stop":
            return Answered(None, REASONS[completion.finish], tuple(paid))
        try:
            return Answered(read(parse_object(completion.text)), "", tuple(paid))
        except Unreadable as wrong:
            messages = (*messages, *_correction(completion.text, str(wrong)))
    return Answered(None, BAD_JSON, tuple(paid))


def parse_object(text: str) -> Mapping[str, Any]:
    """Return the JSON object in an answer, with texts that a database takes; raises Unreadable."""
    try:
        data = _storable(json.loads(text))
    except (ValueError, RecursionError):
        raise Unreadable("It is not JSON.") from None
    if not isinstance(data, dict):
        raise Unreadable("It is not a JSON object.")
    return data


def _storable(value: Any) -> Any:
    """Return the value with texts that a database takes: an escape may stand for NUL."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {key: _storable(one) for key, one in value.items()}
    return value


def _correction(text: str, wrong: str) -> tuple[Message, Message]:
    asked = f"That answer is not in the form asked for. {wrong} Answer again, with JSON alone."
    return (
        {"role": "assistant", "content": text[:20_000]},
        {"role": "user", "content": asked},
    )
