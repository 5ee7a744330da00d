import json
from math import prod
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from kit.key_set import ROCA, KeySet, is_weak, read_key
from tests.support.tokens import KID, jwks, key_set, public_jwk


@pytest.mark.parametrize("curve", [ec.SECP384R1(), ec.SECP521R1(), ec.SECP256K1()])
def test_keys_of_curves_that_are_not_ours_are_passed_over(
    curve: ec.EllipticCurve,
) -> None:
    published = json.loads(
        ECAlgorithm.to_jwk(ec.generate_private_key(curve).public_key())
    )
    keys = KeySet()
    keys.replace({"keys": [{**published, "kid": "odd"}, public_jwk()]})
    assert list(keys.keys) == [KID]


def test_a_short_rsa_key_is_passed_over() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - too short is the point
    published = json.loads(RSAAlgorithm.to_jwk(key.public_key()))
    keys = KeySet()
    keys.replace({"keys": [{**published, "kid": "short"}, public_jwk()]})
    assert list(keys.keys) == [KID]


def test_one_odd_key_does_not_keep_the_others_out() -> None:
    odd: list[Any] = [
        {**public_jwk(), "alg": "none"},
        {**public_jwk(), "alg": "EdDSA"},
        {**public_jwk(), "kty": "RSA"},
        {"kty": ["EC"], "crv": {}},
        None,
    ]
    keys = KeySet()
    keys.replace({"keys": [*odd, public_jwk()]})
    assert list(keys.keys) == [KID]


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        "keys",
        {},
        {"keys": None},
        {"keys": {}},
        {"keys": []},
        {"keys": [None, 1, "x", {}]},
        {"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "s", "alg": "HS256"}]},
        {"keys": [{**public_jwk(), "use": "enc"}]},
        {"keys": [{**public_jwk(), "kid": None}]},
        {"keys": [{**public_jwk(), "alg": "none"}]},
        {"keys": [{**public_jwk(), "x": "AA"}]},
        {"keys": [{**public_jwk(), "x": 1}]},
        {"keys": [{**public_jwk(), "x": public_jwk()["y"]}]},
        {"keys": [{**public_jwk(), "crv": "P-999"}]},
    ],
)
def test_what_is_no_jwks_leaves_the_known_keys_alone(document: object) -> None:
    keys = key_set()
    known = keys.keys
    with pytest.raises(ValueError, match="JWKS"):
        keys.replace(document)
    assert keys.keys is known


def test_the_same_document_again_changes_nothing() -> None:
    keys = key_set()
    known = keys.keys
    keys.replace(jwks())
    assert keys.keys is known


def test_only_the_keys_of_the_newest_document_are_known() -> None:
    keys = key_set()
    key = ec.generate_private_key(ec.SECP256R1())
    keys.replace({"keys": [public_jwk(key, kid="next")]})
    assert list(keys.keys) == ["next"]


def test_a_key_without_an_algorithm_has_the_first_that_fits_it() -> None:
    bare = {name: value for name, value in public_jwk().items() if name != "alg"}
    keys = KeySet()
    keys.replace({"keys": [bare]})
    assert keys.keys[KID].algorithm_name == "ES256"


@pytest.mark.parametrize("operations", [[], ["sign"], ["encrypt"], "verify", 1, None])
def test_a_key_that_is_not_for_verifying_is_not_taken(operations: object) -> None:
    assert read_key({**public_jwk(), "key_ops": operations}) is None
    assert read_key({**public_jwk(), "key_ops": ["verify"]}) is not None


def test_a_modulus_of_the_broken_library_is_known() -> None:
    class Numbers:
        """A modulus that is a power of 65537 modulo every small prime."""

        n = pow(65537, 5, prod(ROCA)) + prod(ROCA) * (1 << 2000)

    class Key:
        """As much of a public key as is looked at."""

        key_size = 2048
        public_numbers = Numbers

    assert is_weak(Key())
    Numbers.n += 2
    assert not is_weak(Key())


def test_only_listed_algorithms_are_taken_where_there_is_a_list() -> None:
    keys = KeySet(algorithms=frozenset({"EdDSA"}))
    with pytest.raises(ValueError, match="no usable key"):
        keys.replace({"keys": [public_jwk()]})
