"""What the schema says about a call, written beside it; nothing here is used to answer one.

The schema generator is heavy and loads only when somebody asks for the schema: it finds these
notes on the handlers (talenti.api.schema).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from rest_framework.serializers import BaseSerializer

Handler = TypeVar("Handler", bound=Callable[..., Any])
Shape = type[BaseSerializer[Any]] | None


@dataclass(frozen=True, slots=True)
class Doc:
    """One call: what comes in, what goes out, and which refusals are possible beside the usual.

    `alternative` is another body that is accepted; a `listed` call answers page by page. One whose
    work may be `queued` answers that with 202 then, and may answer it at once, too.
    """

    summary: str
    request: Shape = None
    response: Shape = None
    status: int = 200
    listed: bool = False
    queued: Shape = None
    alternative: Shape = None
    query: Shape = None
    orderings: tuple[str, ...] = ("created_at",)
    refusals: tuple[int, ...] = ()
    media_types: tuple[str, ...] = ("application/json",)


def describe(summary: str, **facts: Any) -> Callable[[Handler], Handler]:
    """Note what the schema says about a handler."""

    def note(handler: Handler) -> Handler:
        handler.doc = Doc(summary, **facts)  # type: ignore[attr-defined]
        return handler

    return note
