"""What came back from a model: checked before anything is made of it."""

import json
from dataclasses import dataclass
from typing import Any, Literal

from talenti.azure.openai_text import storable


class NoCompletion(Exception):
    """The provider answered 200 with something that is no chat completion."""


Finish = Literal["stop", "length", "content_filter", "refusal", "too_long"]


@dataclass(frozen=True, slots=True)
class Completion:
    """One answer of the model. `finish` other than stop says why there is no whole answer.

    `length`: cut off at our limit. `too_long`: the question did not fit. Tokens are as billed.
    """

    text: str
    finish: Finish
    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0


def read_completion(body: bytes) -> Completion:
    """Return the first choice of a chat completion; NoCompletion when it is none."""
    try:
        data = json.loads(body)
        choice = data["choices"][0]
        message, finish = choice["message"], str(choice.get("finish_reason"))
        refusal, content = message.get("refusal"), message.get("content")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise NoCompletion from None
    return Completion(
        text=storable(str(refusal or content or "")),
        finish="refusal" if refusal else _finish(finish),
        model=storable(str(data.get("model") or ""))[:80],
        **_tokens(data.get("usage")),
    )


def _finish(reason: str) -> Finish:
    if reason == "length":
        return "length"
    return "content_filter" if reason == "content_filter" else "stop"


def _tokens(usage: Any) -> dict[str, int]:
    counted = usage if isinstance(usage, dict) else {}
    return {
        "input_tokens": _count(counted.get("prompt_tokens")),
        "output_tokens": _count(counted.get("completion_tokens")),
    }


def _count(value: Any) -> int:
    return value if type(value) is int and 0 <= value < 2**31 else 0
