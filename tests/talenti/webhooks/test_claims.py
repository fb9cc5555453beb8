"""What a token has to say, to the second and to the letter."""

from typing import Any

import pytest

from talenti.webhooks.claims import Rules, fault_of

NOW = 1_800_000_000
CALLER = "4962773b-9cdb-44cf-a8bf-237846a00ab7"
RULES = Rules(
    vendor="keys",
    keys_address="https://keys.example",
    issuers=frozenset({"https://one.example/", "https://two.example"}),
    audience="us",
    longest_seconds=300,
    exact={"tid": "tenant"},
    caller=CALLER,
    role="Sender",
)
GOOD: dict[str, Any] = {
    "iss": "https://two.example",
    "aud": "us",
    "exp": NOW + 300,
    "nbf": NOW,
    "iat": NOW,
    "tid": "tenant",
    "azp": CALLER,
    "roles": ["Other", "Sender"],
}
ABSENT = object()


def fault(**changes: Any) -> str:
    claims = {name: value for name, value in {**GOOD, **changes}.items() if value is not ABSENT}
    return fault_of(claims, RULES, NOW)


def test_right_claims_have_no_fault() -> None:
    assert fault() == ""
    assert fault(iss="https://one.example/") == ""
    assert fault(nbf=ABSENT, iat=ABSENT) == ""
    assert fault(azp=ABSENT, appid=CALLER) == ""


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"exp": NOW - 59}, ""),
        ({"exp": NOW - 60}, "expired"),
        ({"exp": NOW - 59.5}, ""),
        ({"exp": NOW + 360}, ""),
        ({"exp": NOW + 361}, "too_long"),
        ({"exp": 2**53 - 1}, "too_long"),
        ({"exp": 10**400}, "no_end"),
        ({"exp": float("inf")}, "no_end"),
        ({"exp": float("nan")}, "no_end"),
        ({"exp": str(NOW + 300)}, "no_end"),
        ({"exp": True}, "no_end"),
        ({"exp": -1}, "no_end"),
        ({"exp": None}, "no_end"),
        ({"exp": [NOW + 300]}, "no_end"),
        ({"exp": ABSENT}, "no_end"),
        ({"nbf": NOW + 60}, ""),
        ({"nbf": NOW + 61}, "not_yet"),
        ({"nbf": str(NOW)}, "not_yet"),
        ({"nbf": None}, "not_yet"),
        ({"iat": NOW + 60}, ""),
        ({"iat": NOW + 61}, "not_yet"),
        ({"iat": {}}, "not_yet"),
    ],
)
def test_times_are_numbers_and_within_their_bounds(changes: dict[str, Any], expected: str) -> None:
    assert fault(**changes) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"iss": "https://two.example/"}, "wrong_issuer"),
        ({"iss": ["https://two.example"]}, "wrong_issuer"),
        ({"iss": {"a": 1}}, "wrong_issuer"),
        ({"iss": ABSENT}, "wrong_issuer"),
        ({"aud": ["us"]}, "wrong_audience"),
        ({"aud": "US"}, "wrong_audience"),
        ({"aud": ABSENT}, "wrong_audience"),
        ({"tid": "other"}, "wrong_claim"),
        ({"tid": ABSENT}, "wrong_claim"),
        ({"azp": ABSENT}, "wrong_caller"),
        ({"azp": [CALLER]}, "wrong_caller"),
        ({"appid": "other"}, "wrong_caller"),
        ({"azp": "other", "appid": CALLER}, "wrong_caller"),
        ({"roles": "Sender"}, "wrong_role"),
        ({"roles": ["Senders"]}, "wrong_role"),
        ({"roles": [["Sender"]]}, "wrong_role"),
        ({"roles": ABSENT}, "wrong_role"),
    ],
)
def test_names_are_compared_whole(changes: dict[str, Any], expected: str) -> None:
    assert fault(**changes) == expected
