"""Tokens in addresses: ours and unchanged, or nothing."""

import time

import pytest
from django.core import signing

from talenti.storage.tokens import SALT, BadToken, ExpiredToken, Grant, make_token, read_token

LATER = int(time.time()) + 3600
GRANT = Grant("get", "recordings", "org/a", LATER, media_type="audio/wav", download_name="ü")


def test_a_token_gives_back_its_grant() -> None:
    assert read_token(make_token(GRANT)) == GRANT


def test_a_token_fits_into_a_path() -> None:
    assert set(make_token(GRANT)) <= set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_:"
    )


def test_no_single_sign_of_a_token_can_be_changed() -> None:
    token = make_token(GRANT)
    for place, sign in enumerate(token):
        other = "A" if sign != "A" else "B"
        with pytest.raises(BadToken):
            read_token(token[:place] + other + token[place + 1 :])


def test_an_expired_token_is_named_so() -> None:
    with pytest.raises(ExpiredToken):
        read_token(make_token(Grant("get", "recordings", "org/a", int(time.time()))))


def test_tokens_of_another_key_are_refused(settings) -> None:
    token = make_token(GRANT)
    settings.SECRET_KEY = "another-secret-key-of-some-length-0123456789"
    with pytest.raises(BadToken):
        read_token(token)


HOSTILE = {
    "empty": "",
    "word": "token",
    "separators": ":::",
    "traversal": "../../etc/passwd",
    "null": "a\0b:c",
    "unicode": "\u0661\u0662:\u0663",
    "surrogate": "\ud800:\udfff",
    "huge": "A" * 100_000,
    "another salt": signing.Signer(salt="other").sign_object(["get", "recordings", "a", LATER]),
    "password reset": signing.dumps(["get", "recordings", "org/a", LATER]),
    "signed but no list": signing.Signer(salt=SALT).sign_object({"verb": "get"}),
    "signed but too short": signing.Signer(salt=SALT).sign_object(["get"]),
    "signed but no json": signing.Signer(salt=SALT).sign("bm90IGpzb24"),
    "unsigned": "WyJnZXQiLCJyZWNvcmRpbmdzIiwiYSIsOTk5OTk5OTk5OV0",
}


@pytest.mark.parametrize("token", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_tokens_are_refused(token: str) -> None:
    with pytest.raises(BadToken):
        read_token(token)
