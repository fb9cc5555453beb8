"""Of a set of keys only usable RSA keys are taken, whatever else is in it."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st
from jwt.algorithms import RSAAlgorithm

from talenti.webhooks.jwks import MOST_KEYS, make_key, read_keys
from tests.talenti.webhooks.issuer import make_signer

SIGNER = make_signer(kid="good")
GOOD = json.loads(SIGNER.jwks())["keys"][0]
PUBLIC = SIGNER.key.public_key()
SMALL = RSAAlgorithm.to_jwk(
    rsa.generate_private_key(public_exponent=65537, key_size=1024).public_key(), as_dict=True
)


def set_of(*keys: Any) -> bytes:
    return json.dumps({"keys": keys}).encode()


def test_good_key_becomes_its_numbers_and_these_the_key() -> None:
    numbers = read_keys(set_of(GOOD))

    assert numbers == {"good": {"n": GOOD["n"], "e": "AQAB"}}
    assert make_key(numbers["good"]).public_numbers() == PUBLIC.public_numbers()


@pytest.mark.parametrize("left_out", ["use", "alg"])
def test_what_entra_leaves_out_may_be_missing(left_out: str) -> None:
    key = {name: value for name, value in GOOD.items() if name != left_out}

    assert list(read_keys(set_of(key))) == ["good"]


@pytest.mark.parametrize(
    "bad",
    [
        {"kty": "oct", "k": "c2VjcmV0"},
        {"use": "enc"},
        {"alg": "RS384"},
        {"alg": "HS256"},
        {"kid": None},
        {"kid": ""},
        {"kid": 7},
        {"kid": "a\0b"},
        {"kid": "x" * 201},
        {"n": ""},
        {"n": 65537},
        {"n": None},
        {"n": "!!!"},
        {"n": "AQAB"},
        {"n": SMALL["n"]},
        {"n": "_" * 20_000},
        {"e": "AA"},
        {"e": []},
    ],
)
def test_unusable_keys_are_left_out(bad: dict[str, Any]) -> None:
    assert list(read_keys(set_of({**GOOD, "kid": "bad", **bad}, GOOD))) == ["good"]


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<html>",
        b"null",
        b"[]",
        b'"keys"',
        b"{}",
        b'{"keys": null}',
        b'{"keys": {"a": 1}}',
        b'{"keys": [null, 1, "x", []]}',
        b"[" * 100_000,
        b"\xff\xfe{",
        set_of({**GOOD, "kty": "EC"}),
    ],
)
def test_without_a_usable_key_it_is_no_set(document: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the words
        read_keys(document)


def test_only_so_many_keys_are_looked_at() -> None:
    padding = [{**GOOD, "use": "enc"}] * MOST_KEYS

    with pytest.raises(ValueError, match="no usable key"):
        read_keys(set_of(*padding, GOOD))


@given(st.dictionaries(st.sampled_from(["kty", "n", "e", "kid", "use", "alg"]), st.text()))
def test_no_key_stops_the_others(odd: dict[str, str]) -> None:
    assert "good" in read_keys(set_of(odd, GOOD))
