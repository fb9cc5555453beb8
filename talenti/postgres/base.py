"""The database wrapper that Django looks for in an ENGINE."""

from typing import Any

from django.db.backends.postgresql import base
from psycopg.types.datetime import TimestamptzLoader

PreparedCursor: Any = base.ServerBindingCursor  # its stubs know nothing of it


class DatabaseWrapper(base.DatabaseWrapper):
    """Connections with a cursor more."""

    def prepared_cursor(self) -> Any:
        """Return a cursor that sends values apart from the SQL, which the server keeps prepared.

        `prepare_threshold` in OPTIONS says after how many times on a connection. Other cursors put
        the values into the SQL, because not all that Django writes can be typed by the server.
        A pooler in between has to know prepared statements (PgBouncer does since 1.21).
        Moments are in the session's zone, which is UTC: the driver reads them faster than Django,
        whose loader sets the zone once more (until its ticket 36960 is done).
        """
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor: Any = PreparedCursor(self.connection)
            cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
            return self._prepare_cursor(cursor)  # type: ignore[attr-defined]
