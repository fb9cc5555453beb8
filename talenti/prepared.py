"""SQL that is built once: reads that nearly every request asks, and new rows.

Building SQL out of a queryset costs more CPU than all else in a small request. Here the queryset is
compiled at its first use, with slots for the values, and later calls only send values; PostgreSQL
keeps it planned, too (talenti.postgres). It stays the ORM's own SQL for each database, so there is
no second spelling of a query to keep right.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models import Expression, QuerySet
from django.db.models.sql import InsertQuery

MOST_KEPT = 256  # statements; each is a few kB of text

Row = tuple[Any, ...]
AnyField: TypeAlias = "models.Field[Any, Any]"
Sizes = tuple[tuple[str, int | None], ...]
Build = Callable[..., QuerySet[Any, Any]]


class Slot(Expression):
    """The place of a value in compiled SQL; until the call it is its own parameter."""

    def __init__(self, name: str, field: AnyField, at: int | None = None) -> None:
        super().__init__(output_field=field)
        self.name, self.at = name, at

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return a placeholder."""
        return "%s", (self,)

    def pick(self, values: Mapping[str, Any], database: Any) -> Any:
        """Return this slot's value as the driver takes it."""
        given = values[self.name]
        one = given if self.at is None else given[self.at]
        return self.output_field.get_db_prep_value(one, database)


@dataclass(frozen=True, slots=True)
class Slots:
    """Makes the slots of a statement; a list of values has as many as it had at the call."""

    sizes: Mapping[str, int | None]

    def __call__(self, name: str, field: AnyField) -> Any:
        """Return the slot of `name`, or a list of slots where a list is given."""
        size = self.sizes[name]
        if size is None:
            return Slot(name, field)
        return [Slot(name, field, at) for at in range(size)]


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with slots among its parameters, and what turns columns into values of Python."""

    sql: str
    params: tuple[Any, ...]
    converters: Mapping[int, tuple[list[Any], Any]]

    def run(self, values: Mapping[str, Any]) -> list[Row]:
        """Return all rows."""
        database = connections[DEFAULT_DB_ALIAS]  # to go through the proxy each time is slow
        params = [
            part.pick(values, database) if isinstance(part, Slot) else part for part in self.params
        ]
        with _cursor(database) as cursor:
            cursor.execute(self.sql, params)
            rows = cursor.fetchall()
        return [self._converted(row, database) for row in rows] if self.converters else rows

    def _converted(self, row: Row, database: Any) -> Row:
        values = list(row)
        for at, (functions, column) in self.converters.items():
            for function in functions:
                values[at] = function(values[at], column, database)
        return tuple(values)


def fetch(build: Build, values: Mapping[str, Any], *constants: Hashable) -> list[Row]:
    """Return the rows of `build(slots, *constants)`, a queryset made with `values_list`.

    `build` asks `slots(name, field)` for the place of each value. Its SQL may depend on nothing but
    the constants and on how many values a list has; an empty list finds nothing.
    """
    sizes = tuple(
        (name, len(value) if isinstance(value, list) else None) for name, value in values.items()
    )
    if any(size == 0 for _, size in sizes):
        return []
    return _statement(build, constants, sizes, connection.vendor).run(values)


@lru_cache(maxsize=MOST_KEPT)
def _statement(
    build: Build, constants: tuple[Hashable, ...], sizes: Sizes, vendor: str
) -> Statement:
    queryset = build(Slots(dict(sizes)), *constants)
    compiler = queryset.query.get_compiler(queryset.db)
    sql, params = compiler.as_sql()
    columns = [entry[0] for entry in compiler.select[: compiler.col_count]]
    return Statement(sql, tuple(params), compiler.get_converters(columns))


def fetch_object(
    model: type[models.Model], build: Build, values: Mapping[str, Any], *constants: Hashable
) -> Any | None:
    """Return the first row of a queryset of whole rows of `model`; None without any."""
    return next(iter(fetch_objects(model, build, values, *constants)), None)


def fetch_objects(
    model: type[models.Model], build: Build, values: Mapping[str, Any], *constants: Hashable
) -> list[Any]:
    """Return the rows of a queryset of whole rows of `model`."""
    names = [field.attname for field in model._meta.concrete_fields]
    rows = fetch(build, values, *constants)
    return [model.from_db(DEFAULT_DB_ALIAS, names, row) for row in rows]


def insert(row: models.Model) -> None:
    """Store a new row as its `save` would, but without signals; raises IntegrityError.

    Every value is the object's own: the database is asked for none.
    """
    database = connections[DEFAULT_DB_ALIAS]
    sql, fields = _insertion(type(row), database.vendor)
    values = [field.get_db_prep_save(field.pre_save(row, add=True), database) for field in fields]
    with _cursor(database) as cursor:
        cursor.execute(sql, values)
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


@lru_cache(maxsize=MOST_KEPT)
def _insertion(model: type[models.Model], vendor: str) -> tuple[str, tuple[AnyField, ...]]:
    fields = tuple(model._meta.concrete_fields)
    query = InsertQuery(model)
    query.insert_values(fields, [model()])
    sql, _ = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()[0]
    return sql, fields


def _cursor(database: Any) -> Any:
    return getattr(database, "prepared_cursor", database.cursor)()
