"""System checks: what is set wrongly is said before the first request, with a hint."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from talenti.engines import engine, engine_path


@register()
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
            found += [Error(message, obj=role, id="talenti.E002") for message in missing]
    return found
