"""A span for each query within a request or a piece of work, on whatever database there is."""

from collections.abc import Callable
from typing import Any

from django.db import connections
from django.db.backends.signals import connection_created

from talenti.telemetry import recorder

LONGEST = 500  # characters of a statement; its values never are in it


def trace_query(
    execute: Callable[..., Any],
    sql: Any,
    params: Any,
    many: bool,  # noqa: FBT001 - Django's own order
    context: dict[str, Any],
) -> Any:
    """Run a query, as Django's execute_wrapper."""
    if not recorder.trace_ids()[0]:
        return execute(sql, params, many, context)
    text = str(sql)
    with recorder.span(text.partition(" ")[0].upper() or "SQL", kind=recorder.CALL) as span:
        vendor = context["connection"].vendor
        span.note({"db.system": vendor, "db.statement": text[:LONGEST]})
        return execute(sql, params, many, context)


def watch_queries() -> None:
    """Trace the queries of every connection, those of now and later ones."""
    for connection in connections.all(initialized_only=True):
        _watch(connection)
    connection_created.connect(_on_connection, dispatch_uid="talenti.telemetry.queries")


def _on_connection(connection: Any, **_: Any) -> None:
    _watch(connection)


def _watch(connection: Any) -> None:
    if trace_query not in connection.execute_wrappers:
        connection.execute_wrappers.append(trace_query)
