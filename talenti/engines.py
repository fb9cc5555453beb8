"""Which engine plays a role: settings name it, and nothing ever falls back to another one."""

import logging
import threading
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)


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


def start_warming() -> threading.Thread:
    """Let this process load its providers' SDKs beside its work: that takes over a second.

    The first call would wait for them otherwise, and a live question has three seconds in all.
    """
    thread = threading.Thread(target=warm_up, name="warming", daemon=True)
    thread.start()
    return thread


def warm_up() -> None:
    """Load what engines with a `warm_up` and what storages need; faults are logged, not raised."""
    for role in settings.ENGINES:
        _try(_warm_engine, role)
    for alias in settings.FILE_ALIASES:
        _try(storages.__getitem__, alias)


def _warm_engine(role: str) -> None:
    load = getattr(engine(role), "warm_up", None)
    if load is not None:
        load()


def _try(load: Callable[[str], Any], name: str) -> None:
    try:
        load(name)
    except Exception as error:  # noqa: BLE001 - the call itself will say it to somebody
        logger.warning("not loaded early name=%s cause=%s", name, type(error).__name__)


@setting_changed.connect
def _forget_engines(*, setting: str, **_: Any) -> None:
    if setting in {"ENGINES", "ENGINE_PATHS"}:
        _built.cache_clear()
