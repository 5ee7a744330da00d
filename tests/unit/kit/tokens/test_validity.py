"""How long a token is good: expiry, revocation, keys."""

import time

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from kit.tokens import (
    CACHED_TOKENS,
    LEEWAY_SECONDS,
    Revocations,
    TokenVerifier,
)
from tests.support.forgery import refusal
from tests.support.tokens import (
    AUDIENCE,
    ISSUER,
    claims_of,
    jwks,
    key_set,
    public_jwk,
    sign,
    sign_claims,
    verifier,
)


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
