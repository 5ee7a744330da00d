"""A JWKS document → the keys that we would believe, each pinned to one algorithm.

Source: RFC 7517 (JSON Web Key), RFC 7518 section 3 (which keys fit which algorithm).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    import jwt

FITTING: Final[Mapping[str, tuple[str, ...]]] = {
    "EC/P-256": ("ES256",),
    "OKP/Ed25519": ("EdDSA",),
    "RSA/None": ("RS256", "PS256"),
}
"""``kty/crv`` → what such a key may be pinned to; no ``none``, nothing symmetric."""

LEAST_RSA_BITS: Final = 2048  # RFC 7518, section 3.3

ROCA: Final = {
    prime: frozenset(pow(65537, power, prime) for power in range(prime))
    for prime in range(3, 168)
    if all(prime % divisor for divisor in range(2, prime))
}
"""Small primes, and what a key of the broken library may be modulo each."""


@dataclass(slots=True)
class KeySet:
    """The issuer's public keys by ``kid``, each pinned to one algorithm.

    With ``algorithms``, keys pinned to any other are passed over.
    """

    keys: dict[str, "jwt.PyJWK"] = field(default_factory=dict[str, "jwt.PyJWK"])
    algorithms: frozenset[str] | None = None
    _document: object = None

    def replace(self, document: object) -> None:
        """Take the keys of a JWKS document in place of those known.

        Keys that `read_key` does not take are passed over. The same document again
        changes nothing: a new dictionary of keys means that they changed.

        Raises:
            ValueError: the document is not a JWKS with at least one usable key.

        """
        if document is not None and document == self._document:
            return
        members = document.get("keys") if isinstance(document, dict) else None
        if not isinstance(members, list):
            raise ValueError("A JWKS is an object with a list of keys.")
        found = {
            kid: key
            for kid, key in usable(cast("list[object]", members))
            if self.algorithms is None or key.algorithm_name in self.algorithms
        }
        if not found:
            raise ValueError("The JWKS has no usable key.")
        self.keys, self._document = found, document


def usable(members: list[object]) -> "list[tuple[str, jwt.PyJWK]]":
    """Pick the signing keys of a JWKS that we would believe."""
    found: list[tuple[str, jwt.PyJWK]] = []
    for member in members:
        if isinstance(member, dict):
            key = read_key(cast("dict[str, Any]", member))
            if key is not None:
                found.append((str(key.key_id), key))
    return found


def read_key(member: dict[str, Any]) -> "jwt.PyJWK | None":
    """Read one key of a JWKS; None where it is not for signing, or not ours to take.

    A key names its algorithm, or has the first that fits it; no key is taken for an
    algorithm that is meant for another kind of key.
    """
    fitting = FITTING.get(f"{member.get('kty')}/{member.get('crv')}", ())
    algorithm = member.get("alg", fitting[0] if fitting else None)
    named = isinstance(member.get("kid"), str) and member["kid"]
    operations: object = member.get("key_ops", ["verify"])
    verifies = isinstance(operations, list) and "verify" in operations
    signs = member.get("use", "sig") == "sig" and verifies
    if algorithm not in fitting or not signs or not named:
        return None
    import jwt  # noqa: PLC0415 - who believes no tokens loads no cryptography

    try:
        key = jwt.PyJWK(member, algorithm)
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    return None if member["kty"] == "RSA" and is_weak(key.key) else key


def is_weak(key: Any) -> bool:
    """Say whether an RSA key is too short, or made by the library that ROCA broke.

    Such moduli are powers of 65537 modulo every small prime, which others are by a
    chance of one in many millions.

    Source: Nemec and others, "The Return of Coppersmith's Attack" (CVE-2017-15361).
    """
    modulus: int = key.public_numbers().n
    return key.key_size < LEAST_RSA_BITS or all(
        modulus % prime in powers for prime, powers in ROCA.items()
    )
