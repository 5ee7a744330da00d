"""Tokens made by hand, as an attacker makes them."""

import base64
import json
from typing import Any

import pytest
from jwt.algorithms import ECAlgorithm

from kit.errors import UnauthenticatedError
from kit.tokens import TokenVerifier
from tests.support.tokens import KID, private_key, verifier


def encoded(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def with_signature(header: object, claims: object, key: Any = None) -> str:
    """Sign any bytes at all, as an attacker who has the key could, or nobody."""
    signing_input = f"{encoded(header)}.{encoded(claims)}"
    raw = ECAlgorithm(ECAlgorithm.SHA256).sign(
        signing_input.encode(), key or private_key()
    )
    return f"{signing_input}.{encoded(raw)}"


HEADER = {"alg": "ES256", "kid": KID, "typ": "at+jwt"}


def refusal(token: str, by: TokenVerifier | None = None) -> str:
    with pytest.raises(UnauthenticatedError) as caught:
        (by or verifier()).verify(token)
    said = str(caught.value)
    assert not token or token not in said
    return said
