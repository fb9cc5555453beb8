"""What the configuration of Azure OpenAI lacks, in sentences; no network is asked."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

_VERSION = re.compile(r"20\d\d-\d\d-\d\d(-preview)?")
_NAME = re.compile(r"[\w.:/-]{1,64}")
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def missing_settings() -> list[str]:
    """Return what is missing, half set or contradicting; no sentence holds a value."""
    return list(_objections())


def _objections() -> Iterator[str]:
    azure, other = settings.AZURE_OPENAI_ENDPOINT, settings.OPENAI_BASE_URL
    if azure and other:
        yield "AZURE_OPENAI_ENDPOINT and OPENAI_BASE_URL are both set. Set one."
    elif other:
        yield from _other_objections()
    else:
        yield from _azure_objections()


def _azure_objections() -> Iterator[str]:
    endpoint = settings.AZURE_OPENAI_ENDPOINT
    if not endpoint:
        yield "AZURE_OPENAI_ENDPOINT is missing (or OPENAI_BASE_URL for another server)."
    elif not _is_address(endpoint, plain_hosts=_LOOPBACK):
        yield "AZURE_OPENAI_ENDPOINT must be an https address."
    if not _VERSION.fullmatch(settings.AZURE_OPENAI_API_VERSION):
        yield "AZURE_OPENAI_API_VERSION must read as 2024-10-21 or 2024-02-15-preview."
    if not _NAME.fullmatch(settings.AZURE_OPENAI_DEPLOYMENT_NAME):
        yield "AZURE_OPENAI_DEPLOYMENT_NAME is not the name of a deployment."
    if settings.OPENAI_API_KEY:
        yield "OPENAI_API_KEY is set without OPENAI_BASE_URL: Azure uses AZURE_OPENAI_API_KEY."


def _other_objections() -> Iterator[str]:
    # A model server in the same private network usually speaks http.
    if not _is_address(settings.OPENAI_BASE_URL, plain_hosts=None):
        yield "OPENAI_BASE_URL must be an http or https address."
    if not _NAME.fullmatch(settings.OPENAI_MODEL):
        yield "OPENAI_MODEL is not the name of a model."
    if settings.AZURE_OPENAI_API_KEY:
        yield "AZURE_OPENAI_API_KEY is set without AZURE_OPENAI_ENDPOINT."


def _is_address(text: str, *, plain_hosts: set[str] | None) -> bool:
    """Whether it is https, or http to one of `plain_hosts` (None: to any)."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    if not parts.hostname or parts.username or parts.query or parts.fragment:
        return False
    plain = parts.scheme == "http" and (plain_hosts is None or parts.hostname in plain_hosts)
    return parts.scheme == "https" or plain
