"""Environment variables, read once and typed; a wrong value stops the start with its name."""

import contextlib
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    """Return the variable without surrounding space; an empty one counts as unset."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool) -> bool:
    """Return a yes or no."""
    value = text(name).lower()
    if not value:
        return default
    if value in TRUE or value in FALSE:
        return value in TRUE
    message = f"{name} must be true or false."
    raise ImproperlyConfigured(message)


def number(name: str, default: int, *, least: int, most: int) -> int:
    """Return a whole number within [least, most]."""
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        message = f"{name} must be a whole number from {least} to {most}."
        raise ImproperlyConfigured(message)
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """Return a comma list without empty entries."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def choice(name: str, default: str, *, among: tuple[str, ...]) -> str:
    """Return one of `among`."""
    value = text(name, default)
    if value not in among:
        message = f"{name} must be one of {', '.join(among)}."
        raise ImproperlyConfigured(message)
    return value


def local_secret(path: Path) -> str:
    """Return the secret kept in `path`, making it on the first start (development only)."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)  # the first of two starting processes wins
        fresh.unlink()
    return path.read_text()
