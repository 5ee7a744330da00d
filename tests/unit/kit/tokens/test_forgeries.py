"""Attacks on algorithm, key and signature: each fooled somebody's verifier once."""

import hashlib
import hmac
import json

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import OKPAlgorithm, RSAAlgorithm

from kit.key_set import KeySet
from kit.tokens import (
    TokenVerifier,
)
from tests.support.forgery import HEADER, encoded, refusal, with_signature
from tests.support.tokens import (
    AUDIENCE,
    ISSUER,
    KID,
    claims_of,
    private_key,
    public_jwk,
    sign,
    sign_claims,
    verifier,
)

SPKI = PublicFormat.SubjectPublicKeyInfo


@pytest.mark.parametrize(
    "alg", ["none", "None", "NONE", "nOnE", "", None, 0, ["ES256"]]
)
def test_a_token_that_asks_not_to_be_verified_is_refused(alg: object) -> None:
    header, claims = {**HEADER, "alg": alg}, claims_of()
    for signature in ("", encoded(b"x" * 64)):
        token = f"{encoded(header)}.{encoded(claims)}.{signature}"
        assert refusal(token) == "The token's algorithm is not its key's"
    signed = with_signature(header, claims)
    assert refusal(signed) == "The token's algorithm is not its key's"


@pytest.mark.parametrize(
    "secret",
    [
        private_key()
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        private_key()
        .public_key()
        .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        json.dumps(public_jwk()).encode(),
        public_jwk()["x"].encode(),
        b"",
    ],
    ids=["pem", "der", "jwk", "x", "empty"],
)
def test_the_public_key_does_not_work_as_a_shared_secret(secret: bytes) -> None:
    header = {**HEADER, "alg": "HS256"}
    signing_input = f"{encoded(header)}.{encoded(claims_of())}"
    mac = hmac.new(secret, signing_input.encode(), hashlib.sha256).digest()
    token = f"{signing_input}.{encoded(mac)}"
    assert refusal(token) == "The token's algorithm is not its key's"


def test_a_key_is_good_for_its_own_algorithm_alone() -> None:
    keys = KeySet()
    rsa_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    published = json.loads(RSAAlgorithm.to_jwk(rsa_key.public_key()))
    keys.replace({"keys": [{**published, "kid": "r", "alg": "RS256"}]})
    by = TokenVerifier(ISSUER, AUDIENCE, keys)
    headers = {"kid": "r", "typ": "at+jwt"}
    right = jwt.encode(claims_of(), rsa_key, "RS256", headers)
    assert by.verify(right).subject == "usr_1"
    for other in ("PS256", "RS384", "RS512"):
        wrong = jwt.encode(claims_of(), rsa_key, other, headers)
        assert refusal(wrong, by) == "The token's algorithm is not its key's"


def test_ed25519_is_taken() -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    keys = KeySet()
    published = json.loads(OKPAlgorithm.to_jwk(key.public_key()))
    keys.replace({"keys": [{**published, "kid": "e", "alg": "EdDSA", "use": "sig"}]})
    token = jwt.encode(claims_of(), key, "EdDSA", {"kid": "e", "typ": "at+jwt"})
    assert TokenVerifier(ISSUER, AUDIENCE, keys).verify(token).subject == "usr_1"


def test_another_key_under_our_keys_name_is_refused() -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    said = refusal(sign_claims(claims_of(), key=other))
    assert said == "The token is not valid: Signature verification failed"


@pytest.mark.parametrize("kid", ["unknown", "", None, "../../dev/null", "' OR 1=1", 1])
def test_a_key_that_was_not_published_is_refused(kid: object) -> None:
    token = with_signature({**HEADER, "kid": kid}, claims_of())
    assert refusal(token) == "The token's key is not one of the issuer's"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("jwk", public_jwk(ec.generate_private_key(ec.SECP256R1()))),
        ("jku", "https://attacker.example/jwks.json"),
        ("x5u", "https://attacker.example/chain.pem"),
        ("x5c", ["MIIB"]),
        ("crit", ["exp"]),
        ("crit", []),
        ("b64", False),
        ("zip", "DEF"),
    ],
)
def test_a_header_that_brings_its_own_key_or_rules_is_refused(
    name: str, value: object
) -> None:
    token = with_signature({**HEADER, name: value}, claims_of())
    assert refusal(token) == "The token's header names what is not accepted"


@pytest.mark.parametrize("typ", ["JWT", "", None, "at+jwt;x", "logout+jwt", ["at+jwt"]])
def test_a_token_of_another_kind_is_refused(typ: object) -> None:
    token = with_signature({**HEADER, "typ": typ}, claims_of())
    assert refusal(token) == "The token is not an access token"


def test_a_token_without_a_kind_is_refused() -> None:
    token = with_signature({"alg": "ES256", "kid": KID}, claims_of())
    assert refusal(token) == "The token is not an access token"


@pytest.mark.parametrize("typ", ["AT+JWT", "application/at+jwt"])
def test_the_kind_may_be_written_as_media_types_are(typ: str) -> None:
    assert verifier().verify(with_signature({**HEADER, "typ": typ}, claims_of()))


def test_every_change_of_a_signed_byte_is_noticed() -> None:
    header, claims, signature = sign("usr_1").split(".")
    other = encoded({**claims_of(), "sub": "usr_admin"})
    assert "Signature" in refusal(f"{header}.{other}.{signature}")
    assert "Signature" in refusal(f"{header}.{claims}.{encoded(bytes(64))}")


@pytest.mark.parametrize(
    "raw", [b"", b"x", bytes(63), bytes(64), bytes(65), bytes(128), b"\xff" * 64]
)
def test_a_signature_of_nothing_is_no_signature(raw: bytes) -> None:
    header, claims, _ = sign("usr_1").split(".")
    assert "Signature" in refusal(f"{header}.{claims}.{encoded(raw)}")
