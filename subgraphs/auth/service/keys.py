"""Keys that sign access tokens: made, published, used, retired.

A key is published two polls before it signs, so that everybody knows it by then; its
predecessor stays published until the last token it signed has expired.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import jwt
import structlog
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import ECAlgorithm
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Database
from kit.ids import new_id
from kit.keys import KEYS_EVERY
from kit.tokens import LEEWAY_SECONDS
from subgraphs.auth.models import SigningKeyRow
from subgraphs.auth.repository import keys as stored

log = structlog.get_logger(__name__)

ALGORITHM: Final = "ES256"
"""What every other router and library verifies too; EdDSA some still do not."""

TOKEN_LIFETIME: Final = timedelta(minutes=10)
ROTATE_AFTER: Final = timedelta(days=30)
PUBLISH_AHEAD: Final = timedelta(seconds=3 * KEYS_EVERY)
"""One look for the other processes of auth to publish it, two for everybody else."""

KEPT_AFTER: Final = TOKEN_LIFETIME + timedelta(seconds=LEEWAY_SECONDS + 60)
"""From a key's last signature to its end: what it signed has expired, clocks apart."""


class UnreadableKeyError(Exception):
    """A private key is encrypted with another secret than the one configured."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key as this process holds it."""

    kid: str
    public_jwk: dict[str, Any]
    private: ec.EllipticCurvePrivateKey | None
    use_from: datetime


@dataclass(slots=True)
class KeyRing:
    """The published keys, and the one that signs now.

    ``secret`` encrypts private keys in the database; without it they are protected
    by access to that database alone.
    """

    secret: str | None = None
    keys: Sequence[SigningKey] = field(default_factory=tuple[SigningKey, ...])

    def current(self, now: datetime) -> SigningKey | None:
        """Choose the newest key whose time has come and that we can open."""
        usable = [key for key in self.keys if key.private and key.use_from <= now]
        return usable[-1] if usable else None

    def sign(self, claims: dict[str, Any], now: datetime) -> str:
        """Sign the claims of an access token.

        Raises:
            LookupError: no key is there; `rotate_keys` makes one.

        """
        key = self.current(now)
        if key is None or key.private is None:
            raise LookupError("There is no key to sign with.")
        headers = {"kid": key.kid, "typ": "at+jwt"}
        return jwt.encode(claims, key.private, algorithm=ALGORITHM, headers=headers)

    def jwks(self) -> dict[str, Any]:
        """Publish the public halves."""
        return {"keys": [key.public_jwk for key in self.keys]}

    def open(self, row: Any) -> SigningKey:
        """Read a key's row; one we cannot open is still published."""
        try:
            private = open_private(row.private_pem, self.secret)
        except UnreadableKeyError:
            log.warning("auth.key_unreadable", kid=row.kid)
            private = None
        return SigningKey(row.kid, row.public_jwk, private, row.use_from)


def new_key(secret: str | None, now: datetime, use_from: datetime) -> SigningKeyRow:
    """Draw a key."""
    private = ec.generate_private_key(ec.SECP256R1())
    kid = new_id("key")
    public: dict[str, Any] = json.loads(ECAlgorithm.to_jwk(private.public_key()))
    return SigningKeyRow(
        kid=kid,
        public_jwk={**public, "kid": kid, "alg": ALGORITHM, "use": "sig"},
        private_pem=close_private(private, secret),
        created_at=now,
        use_from=use_from,
        retires_at=None,
    )


def close_private(private: ec.EllipticCurvePrivateKey, secret: str | None) -> str:
    """Write a private key as PKCS #8, encrypted if there is a secret."""
    how = BestAvailableEncryption(secret.encode()) if secret else NoEncryption()
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how).decode()


def open_private(pem: str, secret: str | None) -> ec.EllipticCurvePrivateKey:
    """Read a private key as `close_private` wrote it.

    A key written before there was a secret is read without one.

    Raises:
        UnreadableKeyError: the secret is another, or missing.

    """
    encrypted = "ENCRYPTED" in pem.partition("\n")[0]
    password = secret.encode() if encrypted and secret else None
    try:
        key = load_pem_private_key(pem.encode(), password)
    except (TypeError, ValueError) as error:
        raise UnreadableKeyError(str(error)) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise UnreadableKeyError("It is no elliptic curve key.")
    return key


async def rotate_keys(
    session: AsyncSession,
    ring: KeyRing,
    now: datetime,
    *,
    force: bool = False,
    compromised: bool = False,
) -> bool:
    """Make a new key where the newest is older than `ROTATE_AFTER`, or by ``force``.

    The first key of all signs at once: nobody knows another yet. So does one that
    replaces keys that we cannot open. ``compromised`` drops all older keys, and with
    them every token they signed, as soon as the others have looked; until then they
    refuse the new key's tokens too. Retired keys are deleted.

    Returns whether a key was made.
    """
    rows = await stored.lock_keys(session)
    live = [row for row in rows if row.retires_at is None or row.retires_at > now]
    opened = [row for row in live if ring.open(row).private]
    newest = opened[-1] if opened else None
    young = newest is not None and newest.created_at + ROTATE_AFTER > now
    if young and not force and not compromised:
        await stored.drop_keys(session, now)
        return False
    at_once = newest is None or compromised
    key = new_key(ring.secret, now, now if at_once else now + PUBLISH_AHEAD)
    session.add(key)
    await session.flush()
    retires = now if compromised else key.use_from + KEPT_AFTER
    await stored.retire_keys(session, key.kid, retires, now)
    log.info("auth.key_made", kid=key.kid, use_from=key.use_from.isoformat())
    return True


async def rotate_keys_now(
    database: Database, secret: str | None, *, compromised: bool = False
) -> None:
    """Make a new key at once, for the command line; running services find it.

    ``compromised`` makes every token that was signed until now worthless, everywhere
    within about a minute; sessions go on with their refresh tokens.
    """
    async with database.unit_of_work() as session:
        await rotate_keys(
            session,
            KeyRing(secret),
            datetime.now(UTC),
            force=True,
            compromised=compromised,
        )
