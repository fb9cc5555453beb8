"""Variables that are half set, or that contradict each other."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.checks import CheckMessage, Error, register

from talenti import env
from talenti.checks.engines import TAG

# The first says nothing without one of the others.
NEEDS = (
    ("AZURE_OPENAI_API_KEY", ("AZURE_OPENAI_ENDPOINT",)),
    ("OPENAI_API_KEY", ("OPENAI_BASE_URL",)),
    ("AZURE_STORAGE_ACCOUNT_KEY", ("AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_ENDPOINT")),
    ("REDIS_PASSWORD", ("REDIS_URL",)),
    ("AZURE_ACS_CONNECTION_STRING", ("AZURE_ACS_RESOURCE_ID",)),
    ("AZURE_ACS_CONNECTION_STRING", ("AZURE_ACS_CALLER_NUMBER",)),
    ("AZURE_ACS_CONNECTION_STRING", ("AZURE_EVENTGRID_TENANT_ID",)),
    ("AZURE_ACS_RESOURCE_ID", ("AZURE_ACS_CONNECTION_STRING",)),
    ("AZURE_ACS_CALLER_NUMBER", ("AZURE_ACS_CONNECTION_STRING",)),
    ("AZURE_EVENTGRID_TENANT_ID", ("AZURE_EVENTGRID_AUDIENCE",)),
    ("AZURE_EVENTGRID_TENANT_ID", ("AZURE_EVENTGRID_SECRET",)),
    ("AZURE_EVENTGRID_AUDIENCE", ("AZURE_EVENTGRID_TENANT_ID",)),
    ("AZURE_EVENTGRID_SECRET", ("AZURE_EVENTGRID_TENANT_ID",)),
    ("AZURE_EVENTGRID_PREVIOUS_SECRET", ("AZURE_EVENTGRID_SECRET",)),
)
CONNECTION_STRING = "Copy the whole connection string from the portal: name=value;name=value."


@register(TAG)
def check_variables(**_: Any) -> list[CheckMessage]:
    """Every variable has what it needs, and no two say different things."""
    return [*_half_set(), *_contradictions(), *_broken_connection_string()]


def _half_set() -> list[CheckMessage]:
    return [
        Error(
            f"{name} is set, but not {' or '.join(others)}.",
            hint=f"Set {' or '.join(others)} too, or remove {name}.",
            id="talenti.E003",
        )
        for name, others in NEEDS
        if env.text(name) and not any(env.text(other) for other in others)
    ]


def _contradictions() -> list[CheckMessage]:
    pairs = [
        (name, other)
        for name, other in env.OTHER_SPELLINGS.items()
        if env.spelled(name) and env.spelled(other) and env.spelled(name) != env.spelled(other)
    ]
    password, within = env.text("REDIS_PASSWORD"), urlsplit(env.text("REDIS_URL")).password
    if password and within and unquote(within) != password:
        pairs.append(("REDIS_PASSWORD", "REDIS_URL"))
    return [
        Error(
            f"{name} and {other} say different things.",
            hint=f"Set only {name}.",
            id="talenti.E004",
        )
        for name, other in pairs
    ]


def _broken_connection_string() -> list[CheckMessage]:
    name, part = "APPLICATIONINSIGHTS_CONNECTION_STRING", "instrumentationkey"
    if not env.text(name) or env.connection_parts(name).get(part):
        return []
    return [Error(f"{name} lacks {part}.", hint=CONNECTION_STRING, id="talenti.E005")]
