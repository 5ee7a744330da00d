"""Real access tokens, signed with a key that only the tests have.

>>> verifier().identify("Bearer " + sign("usr_1", scopes=["users:read"])).scopes
frozenset({'users:read'})
"""

import json
import time
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from kit.ids import new_id
from kit.tokens import KeySet, TokenVerifier

ISSUER = AUDIENCE = "helpnest"
KID = "test-key"


@lru_cache(maxsize=1)
def private_key() -> ec.EllipticCurvePrivateKey:
    """Make the tests' signing key, once per process."""
    return ec.generate_private_key(ec.SECP256R1())


def public_jwk(
    key: ec.EllipticCurvePrivateKey | None = None, kid: str = KID
) -> dict[str, Any]:
    """Write the public half of a key as auth publishes it."""
    public = (key or private_key()).public_key()
    written: dict[str, Any] = json.loads(ECAlgorithm.to_jwk(public))
    return {**written, "kid": kid, "alg": "ES256", "use": "sig"}


def jwks() -> dict[str, Any]:
    """Publish the tests' key."""
    return {"keys": [public_jwk()]}


def key_set() -> KeySet:
    """Know the tests' key and no other."""
    keys = KeySet()
    keys.replace(jwks())
    return keys


def verifier() -> TokenVerifier:
    """Believe what `sign` signs."""
    return TokenVerifier(ISSUER, AUDIENCE, keys=key_set())


LIFETIME = 3_600
"""Seconds; longer than all tests take, as modules sign some when they are loaded."""


def claims_of(
    subject: str = "usr_1",
    *,
    scopes: Iterable[str] = (),
    roles: Iterable[str] = (),
    session: str | None = "ses_1",
    lifetime: int = LIFETIME,
    issued_at: float | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Write the claims of an access token; ``session=None`` is a service account's."""
    issued = int(time.time() if issued_at is None else issued_at)
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": subject,
        "jti": new_id("jti"),
        "iat": issued,
        "exp": issued + lifetime,
        "scope": " ".join(scopes),
        "roles": list(roles),
        "ver": 1,
        **more,
    }
    return claims if session is None else {**claims, "sid": session}


def sign(subject: str = "usr_1", **claims: Any) -> str:
    """Sign a token; what it says is given as to `claims_of`."""
    return sign_claims(claims_of(subject, **claims))


def sign_claims(
    claims: dict[str, Any],
    *,
    key: ec.EllipticCurvePrivateKey | None = None,
    headers: dict[str, Any] | None = None,
) -> str:
    """Sign exactly these claims, with another key or other headers for an attack."""
    return jwt.encode(
        claims,
        key or private_key(),
        algorithm="ES256",
        headers={"kid": KID, "typ": "at+jwt", **(headers or {})},
    )


def bearer(subject: str = "usr_1", **claims: Any) -> dict[str, str]:
    """Make the request header of somebody signed in."""
    return {"authorization": f"Bearer {sign(subject, **claims)}"}
