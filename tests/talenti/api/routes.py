"""Every route of the API, found in the URLconf, so that no new one is forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from talenti.api.views import METHODS

PREFIX = "api/v1/"


@dataclass(frozen=True, slots=True)
class Route:
    """One path with its view."""

    path: str
    view: Any

    @property
    def methods(self) -> list[str]:
        """Return the methods that are answered."""
        return [method for method in METHODS if self.view.handles(method)]

    def handler(self, method: str) -> Any:
        """Return the function that answers."""
        return getattr(self.view, method.lower())


def find_routes() -> list[Route]:
    """Return every route below /api/v1/, as a template such as `jobs/<uuid:pk>`."""
    found = [Route(path, getattr(view, "cls", None)) for path, view in walk()]
    return [
        Route(route.path.removeprefix(PREFIX), route.view)
        for route in found
        if route.path.startswith(PREFIX)
    ]


def walk(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every route of the site with what answers it."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield path, entry.callback
        else:
            yield from walk(entry, path)
