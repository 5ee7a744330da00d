"""Attacks on a token, each a way in which somebody's verifier was once fooled."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from kit.errors import UnauthenticatedError
from kit.identity import ANONYMOUS, Kind
from kit.tokens import (
    CACHED_TOKENS,
    LEEWAY_SECONDS,
    MAX_TOKEN_BYTES,
    KeySet,
    Revocations,
    TokenVerifier,
)
from tests.support.tokens import (
    AUDIENCE,
    ISSUER,
    KID,
    claims_of,
    jwks,
    key_set,
    private_key,
    public_jwk,
    sign,
    sign_claims,
    verifier,
)


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


SPKI = PublicFormat.SubjectPublicKeyInfo
HEADER = {"alg": "ES256", "kid": KID, "typ": "at+jwt"}


def refusal(token: str, by: TokenVerifier | None = None) -> str:
    with pytest.raises(UnauthenticatedError) as caught:
        (by or verifier()).verify(token)
    said = str(caught.value)
    assert not token or token not in said
    return said


def test_a_token_becomes_the_identity_it_describes() -> None:
    token = sign("usr_ada", scopes=["a:b", "c:d"], roles=["agent"], session="ses_9")
    identity = verifier().verify(token)
    assert identity.subject == "usr_ada"
    assert identity.kind is Kind.USER
    assert identity.scopes == {"a:b", "c:d"}
    assert identity.roles == {"agent"}
    assert identity.session_id == "ses_9"
    assert identity.expires_at - identity.issued_at == 600


def test_a_token_without_a_session_is_a_programs() -> None:
    assert verifier().verify(sign("sva_1", session=None)).kind is Kind.SERVICE


def test_no_header_is_nobody() -> None:
    assert verifier().identify(None) is ANONYMOUS


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic eDp5", "Bearer  x", "Bearer x ", "bearer\tx"],
)
def test_a_header_that_is_no_bearer_token_is_refused(header: str) -> None:
    with pytest.raises(UnauthenticatedError, match="not a bearer token"):
        verifier().identify(header)


def test_the_scheme_may_be_written_in_any_case() -> None:
    assert verifier().identify(f"bEARER {sign('usr_ada')}").subject == "usr_ada"


# Algorithms


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


# Keys


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


# Signatures


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


# Form


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "...",
        "a.b",
        "a.b.c.d",
        "a.b.c.d.e",
        "é.é.é",
        f"{encoded(b'[]')}.{encoded(claims_of())}.",
        f"{encoded(b'null')}.{encoded(claims_of())}.",
        f"{encoded(HEADER)}.{encoded(b'[]')}.",
        f"{encoded(HEADER)}.{encoded(b'{')}.",
        f"{encoded(HEADER)}.{encoded(bytes([0xFF]))}.",
        f"{encoded(HEADER)}.{encoded(b'[' * 5000)}.",
        f" {encoded(HEADER)}.{encoded(claims_of())}.",
    ],
)
def test_what_is_not_two_objects_and_a_signature_is_refused(token: str) -> None:
    assert refusal(token) in {
        "The token is not a signed JWT",
        "The token is not made of JSON objects",
        "The token's key is not one of the issuer's",
        "The token is not an access token",
        "The token is not valid: Signature verification failed",
    }


def test_a_member_that_comes_twice_is_refused_in_header_and_claims() -> None:
    twice = b'{"alg":"ES256","alg":"none","kid":"test-key","typ":"at+jwt"}'
    assert refusal(with_signature(twice, claims_of())).endswith("JSON objects")
    claims = json.dumps(claims_of())[:-1] + ', "sub": "usr_admin"}'
    assert refusal(with_signature(HEADER, claims.encode())).endswith("JSON objects")
    inner = b'{"sub":{"a":1,"a":2}}'
    assert refusal(with_signature(HEADER, inner)).endswith("JSON objects")


def test_what_is_larger_than_the_limit_is_not_even_parsed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = sign("usr_1", padding="x" * MAX_TOKEN_BYTES)
    assert len(token) > MAX_TOKEN_BYTES
    monkeypatch.setattr("kit.tokens.read_header", lambda _: pytest.fail("parsed"))
    assert refusal(token) == "The token is too large"


@given(st.text(max_size=200) | st.binary(max_size=200).map(encoded))
def test_no_text_at_all_makes_the_verifier_fail(text: str) -> None:
    with pytest.raises(UnauthenticatedError):
        verifier().verify(text)


@given(
    st.dictionaries(
        st.sampled_from(["sub", "scope", "roles", "sid", "iat", "exp", "jti", "nbf"]),
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats()
            | st.text(max_size=9),
            lambda inner: st.lists(inner, max_size=2),
            max_leaves=3,
        ),
        max_size=3,
    )
)
def test_signed_claims_of_any_type_are_an_identity_or_refused(
    changed: dict[str, object],
) -> None:
    token = with_signature(HEADER, {**claims_of(), **changed})
    try:
        identity = verifier().verify(token)
    except UnauthenticatedError:
        return
    assert identity.authenticated
    assert all(isinstance(scope, str) for scope in identity.scopes | identity.roles)


# Claims


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "iat", "exp"])
def test_no_claim_that_matters_may_be_missing(name: str) -> None:
    claims = claims_of()
    del claims[name]
    assert name in refusal(sign_claims(claims))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sub", ""),
        ("sub", 7),
        ("sub", None),
        ("sub", ["usr_1"]),
        ("scope", ["a:b"]),
        ("scope", None),
        ("roles", "admin"),
        ("roles", {"admin": True}),
        ("roles", [1]),
        ("sid", 1),
        ("sid", ["ses_1"]),
        ("iat", "1"),
        ("iat", 1.5),
        ("iat", True),
        ("exp", "9999999999"),
        ("exp", 9999999999.5),
        ("exp", True),
        ("exp", None),
        ("nbf", "0"),
        ("jti", 1),
    ],
)
def test_a_claim_of_the_wrong_type_is_refused(name: str, value: object) -> None:
    said = refusal(with_signature(HEADER, {**claims_of(), name: value}))
    assert said.startswith(("The token is not valid", "A claim of the token"))


@pytest.mark.parametrize(
    "issuer", ["", "Helpnest", "helpnest/", "https://evil.example", None, ["helpnest"]]
)
def test_another_issuer_is_refused(issuer: object) -> None:
    assert refusal(with_signature(HEADER, {**claims_of(), "iss": issuer}))


@pytest.mark.parametrize("audience", ["", "other", ["other", "third"], None, 1, {}])
def test_what_is_meant_for_others_is_refused(audience: object) -> None:
    assert refusal(with_signature(HEADER, {**claims_of(), "aud": audience}))


def test_what_is_meant_for_us_among_others_is_taken() -> None:
    assert verifier().verify(sign("usr_1", aud=["other", AUDIENCE]))


# Time


def test_a_token_expires_even_when_it_was_verified_before() -> None:
    now = int(time.time())
    by = TokenVerifier(ISSUER, AUDIENCE, key_set(), clock=lambda: now)
    token = sign("usr_1", issued_at=now, lifetime=600)
    by.verify(token)
    now += 600 + LEEWAY_SECONDS
    by.verify(token)
    now += 1
    assert refusal(token, by) == "The token has expired"
    assert refusal(token, by) == "The token has expired"


def test_a_token_of_the_future_is_not_valid_yet() -> None:
    now = int(time.time())
    ahead = now + LEEWAY_SECONDS + 5
    assert refusal(sign("usr_1", issued_at=ahead)) == "The token is not valid yet"
    assert refusal(sign("usr_1", nbf=ahead)) == "The token is not valid yet"
    assert verifier().verify(sign("usr_1", issued_at=now + 5))


# Revocation


@pytest.mark.parametrize("who", ["usr_1", "ses_1"])
def test_what_was_taken_back_is_refused_even_when_it_was_verified_before(
    who: str,
) -> None:
    by, now = verifier(), int(time.time())
    token = sign("usr_1", session="ses_1", issued_at=now)
    by.verify(token)
    by.revocations.add(who, now)
    assert by.verify(token)  # it was issued in that very second: not before it
    by.revocations.add(who, now + 1)
    assert refusal(token, by) == "The token was revoked"
    assert by.verify(sign("usr_1", session="ses_1", issued_at=now + 1))
    assert by.verify(sign("usr_2", session="ses_2", issued_at=now))


def test_an_older_revocation_does_not_undo_a_newer_one() -> None:
    taken = Revocations()
    taken.add("usr_1", 200)
    taken.add("usr_1", 100)
    assert taken.not_before == {"usr_1": 200}


def test_revocations_are_forgotten_when_all_they_concern_has_expired() -> None:
    taken = Revocations({"old": 99, "new": 100})
    taken.forget(before=100)
    assert taken.not_before == {"new": 100}


# The keys change


def test_a_key_that_is_no_longer_published_takes_its_tokens_along() -> None:
    by, token = verifier(), sign("usr_1")
    by.verify(token)
    other = public_jwk(ec.generate_private_key(ec.SECP256R1()), kid="next")
    by.keys.replace({"keys": [other]})
    assert refusal(token, by) == "The token's key is not one of the issuer's"


def test_the_same_keys_again_cost_no_new_verification() -> None:
    by, token = verifier(), sign("usr_1")
    first = by.verify(token)
    by.keys.replace(jwks())
    assert by.verify(token) is first


# What is remembered


def test_at_most_so_many_tokens_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    assert CACHED_TOKENS == 4096
    monkeypatch.setattr("kit.tokens.CACHED_TOKENS", 3)
    by = verifier()
    for n in range(10):
        by.verify(sign(f"usr_{n}"))
    assert len(by._known) == 3


def test_a_refused_token_is_not_remembered() -> None:
    by = verifier()
    refusal(sign_claims(claims_of(), key=ec.generate_private_key(ec.SECP256R1())), by)
    assert by._known == {}
