"""What an installation needs before strangers may reach it; staging and prod start with no less.

The same list answers `manage.py check --deploy` anywhere, so that one sees what is still to do.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.db.models import Q

from talenti import env
from talenti.checks.engines import TAG
from talenti.models import User

SHORTEST_SECRET = 32  # characters
PLACEHOLDERS = ("change-me", "changeme", "<", "insecure", "secret", "talenti", "example")
DEMO_LOGINS = Q(email__endswith="@demo.example") | Q(email__endswith="@other.example")
HTTPS = "https://"
Found = Iterator[CheckMessage]


@register(TAG)
def check_deployed(**_: Any) -> list[CheckMessage]:
    """Check staging and prod at every start."""
    return list(find_obstacles()) if settings.DEPLOYED else []


@register(TAG, Tags.security, deploy=True)
def check_deployable(**_: Any) -> list[CheckMessage]:
    """Check an installation that is not deployed yet, when asked with --deploy."""
    return [*(() if settings.DEPLOYED else find_obstacles()), *_demo_logins()]


def refuse_unsafe_start() -> None:
    """Raise ImproperlyConfigured with all that is wrong; nothing is asked of a development one."""
    if not settings.DEPLOYED:
        return
    found = [*run_checks(tags=[TAG]), *_demo_logins()]
    errors = [message for message in found if message.is_serious()]
    if errors:
        listed = "\n".join(f"- {error.msg} {error.hint or ''}".rstrip() for error in errors)
        message = f"Talenti does not start as {settings.ENVIRONMENT}:\n{listed}"
        raise ImproperlyConfigured(message)


def find_obstacles() -> Found:
    """Yield an error for everything that keeps this configuration from being deployed."""
    yield from _secrets()
    yield from _stores()
    yield from _addresses()
    yield from _origins()
    yield from _engines()
    if settings.DEBUG:
        yield _error("DEBUG is on.", "Remove DEBUG: it shows secrets to strangers.", 10)


def _secrets() -> Found:
    for name, value in (
        ("SECRET_KEY", settings.SECRET_KEY),
        ("JWT_SECRET", str(settings.SIMPLE_JWT["SIGNING_KEY"])),
    ):
        if not env.text(name):
            yield _error(f"{name} is not set.", "Set it to at least 48 random characters.", 11)
        elif len(value) < SHORTEST_SECRET or value.lower().startswith(PLACEHOLDERS):
            yield _error(
                f"{name} is short or a placeholder.", "Set at least 48 random characters.", 12
            )
    if settings.SIMPLE_JWT["SIGNING_KEY"] == settings.SECRET_KEY:
        yield _error("SECRET_KEY and JWT_SECRET are the same.", "Make two different secrets.", 13)


def _stores() -> Found:
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield _error(
            "The database is SQLite.", "Set DATABASE_URL to postgres://user:password@host/name.", 14
        )
    if not settings.REDIS_URL:
        yield _error("REDIS_URL is not set.", "Work and rate limits are shared by Redis.", 15)
    if (
        settings.STORAGES["recordings"]["BACKEND"]
        == "talenti.storage.files.SignedFileSystemStorage"
    ):
        yield checks.Warning(
            "Recordings lie in DATA_DIR of each container.",
            hint="Set AZURE_STORAGE_ACCOUNT, or mount one DATA_DIR into every container.",
            id="talenti.W001",
        )


def _addresses() -> Found:
    if not env.text("EMAIL_URL"):
        yield _error(
            "EMAIL_URL is not set.",
            "Set it to smtp+tls://user:password@host:587: links go out by mail.",
            16,
        )
    if not env.text("EMAIL_FROM"):
        yield _error(
            "EMAIL_FROM is not set.", "Set the sender: Talenti <no-reply@your.domain>.", 16
        )
    if not settings.PUBLIC_URL.startswith(HTTPS):
        yield _error("PUBLIC_URL is not an https address.", "Set the address people open.", 17)
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        yield _error(
            "ALLOWED_HOSTS is not set, or allows every host.",
            f"Set it to {urlsplit(settings.PUBLIC_URL).hostname} and whatever else leads here.",
            18,
        )


def _origins() -> Found:
    for origin in settings.CORS_ALLOWED_ORIGINS:
        if "*" in origin or not origin.startswith(HTTPS):
            yield _error(
                f"ALLOWED_ORIGINS holds {origin}: a wildcard or not https.",
                "List each site by its whole origin: https://talenti.app",
                19,
            )
    if getattr(settings, "CORS_ALLOW_ALL_ORIGINS", False):
        yield _error("Every origin is allowed.", "List the sites in ALLOWED_ORIGINS.", 19)


def _engines() -> Found:
    for role, chosen in settings.ENGINES.items():
        if chosen in {"", "offline"} and not env.text(role.upper()):
            yield _error(
                f"The {role} is the offline engine, and nobody asked for it.",
                f"Set its provider's endpoint, or ask for it: {role.upper()}=offline.",
                20,
            )


def _demo_logins() -> list[CheckMessage]:
    """Find the demo's people, whose password everybody knows; no table, no people."""
    try:
        found = User.objects.filter(DEMO_LOGINS, is_active=True).exists()
    except DatabaseError:
        return []
    hint = (
        "Start with an empty database, or deactivate everybody at demo.example and other.example."
    )
    return [_error("The demo's logins are in the database.", hint, 21)] if found else []


def _error(message: str, hint: str, number: int) -> CheckMessage:
    return Error(message, hint=hint, id=f"talenti.E{number:03}")
