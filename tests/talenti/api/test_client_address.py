"""Who speaks is what our own proxies saw, and never what the client says of itself."""

import pytest
from django.test import RequestFactory, override_settings

from talenti.api.client_address import client_address, read_address


def address_of(forwarded: str | None, *, remote: str = "10.0.0.9") -> str:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, None, "10.0.0.9"),
        (0, "192.0.2.7", "10.0.0.9"),
        (1, None, "10.0.0.9"),
        (1, "192.0.2.7", "192.0.2.7"),
        (1, "203.0.113.1, 192.0.2.7", "192.0.2.7"),
        (2, "203.0.113.1, 192.0.2.7, 10.1.1.1", "192.0.2.7"),
        (2, "192.0.2.7", "10.0.0.9"),
        (1, "192.0.2.7:51234", "192.0.2.7"),
        (1, "[2001:db8:1:2:3::4]:443", "2001:db8:1:2::/64"),
        (1, "2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
        (1, "::ffff:192.0.2.7", "192.0.2.7"),
        (1, "not an address", "10.0.0.9"),
        (1, "192.0.2.7, ", "10.0.0.9"),
        (1, "a" * 5000, "10.0.0.9"),
    ],
)
def test_only_hops_of_known_proxies_count(proxies: int, forwarded: str, expected: str) -> None:
    with override_settings(TRUSTED_PROXIES=proxies):
        assert address_of(forwarded) == expected


def test_socket_without_an_address_is_somebody() -> None:
    assert address_of(None, remote="") == "unknown"


@pytest.mark.parametrize("text", ["", "[", "1.2.3", "1.2.3.4.5", "host:80", "::1::"])
def test_what_is_no_address_is_none(text: str) -> None:
    assert read_address(text) is None
