"""What goes to Application Insights, over the one room that knows its SDKs."""

import logging
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from talenti.azure import monitor
from talenti.scrubbing import ScrubFilter
from talenti.telemetry.logs import TraceFilter

EXPORTERS = ("opencensus", "opentelemetry", "azure")
REQUEST_IDS = "talenti.api.request_ids.RequestIdFilter"  # named, not imported: api is above us


class DimensionFilter(logging.Filter):
    """Gives a record what a query asks for; whatever else it carries stays here."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Set the dimensions, and the ids under the names that the handler reads.

        What the exporters say of themselves stays here: it would be sent by the next of them.
        """
        if record.name.startswith(EXPORTERS):
            return False
        request_id = getattr(record, "request_id", "")
        record.custom_dimensions = {"logger": record.name, "request_id": request_id}
        trace_id, span_id = getattr(record, "trace_id", ""), getattr(record, "span_id", "")
        if trace_id:
            record.traceId, record.spanId = trace_id, span_id
        return True


def exporters() -> tuple[Any, Any]:
    """Return the exporters of spans and metrics."""
    connection_string = settings.APPLICATIONINSIGHTS_CONNECTION_STRING
    return monitor.span_exporter(connection_string), monitor.metric_exporter(connection_string)


def add_log_handler(instance: str) -> logging.Handler:
    """Send what this process logs; every record is scrubbed before it is kept for sending."""
    handler = monitor.log_handler(
        settings.APPLICATIONINSIGHTS_CONNECTION_STRING,
        role=settings.OTEL_SERVICE_NAME,
        instance=instance,
    )
    handler.addFilter(import_string(REQUEST_IDS)())
    handler.addFilter(TraceFilter())
    handler.addFilter(ScrubFilter(hide_exceptions=True))
    handler.addFilter(DimensionFilter())
    logging.getLogger().addHandler(handler)
    return handler
