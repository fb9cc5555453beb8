"""Lists page by page, from a row on (keyset): the last page costs what the first one does.

A cursor names the row beside which a page begins, so nothing is counted and nothing is skipped. The
comparison `(a, id) < (x, y)` is one range in an index on (organisation, a, id).
"""

import base64
import json
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import FieldError
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import connection, models
from django.db.models import BooleanField, F, Func, QuerySet, Value
from django.http import QueryDict
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from talenti.api.renderers import dump_json
from talenti.prepared import Slots, fetch
from talenti.tenancy import TenantRow

PARAMETERS = ("cursor", "page_size", "ordering")
LONGEST_CURSOR = 600
MOST_APART = 16  # organisations of one member that are read apart: statements grow with them
BAD_CURSOR = (ValueError, TypeError, AttributeError, RecursionError, DjangoValidationError)
NEWEST_FIRST = "-created_at"
Row = dict[str, Any]


class Beside(Func):
    """`(column, id) < (value, id)`: a row comparison, which both databases answer by one range."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, *parts: Any, sign: str = "<") -> None:
        super().__init__(*parts)
        self.extra["sign"] = sign

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, tuple[Any, ...]]:  # type: ignore[override]
        """Return the comparison of the first two expressions with the last two."""
        parts = [compiler.compile(part) for part in self.source_expressions]
        texts = [text for text, _ in parts]
        sql = f"({texts[0]}, {texts[1]}) {self.extra['sign']} ({texts[2]}, {texts[3]})"
        return sql, tuple(value for _, values in parts for value in values)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list: beside the row with this value and id, looking on or back."""

    ordering: str
    value: Any
    row_id: Any
    back: bool = False

    def written(self) -> str:
        """Return the opaque text that clients carry."""
        parts = dump_json([self.ordering, self.back, self.value, self.row_id])
        return base64.urlsafe_b64encode(parts).decode().rstrip("=")


class Shape(Protocol):
    """Turns one row into what the API shows: with `id` and every field that may order the list."""

    def __call__(self, row: Any, /) -> Row:
        """Return the object."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What the query asked for."""

    ordering: str
    size: int
    cursor: Cursor | None

    @property
    def field(self) -> str:
        """Return the ordering field without its sign."""
        return self.ordering.removeprefix("-")

    @property
    def descending(self) -> bool:
        """Return whether rows are read downwards: a page back is read the other way round."""
        return self.ordering.startswith("-") != self.back

    @property
    def back(self) -> bool:
        """Return whether this is a page before the cursor."""
        return self.cursor is not None and self.cursor.back


@dataclass(frozen=True, slots=True)
class Order:
    """What the SQL of a prepared page depends on."""

    field: str
    descending: bool
    size: int
    beside: bool


@dataclass(frozen=True, slots=True)
class PreparedRows:
    """Rows of some organisations whose pages are read with prepared SQL, for the busiest lists."""

    model: type[TenantRow]
    columns: tuple[str, ...]
    organisations: tuple[uuid.UUID, ...]

    def page(self, asked: PageRequest) -> list[tuple[Any, ...]]:
        """Return the rows of one page and one more."""
        values: Row = {"organisations": list(self.organisations)}
        if asked.cursor:
            values |= {"value": asked.cursor.value, "row_id": asked.cursor.row_id}
        order = Order(asked.field, asked.descending, asked.size, asked.cursor is not None)
        return fetch(_prepared, values, self.model, self.columns, order)


def paginate(
    request: Request,
    queryset: "QuerySet[Any, Any] | PreparedRows",
    shape: Shape | Callable[[Any], Row],
    *,
    orderings: Iterable[str] = ("created_at",),
    default: str = NEWEST_FIRST,
) -> Row:
    """Return `{results, next, previous}` of one page; one query, for rows or values of any kind.

    `orderings` are columns without nulls which an index holds together with the id; a `-` turns
    them round. Raises ValidationError for a bad cursor, page_size or ordering.
    """
    asked = read_page_request(request.query_params, queryset.model, tuple(orderings), default)
    rows = [shape(row) for row in _rows_of(queryset, asked)]
    more = len(rows) > asked.size
    del rows[asked.size :]
    if asked.back:
        rows.reverse()
    return {
        "results": rows,
        "next": _link(request, asked, rows, back=False, there=more or asked.back),
        "previous": _link(
            request, asked, rows, back=True, there=more if asked.back else bool(asked.cursor)
        ),
    }


def _rows_of(source: "QuerySet[Any, Any] | PreparedRows", asked: PageRequest) -> "Iterable[Any]":
    if isinstance(source, PreparedRows):
        return source.page(asked)
    return _slice(source, asked)


def _prepared(
    slots: Slots, model: type[TenantRow], columns: tuple[str, ...], asked: "Order"
) -> QuerySet[Any, Any]:
    """Return a page; of several organisations it is chosen among a page of each.

    An index gives each organisation's newest rows, but `IN` of several would sort all there are.
    """
    homes = slots("organisations", models.UUIDField())
    apart = connection.features.supports_slicing_ordering_in_compound and len(homes) <= MOST_APART
    if len(homes) == 1 or not apart:
        return _page_of(homes, slots, model, asked).values_list(*columns)
    first, *others = (_page_of([home], slots, model, asked).values_list(*columns) for home in homes)
    return _cut(first.union(*others, all=True), asked)


def _page_of(
    homes: list[Any], slots: Slots, model: type[TenantRow], asked: "Order"
) -> QuerySet[Any, Any]:
    rows = model.objects.filter(organisation__id__in=homes)
    if asked.beside:
        value, row_id = (
            slots("value", _column(model, asked.field)),
            slots("row_id", _column(model, "id")),
        )
        sign = "<" if asked.descending else ">"
        rows = rows.filter(Beside(F(asked.field), F("id"), value, row_id, sign=sign))
    return _cut(rows, asked)


def _slice(queryset: QuerySet[Any, Any], asked: PageRequest) -> QuerySet[Any, Any]:
    if asked.cursor:
        queryset = queryset.filter(_beside(queryset.model, asked, asked.cursor))
    return _cut(queryset, asked)


def _cut(rows: QuerySet[Any, Any], asked: "PageRequest | Order") -> QuerySet[Any, Any]:
    sign = "-" if asked.descending else ""
    return rows.order_by(f"{sign}{asked.field}", f"{sign}id")[: asked.size + 1]


def _beside(model: type[models.Model], asked: PageRequest, cursor: Cursor) -> Beside:
    return Beside(
        F(asked.field),
        F("id"),
        Value(cursor.value, output_field=_column(model, asked.field)),
        Value(cursor.row_id, output_field=_column(model, "id")),
        sign="<" if asked.descending else ">",
    )


def _column(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    found = model._meta.get_field(name)
    if not isinstance(found, models.Field) or found.null:
        message = f"{name} cannot order a list: it must be a column without nulls."
        raise FieldError(message)
    return found


def read_page_request(
    query: QueryDict, model: type[models.Model], orderings: tuple[str, ...], default: str
) -> PageRequest:
    """Return what is asked for; raises ValidationError."""
    text = query.get("cursor")
    cursor = None if text is None else _read_cursor(text, model, orderings)
    ordering = query.get("ordering") or (cursor.ordering if cursor else default)
    if ordering.removeprefix("-") not in orderings:
        raise ValidationError({"ordering": [f"Choose one of: {_choices(orderings)}."]})
    if cursor and cursor.ordering != ordering:
        raise ValidationError({"cursor": ["This cursor belongs to another ordering."]})
    return PageRequest(ordering, _read_size(query.get("page_size")), cursor)


def _choices(orderings: tuple[str, ...]) -> str:
    return ", ".join(f"{name}, -{name}" for name in orderings)


def _read_size(text: str | None) -> int:
    if text is None:
        return int(settings.API_PAGE_SIZE)
    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) < 1:
        raise ValidationError({"page_size": ["Give a whole number of at least 1."]})
    return min(int(text), settings.API_MAX_PAGE_SIZE)


def _read_cursor(text: str, model: type[models.Model], orderings: tuple[str, ...]) -> Cursor:
    try:
        return _decode(text, model, orderings)
    except BAD_CURSOR as error:
        raise ValidationError({"cursor": ["This is not a cursor of this list."]}) from error


def _decode(text: str, model: type[models.Model], orderings: tuple[str, ...]) -> Cursor:
    """Read a cursor; it may come from anybody, so every part becomes a value of its column."""
    if len(text) > LONGEST_CURSOR:
        raise ValueError
    raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    ordering, back, value, row_id = json.loads(raw)
    if ordering.removeprefix("-") not in orderings or not isinstance(back, bool):
        raise ValueError
    return Cursor(
        ordering,
        _typed(model, ordering.removeprefix("-"), value),
        _typed(model, "id", row_id),
        back,
    )


def _typed(model: type[models.Model], name: str, value: Any) -> Any:
    if isinstance(value, bool | list | dict | None) or "\0" in str(value):
        raise TypeError
    column = _column(model, name)
    found = column.to_python(value)
    column.run_validators(found)
    if isinstance(column, models.DateTimeField) and found.tzinfo is None:
        raise ValueError
    return str(uuid.UUID(str(value))) if isinstance(column, models.UUIDField) else found


def _link(
    request: Request, asked: PageRequest, rows: list[Row], *, back: bool, there: bool
) -> str | None:
    if not there or not (rows or asked.cursor):
        return None
    cursor = _edge(asked, rows, back=back)
    query = request.query_params.copy()
    query["cursor"] = cursor.written()
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _edge(asked: PageRequest, rows: list[Row], *, back: bool) -> Cursor:
    """Return the cursor at the end of this page; an empty page turns round where it stood."""
    if not rows and asked.cursor:
        return Cursor(asked.ordering, asked.cursor.value, asked.cursor.row_id, back)
    row = rows[0 if back else -1]
    return Cursor(asked.ordering, row[asked.field], row["id"], back)
