"""What a signed token may say."""

import pytest

from kit.errors import UnauthenticatedError
from kit.identity import ANONYMOUS, Kind
from tests.support.forgery import HEADER, refusal, with_signature
from tests.support.tokens import (
    AUDIENCE,
    claims_of,
    sign,
    sign_claims,
    verifier,
)


def test_a_token_becomes_the_identity_it_describes() -> None:
    granted = {"scopes": ["a:b", "c:d"], "roles": ["agent"], "session": "ses_9"}
    token = sign("usr_ada", lifetime=600, **granted)
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
