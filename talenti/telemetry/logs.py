"""Log lines as JSON, one object a line, with the ids that join them to requests and traces."""

import json
import logging
from datetime import UTC, datetime

from talenti.telemetry import recorder


class TraceFilter(logging.Filter):
    """Gives every record the ids of the current span; what is sent to Azure carries them, too."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Set the attributes once: a later thread of a handler stands in no span."""
        if not hasattr(record, "trace_id"):
            record.trace_id, record.span_id = recorder.trace_ids()
        return True


class JsonFormatter(logging.Formatter):
    """Writes what is known to be harmless and nothing else: no `extra` reaches a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line; a newline within a message cannot begin another."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        for name in ("request_id", "trace_id", "span_id"):
            if value := getattr(record, name, ""):
                line[name] = value
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        if record.exc_text:
            line["exception"] = record.exc_text
        return json.dumps(line, ensure_ascii=False)
