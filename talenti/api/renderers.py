"""JSON out: fast, UTF-8, ids and exact numbers as strings, moments as ISO 8601 with Z."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import orjson
from django.db.models import QuerySet
from django.utils.functional import Promise
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


def dump_json(data: Any) -> bytes:
    """Return UTF-8 JSON. Moments of other zones than UTC keep their offset; none are stored so."""
    try:
        return orjson.dumps(data, default=_plain, option=OPTIONS)
    except orjson.JSONEncodeError:
        # Lone surrogates and numbers beyond 64 bits, from rows older than the strict parser.
        return json.dumps(data, default=_any_plain, allow_nan=False).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal | Promise):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, QuerySet | set | frozenset | tuple):
        return list(value)
    raise TypeError(type(value).__name__)


def _any_plain(value: Any) -> Any:
    try:
        return _plain(value)
    except TypeError:
        return json.loads(orjson.dumps(value, option=OPTIONS))


class OrjsonRenderer(BaseRenderer):
    """The API's only renderer. It has no charset parameter: JSON is UTF-8 (RFC 8259)."""

    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Return the body; no data is no body."""
        return b"" if data is None else dump_json(data)


class JsonNegotiation(DefaultContentNegotiation):
    """REST framework's own way to choose a renderer, with a short cut for the usual wishes."""

    usual = frozenset({"application/json", "*/*"})

    def select_renderer(
        self, request: Request, renderers: Iterable[Any], format_suffix: str | None = None
    ) -> tuple[Any, str]:
        """Return the renderer and its media type; raises NotAcceptable."""
        only = next(iter(renderers))
        wish = request.META.get("HTTP_ACCEPT", "*/*")
        if wish in self.usual and isinstance(only, OrjsonRenderer) and not request.GET:
            return only, only.media_type
        chosen: tuple[Any, str] = super().select_renderer(request, renderers, format_suffix)
        return chosen
