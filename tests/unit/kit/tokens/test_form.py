"""What is no token at all."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import UnauthenticatedError
from kit.tokens import (
    MAX_TOKEN_BYTES,
)
from tests.support.forgery import HEADER, encoded, refusal, with_signature
from tests.support.tokens import (
    claims_of,
    sign,
    verifier,
)


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
