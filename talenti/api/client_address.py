"""The address somebody really speaks from."""

import ipaddress
from typing import Any

from django.conf import settings
from django.http import HttpRequest

IPV6_HOME = 64  # bits that one line has; the rest its owner changes at will


def client_address(request: HttpRequest | Any) -> str:
    """Return who speaks, as the nearest of our own TRUSTED_PROXIES saw it.

    What stands further left in X-Forwarded-For is the client's own word and counts for nothing.
    An IPv6 address is shortened to its network.
    """
    count = settings.TRUSTED_PROXIES
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    seen = read_address(hops[-count]) if count and len(hops) >= count else None
    return seen or read_address(request.META.get("REMOTE_ADDR", "")) or "unknown"


def read_address(text: str) -> str | None:
    """Return one address without its port, None for anything else."""
    host = text[1:].partition("]")[0] if text.startswith("[") else text
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, IPV6_HOME), strict=False))
    return str(address)
