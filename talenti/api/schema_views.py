"""The schema and the page to read it with; both are public, like the code."""

from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from talenti.api.renderers import dump_json

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@lru_cache(maxsize=1)
def schema_bytes() -> bytes:
    """Return the schema as JSON; it is the same for everybody, so it is made once."""
    from drf_spectacular.generators import SchemaGenerator  # noqa: PLC0415 - heavy, seldom needed

    return dump_json(SchemaGenerator().get_schema(public=True))  # type: ignore[no-untyped-call]


@require_safe
def schema_view(request: HttpRequest) -> HttpResponse:
    """Return the OpenAPI schema."""
    return HttpResponse(schema_bytes(), content_type="application/vnd.oai.openapi+json")


@require_safe
def docs_view(request: HttpRequest) -> HttpResponse:
    """Return Swagger UI, from our own static files alone."""
    title = settings.SPECTACULAR_SETTINGS["TITLE"]
    response = render(request, "talenti/docs.html", {"title": title})
    response.headers["Content-Security-Policy"] = POLICY
    return response
