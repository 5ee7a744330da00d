"""The router's word that a request came through it.

A user's token alone proves who asks, not which way the question came: whoever stole
one could ask a subgraph directly, past the router's limits. So the router signs each
request to a subgraph with a secret that only the two know.

The proof is one header, ``x-helpnest-proof: v1 <time> <nonce> <mac>``: seconds since
1970, 24 hexadecimal digits that never come twice, and the HMAC-SHA256 in hexadecimal
over version, method, path, time, nonce, Authorization header and body.
"""

import hmac
import os
import time
from collections.abc import Callable
from typing import Final

from kit.guard import RefusedRequestError

RESERVED: Final = b"x-helpnest-"
"""Headers named so are the router's word; without a proof they are not believed."""

HEADER: Final = RESERVED + b"proof"

WINDOW_SECONDS: Final = 30
"""How far the clocks of router and subgraph may differ, a request's way included."""

NONCE_BYTES: Final = 12
_PARTS: Final = 4


def sign(
    secret: bytes,
    path: str,
    body: bytes,
    authorization: bytes = b"",
    *,
    method: str = "POST",
) -> tuple[bytes, bytes]:
    """Prove one request: give the header (name, value) that goes with it.

    ``path`` is the path of the URL as the subgraph sees it, without query
    (``/graphql``); ``body`` the very bytes that are sent; ``authorization`` the value
    of the Authorization header that is sent along, empty if none is. Sign each
    attempt anew: a proof is taken once, so a request that is sent a second time with
    the first one's proof is refused.
    """
    now, nonce = int(time.time()), os.urandom(NONCE_BYTES).hex()
    mac = _mac(secret, _head(method, path, str(now), nonce), authorization, body)
    return HEADER, f"v1 {now} {nonce} {mac}".encode()


def _head(method: str, path: str, at: str, nonce: str) -> str:
    # A length goes in front of what could hold a blank: no two requests read alike.
    return f"v1 {method} {len(path)} {path} {at} {nonce}"


def _mac(secret: bytes, head: str, authorization: bytes, body: bytes) -> str:
    signed = b"%s %d %s%s" % (head.encode(), len(authorization), authorization, body)
    return hmac.digest(secret, signed, "sha256").hex()


class ProofVerifier:
    """Take each proof of the router once, and nothing else.

    Nonces are remembered as long as their proofs could be played again, in two
    generations of which the older is dropped whole.
    """

    def __init__(self, secret: bytes, clock: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._clock = clock
        self._seen: set[str] = set()
        self._seen_before: set[str] = set()
        self._turns_at = clock() + 2 * WINDOW_SECONDS

    def check(
        self,
        proof: bytes | None,
        method: str,
        path: str,
        authorization: bytes,
        body: bytes,
    ) -> None:
        """Take a request whose proof is the router's, fresh and new.

        Raises:
            RefusedRequestError: 403, it has none, or one that does not hold.

        """
        parts = (proof or b"").decode("latin-1").split(" ")
        if len(parts) != _PARTS or parts[0] != "v1":
            raise _refused("this request carries no proof of it")
        _, at, nonce, mac = parts
        right = _mac(self._secret, _head(method, path, at, nonce), authorization, body)
        if not hmac.compare_digest(right.encode(), mac.encode()):
            raise _refused("this request's proof does not hold")
        now = self._clock()
        if abs(now - int(at)) > WINDOW_SECONDS:
            raise _refused("this request's proof is too old, or a clock is wrong")
        self._remember(nonce, now)

    def _remember(self, nonce: str, now: float) -> None:
        if now >= self._turns_at:
            self._seen, self._seen_before = set(), self._seen
            self._turns_at = now + 2 * WINDOW_SECONDS
        if nonce in self._seen or nonce in self._seen_before:
            raise _refused("this request's proof was used before")
        self._seen.add(nonce)


def _refused(reason: str) -> RefusedRequestError:
    return RefusedRequestError(
        403, f"Only the router may ask this service, and {reason}.", "FORBIDDEN"
    )
