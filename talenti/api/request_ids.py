"""The id of the request being answered, for its answer, its problems and its log lines."""

import logging
import re
import uuid
from contextvars import ContextVar

HEADER = "X-Request-ID"
ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")
current: ContextVar[str] = ContextVar("request_id", default="")


def choose_request_id(offered: str) -> str:
    """Return the caller's own id if it is harmless, else a new one."""
    return offered if ACCEPTED.fullmatch(offered) else uuid.uuid4().hex


class RequestIdFilter(logging.Filter):
    """Gives every record a `request_id` (empty outside requests) for the formatter."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Set the attribute; the record always passes."""
        record.request_id = current.get()
        return True
