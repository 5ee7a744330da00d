from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from kit.key_set import KeySet
from kit.keys import KEYS_EVERY
from kit.tokens import LEEWAY_SECONDS, LONGEST_LIFETIME_SECONDS
from subgraphs.auth.service.keys import (
    KEPT_AFTER,
    PUBLISH_AHEAD,
    TOKEN_LIFETIME,
    KeyRing,
    SigningKey,
    UnreadableKeyError,
    close_private,
    new_key,
    open_private,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def key(kid: str, use_from: datetime, *, ours: bool = True) -> SigningKey:
    private = ec.generate_private_key(ec.SECP256R1()) if ours else None
    return SigningKey(kid, {"kid": kid}, private, use_from)


def test_the_newest_key_whose_time_has_come_signs() -> None:
    later = NOW + timedelta(minutes=1)
    ring = KeyRing(keys=(key("old", NOW), key("next", later)))
    assert [
        getattr(ring.current(NOW + timedelta(seconds=s)), "kid", None)
        for s in (-1, 0, 59, 60)
    ] == [None, "old", "old", "next"]


def test_a_key_we_cannot_open_is_published_and_does_not_sign() -> None:
    ring = KeyRing(keys=(key("old", NOW), key("theirs", NOW, ours=False)))
    assert getattr(ring.current(NOW), "kid", None) == "old"
    assert ring.jwks() == {"keys": [{"kid": "old"}, {"kid": "theirs"}]}


def test_without_a_key_nothing_is_signed() -> None:
    with pytest.raises(LookupError):
        KeyRing().sign({}, NOW)


def test_a_signed_token_names_its_key_and_kind() -> None:
    token = KeyRing(keys=(key("k", NOW),)).sign({"sub": "usr_1"}, NOW)
    assert jwt.get_unverified_header(token) == {
        "alg": "ES256",
        "kid": "k",
        "typ": "at+jwt",
    }


def test_a_new_key_publishes_nothing_private() -> None:
    row = new_key(None, NOW, NOW)
    assert "d" not in row.public_jwk
    known = KeySet()
    known.replace({"keys": [row.public_jwk]})
    assert list(known.keys) == [row.kid]


@pytest.mark.parametrize("secret", [None, "a secret", "ünïcode"])
def test_a_private_key_is_read_as_it_was_written(secret: str | None) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    read = open_private(close_private(private, secret), secret)
    assert read.private_numbers() == private.private_numbers()


def test_a_key_from_before_there_was_a_secret_is_still_read() -> None:
    plain = close_private(ec.generate_private_key(ec.SECP256R1()), None)
    assert open_private(plain, "a secret")


@pytest.mark.parametrize("secret", [None, "", "another secret"])
def test_without_its_secret_a_private_key_is_unreadable(secret: str | None) -> None:
    closed = close_private(ec.generate_private_key(ec.SECP256R1()), "a secret")
    with pytest.raises(UnreadableKeyError):
        open_private(closed, secret)


def test_a_key_of_another_kind_is_unreadable() -> None:
    other = ed25519.Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    with pytest.raises(UnreadableKeyError):
        open_private(other.decode(), None)
    with pytest.raises(UnreadableKeyError):
        open_private("nothing", None)


def test_the_times_fit_together() -> None:
    assert timedelta(seconds=2 * KEYS_EVERY) <= PUBLISH_AHEAD
    assert TOKEN_LIFETIME + timedelta(seconds=LEEWAY_SECONDS) < KEPT_AFTER
    assert timedelta(seconds=LONGEST_LIFETIME_SECONDS) > TOKEN_LIFETIME
