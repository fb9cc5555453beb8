"""What an attacker may write into an Authorization header: all of it has to be refused."""

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import HMACAlgorithm

from talenti.webhooks.issuers import SUBSCRIBER
from tests.interviews.webhooks.world import OTHER_TENANT, Door

STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
DAY = 86_400
ABSENT = object()
OTHER_ISSUER = f"https://login.microsoftonline.com/{OTHER_TENANT}/v2.0"
Forge = Callable[[Door], str]


def b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def claims_of(door: Door, **changes: Any) -> dict[str, Any]:
    """Return right claims with changes; ABSENT leaves one out."""
    now = int(time.time())
    own = {"iss": door.signer.issuer, "aud": door.signer.audience, "nbf": now, "exp": now + 300}
    claims = own | door.claims | changes
    return {name: value for name, value in claims.items() if value is not ABSENT}


def sign(door: Door, header: dict[str, Any], payload: bytes, key: Any = None) -> str:
    """Return a token of any payload; in the header ABSENT leaves something out."""
    named = {"alg": "RS256", "kid": door.signer.kid} | header
    kept = {name: value for name, value in named.items() if value is not ABSENT}
    start = f"{b64(json.dumps(kept).encode())}.{b64(payload)}"
    signature = jwt.get_algorithm_by_name("RS256").sign(start.encode(), key or door.signer.key)
    return f"{start}.{b64(signature)}"


def with_header(**header: Any) -> Forge:
    """Sign right claims rightly, below another header."""
    return lambda door: sign(door, header, json.dumps(claims_of(door)).encode())


def with_claims(**changes: Any) -> Forge:
    """Sign other claims rightly; a function makes a value of the time."""

    def make(door: Door) -> str:
        made = {name: value() if callable(value) else value for name, value in changes.items()}
        payload = json.dumps(claims_of(door, **made)).encode()
        return sign(door, {}, payload)

    return make


def with_payload(payload: bytes) -> Forge:
    """Sign anything rightly."""
    return lambda door: sign(door, {}, payload)


def at(seconds: float) -> Callable[[], int]:
    return lambda: int(time.time() + seconds)


def by_stranger(**header: Any) -> Forge:
    """Sign right claims with a key of one's own."""
    return lambda door: sign(door, header, json.dumps(claims_of(door)).encode(), STRANGER)


def unsigned(alg: str, signature: str = "") -> Forge:
    def make(door: Door) -> str:
        header = json.dumps({"alg": alg, "kid": door.signer.kid}).encode()
        return f"{b64(header)}.{b64(json.dumps(claims_of(door)).encode())}.{signature}"

    return make


def hmac_with_public_key(door: Door) -> str:
    """Take the public key, which everybody has, for a shared secret."""
    header = json.dumps({"alg": "HS256", "kid": door.signer.kid}).encode()
    start = f"{b64(header)}.{b64(json.dumps(claims_of(door)).encode())}"
    secret = door.signer.key.public_key().public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )
    signature = HMACAlgorithm(HMACAlgorithm.SHA256).sign(start.encode(), secret)
    return f"{start}.{b64(signature)}"


def other_algorithm(alg: str) -> Forge:
    def make(door: Door) -> str:
        headers = {"kid": door.signer.kid}
        return jwt.encode(claims_of(door), door.signer.key, algorithm=alg, headers=headers)

    return make


def own_user(_door: Door) -> str:
    """Bring the token of a member of ours, who may sign in."""
    now = int(time.time())
    claims = {"iss": "talenti", "aud": "talenti-users", "exp": now + 300, "token_type": "access"}
    return jwt.encode(claims, "x" * 64, algorithm="HS256")


def tampered(door: Door) -> str:
    """Change a claim of a token that was right."""
    header, _, signature = door.token().split(".")
    return f"{header}.{b64(json.dumps(claims_of(door, sub='root')).encode())}.{signature}"


def changed_signature(door: Door) -> str:
    start, _, signature = door.token().rpartition(".")
    return f"{start}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


def deep_header(door: Door) -> str:
    """Nest the header as deeply as fits: who parses it may run out of stack."""
    return f"{b64(b'[' * 5000)}.{door.token().partition('.')[2]}"


JWK = {"kty": "RSA", "n": "AQAB", "e": "AQAB"}
STRANGERS = "https://stranger.example/keys"
# By the reason that our log gives: the caller is told none.
TOKENS: dict[str, dict[str, Forge]] = {
    "no_bearer_token": {
        "alg none": unsigned("none"),
        "no signature": lambda door: door.token().rpartition(".")[0] + ".",
        "two parts": lambda door: door.token().rpartition(".")[0],
        "four parts": lambda door: f"{door.token()}.e30",
        "encrypted": lambda door: f"{door.token()}.e30.e30",
    },
    "unreadable_header": {
        "header nested deeply": deep_header,
        "header is a list": lambda door: f"{b64(b'[]')}.{door.token().partition('.')[2]}",
        "header in UTF-16": lambda door: (
            f"{b64('[]'.encode('utf-16'))}.{door.token().partition('.')[2]}"
        ),
        "kid is a number": with_header(kid=1),
        "kid is null": with_header(kid=None),
        "crit": with_header(crit=["exp"], exp=1),
        "b64 false": with_header(b64=False, crit=["b64"]),
    },
    "unknown_extension": {"b64": with_header(b64=True)},
    "wrong_algorithm": {
        "alg none with a signature": unsigned("none", "e30"),
        "alg None": unsigned("None", "e30"),
        "alg NONE": unsigned("NONE", "e30"),
        "alg empty": unsigned("", "e30"),
        "no alg": with_header(alg=ABSENT),
        "alg is a list": with_header(alg=["RS256"]),
        "alg in lower case": with_header(alg="rs256"),
        "HS256 with the public key": hmac_with_public_key,
        "RS384": other_algorithm("RS384"),
        "RS512": other_algorithm("RS512"),
        "PS256": other_algorithm("PS256"),
        "our own user": own_user,
    },
    "no_key_id": {
        "no kid": with_header(kid=ABSENT),
        "empty kid": with_header(kid=""),
        "kid is SQL": by_stranger(kid="x' UNION SELECT 'key' --"),
        "kid with NUL": by_stranger(kid="acs-1\0"),
        "kid of 5,000 characters": by_stranger(kid="k" * 5000),
    },
    "unknown_key": {
        "unknown kid": with_header(kid="acs-2"),
        "kid is a path": by_stranger(kid="../../../../dev/null"),
        "kid is an address": by_stranger(kid=STRANGERS),
    },
    "wrong_signature": {
        "key of a stranger": by_stranger(),
        "jwk of a stranger": by_stranger(jwk=JWK),
        "jku of a stranger": by_stranger(jku=STRANGERS),
        "x5u of a stranger": by_stranger(x5u=STRANGERS),
        "x5c of a stranger": by_stranger(x5c=["MIIB"]),
        "tampered claims": tampered,
        "changed signature": changed_signature,
    },
    "no_claims": {
        "claims nested deeply": with_payload(b'{"a":' * 900 + b"1" + b"}" * 900),
        "claims are a list": with_payload(b"[]"),
        "claims are null": with_payload(b"null"),
        "claims are no JSON": with_payload(b"\xff\xfe"),
    },
    "wrong_issuer": {
        "no claims": with_payload(b"{}"),
        "no iss": with_claims(iss=ABSENT),
        "iss with a prefix": lambda door: with_claims(iss=f"x{door.signer.issuer}")(door),
        "iss with a suffix": lambda door: with_claims(iss=f"{door.signer.issuer}.evil")(door),
        "iss with a slash": lambda door: with_claims(iss=f"{door.signer.issuer}/")(door),
        "iss over http": lambda door: with_claims(iss=f"http{door.signer.issuer[5:]}")(door),
        "iss is a list": lambda door: with_claims(iss=[door.signer.issuer])(door),
        "iss in upper case": lambda door: with_claims(iss=door.signer.issuer.upper())(door),
    },
    "wrong_audience": {
        "no aud": with_claims(aud=ABSENT),
        "aud of another resource": with_claims(aud="99999999-4b5a-6978-8796-a5b4c3d2e1f0"),
        "aud is a list": lambda door: with_claims(aud=[door.signer.audience])(door),
        "aud in upper case": lambda door: with_claims(aud=door.signer.audience.upper())(door),
        "aud is a pattern": with_claims(aud="*"),
    },
    "expired": {"expired": with_claims(exp=at(-62)), "expired long ago": with_claims(exp=1)},
    "no_end": {
        "no exp": with_claims(exp=ABSENT),
        "exp is text": with_claims(exp=lambda: str(int(time.time()) + 300)),
        "exp is true": with_claims(exp=True),
        "exp of 400 digits": with_claims(exp=10**400),
        "exp is infinite": with_claims(exp=float("inf")),
    },
    "too_long": {
        "exp in two days": with_claims(exp=at(2 * DAY)),
        "exp in a million years": with_claims(exp=10**13),
    },
    "not_yet": {
        "nbf in the future": with_claims(nbf=at(120)),
        "nbf is text": with_claims(nbf="0"),
        "iat in the future": with_claims(iat=at(120)),
    },
}
# Of tokens of Entra alone.
ENTRA_TOKENS: dict[str, dict[str, Forge]] = {
    "wrong_issuer": {"issuer of another tenant": with_claims(iss=OTHER_ISSUER)},
    "wrong_claim": {
        "other tenant": with_claims(tid=OTHER_TENANT),
        "no tenant": with_claims(tid=ABSENT),
    },
    "wrong_caller": {
        "other application": with_claims(azp="00000003-0000-0000-c000-000000000000"),
        "no application": with_claims(azp=ABSENT),
        "two applications": with_claims(appid="00000003-0000-0000-c000-000000000000"),
    },
    "wrong_role": {
        "no role": with_claims(roles=ABSENT),
        "other role": with_claims(roles=["Reader"]),
        "role is text": with_claims(roles=SUBSCRIBER),
        "role as a scope": with_claims(roles=ABSENT, scp=SUBSCRIBER),
    },
}
# What is no token at all, as the whole header; a server joins two headers with a comma.
HEADERS: dict[str, dict[str, Callable[[str], str]]] = {
    "no_token": {"no header": lambda token: ""},
    "no_bearer_token": {
        "scheme alone": lambda token: "Bearer",
        "scheme and space": lambda token: "Bearer ",
        "no scheme": lambda token: token,
        "basic": lambda token: f"Basic {token}",
        "invitation": lambda token: f"Invitation {token}",
        "two headers": lambda token: f"Bearer {token},Bearer {token}",
        "two headers and a space": lambda token: f"Bearer {token}, Bearer {token}",
        "two tokens": lambda token: f"Bearer {token} {token}",
        "quoted": lambda token: f'Bearer "{token}"',
        "padded": lambda token: f"Bearer {token}=",
        "space at the end": lambda token: f"Bearer {token} ",
        "tab": lambda token: f"Bearer\t{token}",
        "not ASCII": lambda token: f"Bearer {token}é",
    },
    "token_too_long": {
        "64 KB": lambda token: f"Bearer {'a' * 65_536}",
        "64 KB token": lambda token: f"Bearer {token}{'a' * 65_536}",
    },
}
