"""What the verbs of signing in work with, and the tokens that come of them."""

import hashlib
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from kit.database import Database
from kit.ids import new_id
from kit.public_graph import PublicGraph
from kit.tokens import TokenVerifier
from subgraphs.auth.repository import keys as stored
from subgraphs.auth.service.keys import TOKEN_LIFETIME, KeyRing, rotate_keys
from subgraphs.auth.service.passwords import Passwords

CLAIMS_VERSION: Final = 1
SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A signed token, and when it stops to be good."""

    text: str
    expires_at: datetime


@dataclass(slots=True)
class Authority:
    """Everything auth needs to say who somebody is.

    ``verifier`` is this process's own: it hears of revocations at once, and of keys
    unless somebody else brings them (``brings_keys``). ``graph`` is where users is
    asked what somebody may do. ``service_secret`` is what services prove to be ours
    by. ``issuer`` and ``audience`` are what tokens say.
    """

    database: Database
    verifier: TokenVerifier
    graph: PublicGraph
    ring: KeyRing = field(default_factory=KeyRing)
    passwords: Passwords = field(default_factory=Passwords)
    issuer: str = "helpnest"
    audience: str = "helpnest"
    clock: Callable[[], float] = time.time
    brings_keys: bool = True
    service_secret: str | None = None

    def now(self) -> datetime:
        """Read the clock."""
        return datetime.fromtimestamp(self.clock(), UTC)

    async def load_keys(self) -> None:
        """Read the published keys, to sign with and to verify by."""
        rows = await self.database.rows(stored.PUBLISHED_KEYS, now=self.now())
        self.ring.keys = tuple(self.ring.open(KeyRow(*row)) for row in rows)
        if self.ring.keys and self.brings_keys:
            self.verifier.keys.replace(self.ring.jwks())

    async def rotate(self, *, force: bool = False, compromised: bool = False) -> bool:
        """Run `rotate_keys` and know what it made."""
        async with self.database.unit_of_work() as session:
            made = await rotate_keys(
                session, self.ring, self.now(), force=force, compromised=compromised
            )
        await self.load_keys()
        return made

    async def issue(
        self,
        subject: str,
        scopes: Iterable[str],
        *,
        roles: Iterable[str] = (),
        session_id: str | None = None,
        not_before: int = 0,
    ) -> AccessToken:
        """Sign an access token that lives for `TOKEN_LIFETIME`.

        ``not_before`` is the second up to which this subject's tokens were taken
        back: the new one is dated no earlier, or it would be refused with them.
        """
        if self.ring.current(self.now()) is None:
            await self.rotate()
        now = self.now()
        issued = max(int(now.timestamp()), not_before)
        expires = issued + int(TOKEN_LIFETIME.total_seconds())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": subject,
            "jti": new_id("jti"),
            "iat": issued,
            "exp": expires,
            "scope": " ".join(sorted(scopes)),
            "roles": sorted(roles),
            "ver": CLAIMS_VERSION,
        }
        if session_id is not None:
            claims["sid"] = session_id
        token = self.ring.sign(claims, now)
        return AccessToken(token, datetime.fromtimestamp(expires, UTC))

    def taken_back(self, revoked: Mapping[str, int]) -> None:
        """Refuse revoked tokens here at once; the others hear of it by the feed."""
        for who, not_before in revoked.items():
            self.verifier.revocations.add(who, not_before)


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A row of `PUBLISHED_KEYS`, column by column."""

    kid: str
    public_jwk: dict[str, Any]
    private_pem: str
    created_at: datetime
    use_from: datetime


def draw_secret(prefix: str) -> str:
    """Draw a secret of 256 bits; the prefix tells a leak scanner what it found."""
    return f"{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"


def digest(secret: str) -> bytes:
    """Digest a drawn secret: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
