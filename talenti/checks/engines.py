"""Every role has its engine, and every engine what it needs."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from talenti.engines import engine, engine_path

TAG = "talenti"


@register(TAG)
def check_engines(**_: Any) -> list[CheckMessage]:
    """Every role has a known engine, and the engine has what it needs."""
    found: list[CheckMessage] = []
    for role in settings.ENGINES:
        try:
            engine_path(role)
            missing = engine(role).check()
        except (ImproperlyConfigured, ImportError) as error:
            hint = f"Set {role.upper()} to a known engine, or leave it empty."
            found.append(Error(str(error), hint=hint, id="talenti.E001"))
        else:
            found += [_incomplete(role, message) for message in missing]
    return found


def _incomplete(role: str, message: str) -> CheckMessage:
    hint = f"Complete it, or set {role.upper()}=offline. See docs/settings.md."
    return Error(message, hint=hint, obj=role, id="talenti.E002")
