"""What every view of the API is made of."""

import uuid
from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar, cast

from django.core.exceptions import ImproperlyConfigured
from django.db.models import UUIDField
from django.http import Http404
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from talenti.api.pagination import PARAMETERS
from talenti.api.permissions import Deny, MemberRole
from talenti.api.serializers import StrictSerializer
from talenti.errors import NotAllowed
from talenti.history import Actor
from talenti.models import User
from talenti.prepared import Slots, fetch_object
from talenti.roles import Role
from talenti.tenancy import TenantQuerySet, TenantRow

QUERY_OF_LISTS = frozenset(PARAMETERS)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class ApiView(APIView):
    """A view whose answers nobody keeps, and which must say who may use it."""

    metadata_class = None

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """Return the view, or stop the start when it has no permission of its own."""
        if not cls.permission_classes or Deny in cls.permission_classes:
            message = f"{cls.__module__}.{cls.__qualname__} declares no permission."
            raise ImproperlyConfigured(message)
        return super().as_view(**initkwargs)

    @classmethod
    def handles(cls, method: str | None) -> bool:
        """Return whether there is anything to call for this method."""
        name = "get" if method == "HEAD" else str(method).lower()
        return name.upper() in METHODS and hasattr(cls, name)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Forbid caches to keep what was answered."""
        answer: Any = super().finalize_response(request, response, *args, **kwargs)
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer


class TenantView(ApiView):
    """A view of organisations' rows: `roles` says for each method which members may call it.

    Reach rows by `find` only: it cuts to the user's organisations (404) and asks for a role (403).
    """

    permission_classes = [MemberRole]
    roles: ClassVar[Mapping[str, frozenset[Role]]] = {}

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """Return the view, or stop the start when a method has no roles."""
        open_methods = [name for name in METHODS if cls.handles(name) and name not in cls.roles]
        if open_methods:
            message = f"{cls.__module__}.{cls.__qualname__} has no roles for {open_methods}."
            raise ImproperlyConfigured(message)
        return super().as_view(**initkwargs)

    @classmethod
    def roles_of(cls, method: str | None) -> frozenset[Role]:
        """Return who may call the method."""
        return cls.roles["GET" if method == "HEAD" else str(method)]

    @property
    def user(self) -> User:
        """Return who asks, with their roles."""
        return cast("User", self.request.user)

    @property
    def actor(self) -> Actor:
        """Return who asks, as history names them."""
        return Actor.person(self.user)

    def find(
        self, rows: TenantQuerySet, pk: uuid.UUID, roles: frozenset[Role] | None = None
    ) -> Any:
        """Return the row `pk` for a member with one of `roles` (the view's own by default).

        Raises Http404 for other organisations' rows and NotAllowed when the role is too low.
        """
        row = rows.for_user(self.user).filter(pk=pk).first()
        if row is None:
            raise Http404
        self.require(row, roles)
        return row

    def find_row(
        self, model: type[TenantRow], pk: uuid.UUID, within: uuid.UUID | None = None
    ) -> Any:
        """Return what `find` does out of all rows of a model, or of one organisation: prepared."""
        mine = [home for home in self.user.roles if within in {None, home}]
        values = {"organisations": mine, "row": pk}
        row = fetch_object(model, _row_of, values, model)
        if row is None:
            raise Http404
        self.require(row)
        return row

    def require(self, where: Any, roles: frozenset[Role] | None = None) -> None:
        """Raise Http404 for a stranger and NotAllowed for a member without one of `roles`.

        `where` is a row of an organisation or an organisation's id.
        """
        organisation_id = where if isinstance(where, uuid.UUID) else where.organisation_id
        role = self.user.role_in(organisation_id)
        if role is None:
            raise Http404
        if role not in (self.roles_of(self.request.method) if roles is None else roles):
            raise NotAllowed("Your role in this organisation does not allow this.")

    def listed(self, rows: TenantQuerySet, filters: Mapping[str, Any]) -> TenantQuerySet:
        """Return the user's rows, cut to one organisation if the filters name one (404)."""
        if "organisation" in filters:
            self.require(filters["organisation"])
            return rows.filter(organisation=filters["organisation"])
        return rows.for_user(self.user)

    def organisation_for(self, given: uuid.UUID | None) -> uuid.UUID:
        """Return where a new row belongs: the `organisation` given, or the user's only one.

        Raises Http404 for one they do not belong to, NotAllowed when the role there is too low,
        ValidationError when it must be named.
        """
        mine = list(self.user.roles)
        if given is None and len(mine) != 1:
            message = "You belong to several organisations: name the one this is for."
            raise ValidationError({"organisation": [message]})
        organisation_id = given or mine[0]
        self.require(organisation_id)
        return organisation_id


def _row_of(slots: Slots, model: type[TenantRow]) -> Any:
    homes = slots("organisations", UUIDField())
    return model.objects.filter(organisation__id__in=homes, pk=slots("row", UUIDField()))


def read_input(shape: type[BaseSerializer[Any]], request: Request) -> dict[str, Any]:
    """Return the validated body; raises ValidationError with every wrong field named."""
    return _validated(shape, request.data)


def read_query(shape: type[BaseSerializer[Any]] | None, request: Request) -> dict[str, Any]:
    """Return the validated filters of a list; raises ValidationError, for unknown ones too."""
    given = request.query_params
    repeated = {name: ["Give it once."] for name in given if len(given.getlist(name)) > 1}
    if repeated:
        raise ValidationError(repeated)
    filters = {name: value for name, value in given.items() if name not in QUERY_OF_LISTS}
    return _validated(shape or StrictSerializer, filters)


def _validated(shape: type[BaseSerializer[Any]], data: Any) -> dict[str, Any]:
    reader: BaseSerializer[Any] = _reader(shape)  # type: ignore[arg-type]  # classes are hashable
    return cast("dict[str, Any]", reader.run_validation(data))


@cache
def _reader(shape: type[BaseSerializer[Any]]) -> BaseSerializer[Any]:
    """Return the one serializer of a shape: to copy its fields costs more than to use them.

    Threads share it, because `run_validation` keeps nothing of what it reads.
    """
    return shape()
