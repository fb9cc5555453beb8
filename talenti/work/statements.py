"""The UPDATEs that every unit of work makes, compiled once: building them took most of its CPU."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, cast

from django.db import connection, models
from django.db.models.sql import UpdateQuery

from talenti.prepared import Row, Slot, Statement
from talenti.work.models import WorkItem, WorkQuerySet

Build = Callable[[], tuple[WorkQuerySet, dict[str, Any]]]


def slot(field: str, name: str = "") -> Any:
    """Return the place of a value of `field`, which each call gives under `name` (the field's)."""
    return Slot(name or field, _field(field))


def change(build: Build, values: Mapping[str, Any], *returned: str) -> list[Row]:
    """Change the work items that match, and return the fields `returned` of each.

    `build` returns the queryset and the changes, with slots; its SQL may depend on nothing else.
    """
    return _compiled(build, returned, connection.vendor).run(values)


@lru_cache(maxsize=16)
def _compiled(build: Build, returned: tuple[str, ...], _vendor: str) -> Statement:
    queryset, changes = build()
    query = cast("UpdateQuery", queryset.query.chain(UpdateQuery))
    query.add_update_values(changes)
    compiler = query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    fields = [_field(name) for name in returned]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    converters = compiler.get_converters(
        [field.get_col(field.model._meta.db_table) for field in fields]
    )
    return Statement(f"{sql} RETURNING {names}", tuple(params), converters)


def _field(name: str) -> "models.Field[Any, Any]":
    return cast("models.Field[Any, Any]", WorkItem._meta.get_field(name))
