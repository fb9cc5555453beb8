"""What leaves in a span: known-harmless attributes, scrubbed text, and kinds of errors only."""

from collections.abc import Mapping, Sequence
from typing import Any

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import Status

from talenti.scrubbing import scrub_text

# Who somebody is, and what a statement or an error says.
PERSONAL = ("client.", "enduser.", "user_agent.", "net.peer.", "net.sock.", "network.peer.")
DROPPED = {"http.client_ip", "http.user_agent", "exception.message", "exception.stacktrace"}


class CleaningExporter(SpanExporter):
    """Hands cleaned copies of spans to another exporter."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send them."""
        return self._inner.export([clean_span(span) for span in spans])

    def shutdown(self) -> None:
        """End the other exporter."""
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Let the other exporter send what waits."""
        return self._inner.force_flush(timeout_millis)


def clean_span(span: ReadableSpan) -> ReadableSpan:
    """Return the span without personal data and secrets; of an exception only its kind."""
    attributes = clean_attributes(span.attributes or {})
    for event in span.events:
        if kind := (event.attributes or {}).get("exception.type"):
            attributes.setdefault("error.type", str(kind))
    return ReadableSpan(
        name=scrub_text(span.name),
        context=span.get_span_context(),
        parent=span.parent,
        resource=span.resource,
        attributes=attributes,
        # Exceptions arrive as logs already: an event of one would be a second.
        events=[
            Event(event.name, clean_attributes(event.attributes or {}), event.timestamp)
            for event in span.events
            if event.name != "exception"
        ],
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def clean_attributes(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return what may leave."""
    return {
        name: scrub_text(value) if isinstance(value, str) else value
        for name, value in attributes.items()
        if name not in DROPPED and not name.startswith(PERSONAL)
    }
