"""Row ids: UUID version 7, so that new rows land at the end of every index."""

import uuid

from uuid_utils.compat import uuid7


def new_id() -> uuid.UUID:
    """Return a fresh time-ordered UUID (RFC 9562, version 7)."""
    return uuid7()
