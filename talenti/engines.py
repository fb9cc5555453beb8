"""Which engine plays a role: settings name it, and nothing ever falls back to another one."""

from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.utils.module_loading import import_string


def engine_path(role: str) -> str:
    """Return the dotted path of the engine for `role`: a known short name or a path of its own."""
    chosen = settings.ENGINES[role]
    known = settings.ENGINE_PATHS[role]
    if "." in chosen:
        return str(chosen)
    if not chosen:
        message = f"{role.upper()} is not set, and neither is an endpoint that would decide it."
        raise ImproperlyConfigured(message)
    if chosen not in known:
        message = f"{role.upper()} is {chosen!r}; known engines: {', '.join(sorted(known))}."
        raise ImproperlyConfigured(message)
    return str(known[chosen])


@cache
def _built(path: str) -> Any:
    return import_string(path)()


def engine(role: str) -> Any:
    """Return the engine for `role` (one object per process); the caller knows its Protocol."""
    return _built(engine_path(role))


@setting_changed.connect
def _forget_engines(*, setting: str, **_: Any) -> None:
    if setting in {"ENGINES", "ENGINE_PATHS"}:
        _built.cache_clear()
