"""The OpenAPI schema, made from the notes beside the handlers (talenti.api.docs).

Only the schema view and the command load this room: the generator is heavy.
"""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from talenti.api.docs import Doc
from talenti.api.idempotency import HEADER
from talenti.api.permissions import MemberRole
from talenti.api.problems import MEDIA_TYPE

PREFIX = "/api/v1/"
CURSOR = OpenApiParameter("cursor", str, description="From `next` or `previous`.")
PAGE_SIZE = OpenApiParameter("page_size", {"type": "integer", "minimum": 1, "maximum": 200})
KEY = OpenApiParameter(
    HEADER,
    {"type": "string", "pattern": "^[\\x21-\\x7e]{1,200}$"},
    OpenApiParameter.HEADER,
    description="A repeated call with the same key gets the first answer, for 24 hours.",
)


class ProblemShown(serializers.Serializer[Any]):
    """A problem document (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]  # the document's own name
        child=serializers.ListField(child=serializers.CharField()), required=False
    )
    legal_moves = serializers.ListField(child=serializers.CharField(), required=False)
    request_id = serializers.CharField(required=False)


class TalentiSchema(AutoSchema):
    """Describes a call as its handler's note says."""

    @property
    def handler(self) -> Any:
        """Return the function that answers."""
        return getattr(self.view, self.method.lower())

    @property
    def doc(self) -> Doc:
        """Return its note; every handler has one."""
        found: Doc = self.handler.doc
        return found

    def get_operation_id(self) -> str:
        """Return an id made of method and path."""
        words = self.path.removeprefix(PREFIX).replace("{", "by_").replace("}", "").split("/")
        return "_".join([self.method.lower(), *words]).replace("-", "_")

    def get_tags(self) -> list[str]:
        """Return the area."""
        return [self.path.removeprefix(PREFIX).split("/")[0]]

    def get_summary(self) -> str:
        """Return the note's own words."""
        return self.doc.summary

    def get_description(self) -> str:  # type: ignore[override]
        """Return the handler's docstring."""
        return " ".join((self.handler.__doc__ or "").split())

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        """Return the name of a shape."""
        return type(serializer).__name__.removesuffix("Shown")

    def get_auth(self) -> list[dict[str, Any]]:
        """Return which schemes let somebody in; none for calls that come before a sign-in."""
        kinds: Any = self.view.authentication_classes
        schemes = [kind.scheme.lower() for kind in kinds]
        return [{scheme: []} for scheme in schemes]

    def get_override_parameters(self) -> list[Any]:
        """Return filters, paging and the idempotency key."""
        found: list[Any] = [self.doc.query] if self.doc.query else []
        if self.doc.listed:
            names = [sign + name for name in self.doc.orderings for sign in ("", "-")]
            found += [CURSOR, PAGE_SIZE, OpenApiParameter("ordering", str, enum=names)]
        return [*found, KEY] if getattr(self.handler, "idempotent", False) else found

    def get_request_serializer(self) -> Any:
        """Return what comes in, by media type."""
        if self.doc.request is None:
            return None
        content: Any = self.doc.request
        if self.doc.alternative is not None:
            content = self.one_of(self.doc.request, self.doc.alternative, direction="request")
        return dict.fromkeys(self.doc.media_types, content)

    def get_response_serializers(self) -> Any:
        """Return what goes out: the answer, and every refusal as a problem document."""
        answer: Any = self.doc.response
        if self.doc.listed:
            answer = self.page_of(answer)
        problems = {(status, MEDIA_TYPE): ProblemShown for status in self.refusals()}
        if self.doc.queued is None:
            return {self.doc.status: answer} | problems
        either = self.one_of(answer, self.doc.queued, direction="response")
        return {self.doc.status: either, 202: self.doc.queued} | problems

    def refusals(self) -> list[int]:
        """Return the statuses that this call may refuse with."""
        found = {400, 429, *self.doc.refusals}
        if self.view.authentication_classes:
            found.add(401)
        kinds: Any = self.view.permission_classes
        if any(issubclass(kind, MemberRole) for kind in kinds):
            found.add(403)
        if "{" in self.path:
            found.add(404)
        if getattr(self.handler, "idempotent", False):
            found |= {404, 409, 422}
        return sorted(found)

    def page_of(self, shape: Any) -> dict[str, Any]:
        """Return the schema of a page of rows."""
        row = self.resolve_serializer(shape, "response")
        link = {"type": "string", "format": "uri", "nullable": True}
        component = ResolvedComponent(  # type: ignore[no-untyped-call]
            name=f"{row.name}Page",
            type=ResolvedComponent.SCHEMA,
            object=f"{row.name}Page",
            schema={
                "type": "object",
                "required": ["results", "next", "previous"],
                "properties": {
                    "results": {"type": "array", "items": row.ref},
                    "next": link,
                    "previous": link,
                },
            },
        )
        self.registry.register_on_missing(component)
        reference: dict[str, Any] = component.ref
        return reference

    def one_of(self, *shapes: Any, direction: Any) -> dict[str, Any]:
        """Return the schema of several shapes of which any may come."""
        return {"oneOf": [self.resolve_serializer(shape, direction).ref for shape in shapes]}

    def _map_serializer_field(self, field: Any, direction: Any, *args: Any, **kwargs: Any) -> Any:
        if alternative := getattr(field, "or_object", None):
            found = self.one_of(alternative, direction=direction)
            return {"oneOf": [{"type": "string", "format": "uuid"}, *found["oneOf"]]}
        return super()._map_serializer_field(  # type: ignore[no-untyped-call]
            field, direction, *args, **kwargs
        )
