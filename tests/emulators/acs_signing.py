"""Signatures of Communication Services: those it asks for, and those on what it sends.

Requests come signed by the resource's key (HMAC) or with a token of its customer's identity.
Events of calls carry a token of the service's own, Event Grid's deliveries one of a tenant.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

ISSUER = "https://acscallautomation.communication.azure.com"
EVENTGRID_APP = "4962773b-9cdb-44cf-a8bf-237846a00ab7"
EVENTGRID_ROLE = "AzureEventGridSecureWebhookSubscriber"
SIGNED_HEADERS = "x-ms-date;host;x-ms-content-sha256"
TOKEN_SECONDS = 300


def new_key() -> rsa.RSAPrivateKey:
    """Return a key of one run."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def hmac_fault(
    method: str, path: str, headers: Mapping[str, str], body: bytes, key: str
) -> str | None:
    """Return what is wrong with a request's signature; header names are in lower case."""
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    if headers.get("x-ms-content-sha256") != digest:
        return "the digest is not that of the body"
    said = f"{method}\n{path}\n{headers.get('x-ms-date')};{headers.get('host')};{digest}"
    made = hmac.new(base64.b64decode(key), said.encode(), hashlib.sha256).digest()
    signature = base64.b64encode(made).decode()
    expected = f"HMAC-SHA256 SignedHeaders={SIGNED_HEADERS}&Signature={signature}"
    return None if headers.get("authorization") == expected else "the signature does not fit"


@dataclass
class Signer:
    """Who signs what is sent: a key with its id, as a JWKS shows it."""

    issuer: str
    audience: str
    kid: str = "acs-1"
    life_seconds: int = TOKEN_SECONDS
    key: rsa.RSAPrivateKey = field(default_factory=new_key, repr=False)

    def token(self, **claims: Any) -> str:
        """Return a token of now with these claims besides its own."""
        now = int(time.time())
        own = {"iss": self.issuer, "aud": self.audience, "nbf": now, "exp": now + self.life_seconds}
        return jwt.encode(own | claims, self.key, algorithm="RS256", headers={"kid": self.kid})

    def jwks(self) -> bytes:
        """Return the public key as a set of keys."""
        public = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return json.dumps(
            {"keys": [{**public, "kid": self.kid, "use": "sig", "alg": "RS256"}]}
        ).encode()


def eventgrid_token(signer: Signer, tenant: str) -> str:
    """Return the token that Event Grid shows to a webhook of an Entra application."""
    claims = {"tid": tenant, "azp": EVENTGRID_APP, "appid": EVENTGRID_APP}
    return signer.token(**claims, roles=[EVENTGRID_ROLE])
