"""Environment variables, read once and typed; a wrong value stops the start with its name."""

import contextlib
import os
import re
import secrets
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
AMOUNT = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")
CURRENCY = re.compile(r"[A-Z]{3}")
# The deployment guide spells these in two ways; the first one counts when both are set.
OTHER_SPELLINGS = {
    "AZURE_ACS_CONNECTION_STRING": "ACS_CONNECTION_STRING",
    "AZURE_OPENAI_API_KEY": "AZURE_OPENAI_KEY",
    "AZURE_OPENAI_DEPLOYMENT_NAME": "AZURE_OPENAI_DEPLOYMENT",
    "AZURE_STORAGE_SAS_TTL_MINUTES": "AZURE_STORAGE_SAS_TTL",
}


def text(name: str, default: str = "") -> str:
    """Return the variable without surrounding space; an empty one counts as unset."""
    other = OTHER_SPELLINGS.get(name, "")
    return spelled(name) or (spelled(other) if other else "") or default


def spelled(name: str) -> str:
    """Return what stands under exactly this name."""
    return os.environ.get(name, "").strip()


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


def amount(name: str, default: str) -> Decimal:
    """Return an exact amount of money, 0 or more, such as 0.0135."""
    value = text(name, default)
    if not AMOUNT.fullmatch(value):
        message = f"{name} must be an amount such as 0.0135."
        raise ImproperlyConfigured(message)
    return Decimal(value)


def currency(name: str, default: str) -> str:
    """Return the three letters of a currency."""
    value = text(name, default).upper()
    if not CURRENCY.fullmatch(value):
        message = f"{name} must be the three letters of a currency, such as USD."
        raise ImproperlyConfigured(message)
    return value


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


def address(name: str, default: str = "", *, schemes: tuple[str, ...] = ("https", "http")) -> str:
    """Return an absolute address without its last slash, or the default."""
    value = text(name, default).rstrip("/")
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        known = parts.scheme in schemes and bool(parts.hostname)
    except ValueError:
        known = False
    if not known:
        message = f"{name} must be an address that begins with {' or '.join(schemes)}://."
        raise ImproperlyConfigured(message)
    return value


def guid(name: str) -> str:
    """Return a GUID in lower case, as tokens spell it, or nothing."""
    value = text(name).lower()
    if value and not GUID.fullmatch(value):
        message = f"{name} must be a GUID: 12345678-abcd-1234-abcd-1234567890ab."
        raise ImproperlyConfigured(message)
    return value


def phone_number(name: str) -> str:
    """Return a number in E.164 form, or nothing."""
    value = text(name)
    if value and not E164.fullmatch(value):
        message = f"{name} must be a phone number in E.164 form, such as +61280001234."
        raise ImproperlyConfigured(message)
    return value


def connection_parts(name: str) -> dict[str, str]:
    """Return the parts of `name=value;name=value`, their names in lower case."""
    parts = (part.partition("=") for part in text(name).split(";"))
    return {key.strip().lower(): value.strip() for key, _, value in parts if key.strip()}


def redis_address(name: str, password_name: str) -> str:
    """Return the address of Redis, with the password of its own variable if it names none."""
    value = address(name, schemes=("redis", "rediss"))
    password = text(password_name)
    parts = urlsplit(value)
    if not value or not password or parts.password:
        return value
    login = f"{parts.username or ''}:{quote(password, safe='')}"
    return urlunsplit(parts._replace(netloc=f"{login}@{parts.netloc.rpartition('@')[2]}"))


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
