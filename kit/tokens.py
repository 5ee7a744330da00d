"""JWT → Identity.

A token is believed when a key of the issuer signed it with that key's own
algorithm, when it is meant for us, has not expired, and was not taken back.
Verifying does no I/O: `kit.keys` brings keys and revocations in the background.

Source: RFC 8725 (JWT best practices), RFC 9068 (access token profile).
"""

import json
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

from kit.errors import UnauthenticatedError
from kit.identity import ANONYMOUS, Identity, Kind
from kit.key_set import KeySet

if TYPE_CHECKING:
    import jwt

MAX_TOKEN_BYTES: Final = 8192
SEGMENTS: Final = 3
LEEWAY_SECONDS: Final = 15
REFUSED_HEADERS: Final = frozenset({"jku", "x5u", "jwk", "x5c", "crit", "b64", "zip"})
CACHED_TOKENS: Final = 4096
LONGEST_LIFETIME_SECONDS: Final = 3600
"""No access token lives longer; what was revoked earlier than this has expired."""


class UnknownKeyError(UnauthenticatedError):
    """The token may be good, but not as one of this issuer's."""


@dataclass(slots=True)
class Revocations:
    """What auth took back: per session or subject, tokens issued before an instant."""

    not_before: dict[str, int] = field(default_factory=dict[str, int])

    def add(self, who: str, not_before: int) -> None:
        """Refuse what was issued to this session or subject before that second."""
        self.not_before[who] = max(not_before, self.not_before.get(who, 0))

    def forget(self, before: int) -> None:
        """Drop what concerns only tokens that have expired since."""
        kept = {who: at for who, at in self.not_before.items() if at >= before}
        self.not_before = kept

    def covers(self, identity: Identity) -> bool:
        """Say whether this token was taken back.

        >>> taken = Revocations({"ses_1": 100})
        >>> taken.covers(Identity("usr_1", session_id="ses_1", issued_at=99))
        True
        """
        table, issued = self.not_before, identity.issued_at
        if not table:
            return False
        return issued < table.get(identity.subject, 0) or issued < table.get(
            identity.session_id or "", 0
        )


@dataclass(slots=True)
class TokenVerifier:
    """Turn the Authorization header into an `Identity`, or refuse it.

    Verified tokens are remembered until they expire or the issuer's keys change, so
    a signature is checked once; revocation is checked every time.
    """

    issuer: str | tuple[str, ...]
    audience: str | tuple[str, ...]
    keys: KeySet = field(default_factory=KeySet)
    revocations: Revocations = field(default_factory=Revocations)
    clock: Callable[[], float] = time.time
    _known: OrderedDict[str, Identity] = field(
        default_factory=OrderedDict[str, Identity]
    )
    _believed: "dict[str, jwt.PyJWK] | None" = None

    def identify(self, authorization: str | None) -> Identity:
        """Read ``Bearer <token>``; no header is nobody.

        Raises:
            UnauthenticatedError: there is a header, and it proves nothing.

        """
        if authorization is None:
            return ANONYMOUS
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token or token.strip() != token:
            raise UnauthenticatedError("The Authorization header is not a bearer token")
        return self.verify(token)

    def verify(self, token: str) -> Identity:
        """Check a token whole: form, key, algorithm, claims, time, revocation.

        Raises:
            UnauthenticatedError: with the reason, which never quotes the token.

        """
        now = self.clock()
        if self._believed is not self.keys.keys:
            self._known.clear()
            self._believed = self.keys.keys
        identity = self._known.get(token)
        if identity is None:
            identity = self._read(token)
            self._known[token] = identity
            if len(self._known) > CACHED_TOKENS:
                self._known.popitem(last=False)
        if identity.expires_at + LEEWAY_SECONDS < now:
            self._known.pop(token, None)
            raise UnauthenticatedError("The token has expired")
        if self.revocations.covers(identity):
            raise UnauthenticatedError("The token was revoked")
        return identity

    def _read(self, token: str) -> Identity:
        if len(token) > MAX_TOKEN_BYTES:
            raise UnauthenticatedError("The token is too large")
        header = read_header(token)
        key = self.keys.keys.get(str(header.get("kid")))
        if key is None:
            raise UnknownKeyError("The token's key is not one of the issuer's")
        if header.get("alg") != key.algorithm_name:
            raise UnauthenticatedError("The token's algorithm is not its key's")
        import jwt  # noqa: PLC0415 - loaded with the first key: see `kit.key_set`

        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name],
                audience=self.audience,
                issuer=self.issuer,
                leeway=LEEWAY_SECONDS,
                options={
                    "require": ["iss", "aud", "sub", "iat", "exp"],
                    "verify_exp": False,  # `verify` does, by our own clock
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except jwt.PyJWTError as error:
            raise UnauthenticatedError(f"The token is not valid: {error}") from error
        return identity_of(claims, self.clock())


def read_header(token: str) -> dict[str, object]:
    """Read a token's header, and refuse what no access token of ours carries.

    Raises:
        UnauthenticatedError: the header is malformed, repeats a member, is not
            ``at+jwt``, or tries to bring its own key.

    """
    parts = token.split(".")
    if len(parts) != SEGMENTS:
        raise UnauthenticatedError("The token is not a signed JWT")
    fields = read_object(parts[0])
    read_object(parts[1])  # the claims, so that no member comes twice there either
    if str(fields.get("typ")).lower() not in {"at+jwt", "application/at+jwt"}:
        raise UnauthenticatedError("The token is not an access token")
    if not REFUSED_HEADERS.isdisjoint(fields):
        raise UnauthenticatedError("The token's header names what is not accepted")
    return fields


def read_object(segment: str) -> dict[str, object]:
    """Read one base64url segment that holds a JSON object, no member twice.

    Raises:
        UnauthenticatedError: it does not.

    """
    from jwt.utils import base64url_decode  # noqa: PLC0415 - as above

    try:
        raw = base64url_decode(segment.encode("ascii"))
        found: object = json.loads(raw, object_pairs_hook=once_each)
    except (ValueError, RecursionError) as error:
        raise UnauthenticatedError("The token is not made of JSON objects") from error
    if not isinstance(found, dict):
        raise UnauthenticatedError("The token is not made of JSON objects")
    return cast("dict[str, object]", found)


def once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Make a dictionary of pairs whose names all differ.

    Raises:
        ValueError: a name comes twice.

    """
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("A member comes twice.")
    return found


def identity_of(claims: dict[str, Any], now: float) -> Identity:
    """Read verified claims, each of its own type.

    ``scope`` is a text of words (RFC 8693), ``roles`` a list of texts, ``sid`` the
    session (absent for service accounts), ``iat`` and ``exp`` whole seconds.

    Raises:
        UnauthenticatedError: a claim has the wrong type, or lies in the future.

    """
    subject, scope = claims["sub"], claims.get("scope", "")
    roles, session = claims.get("roles", []), claims.get("sid")
    issued, expires = claims["iat"], claims["exp"]
    well_formed = (
        isinstance(subject, str)
        and subject != ""
        and isinstance(scope, str)
        and isinstance(roles, list)
        and all(isinstance(role, str) for role in roles)
        and (session is None or isinstance(session, str))
        and type(issued) is int
        and type(expires) is int
        and type(claims.get("nbf", 0)) is int
    )
    if not well_formed:
        raise UnauthenticatedError("A claim of the token has the wrong type")
    if max(issued, claims.get("nbf", 0)) > now + LEEWAY_SECONDS:
        raise UnauthenticatedError("The token is not valid yet")
    return Identity(
        subject=subject,
        kind=Kind.SERVICE if session is None else Kind.USER,
        scopes=frozenset(scope.split()),
        roles=frozenset(roles),
        session_id=session,
        token_id=str(claims["jti"]) if "jti" in claims else None,
        issued_at=issued,
        expires_at=expires,
    )
