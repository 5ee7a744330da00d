"""Which other origins' pages may read our answers.

Source: Fetch standard, "CORS protocol".
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from router.app.asgi import RawHeaders
from router.settings.http import Cors
from router.settings.http import CorsPolicy as Written

VARY = [(b"vary", b"origin")]
MIRRORED = (b"vary", b"origin, access-control-request-headers")


@dataclass(frozen=True, slots=True)
class Policy:
    """What pages of one origin may do; ``allowed`` is how the origin is called."""

    allowed: bytes | None
    credentials: bool
    allow_headers: bytes
    expose_headers: bytes
    methods: bytes
    max_age: int

    def headers(self, origin: bytes) -> RawHeaders:
        """Give the headers of an answer."""
        allowed = origin if self.allowed is None else self.allowed
        found = [(b"access-control-allow-origin", allowed), *VARY]
        if self.credentials:
            found.append((b"access-control-allow-credentials", b"true"))
        if self.expose_headers:
            found.append((b"access-control-expose-headers", self.expose_headers))
        return found

    def preflight(self, origin: bytes, requested: bytes) -> RawHeaders:
        """Give the headers that answer a browser's question before a request."""
        named = self.allow_headers or requested
        return [
            *[pair for pair in self.headers(origin) if pair not in VARY],
            MIRRORED,
            (b"access-control-allow-methods", self.methods),
            *([(b"access-control-allow-headers", named)] if named else []),
            (b"access-control-max-age", b"%d" % self.max_age),
        ]


class CorsRules:
    """The headers that tell a browser what it may hand to a page."""

    def __init__(self, settings: Cors) -> None:
        self._anybody: Policy | None = None
        if settings.allow_any_origin:
            self._anybody = policy_of(settings, None, allowed=b"*")
        self._named: dict[bytes, Policy] = {}
        self._matching: list[tuple[re.Pattern[str], Policy]] = []
        for written in settings.policies:
            policy = policy_of(settings, written)
            self._name(written.origins, policy)
            for expression in written.match_origins:
                self._matching.append((re.compile(expression), policy))
        self._name(settings.origins, policy_of(settings, None))
        self.active = bool(self._named or self._matching or self._anybody)
        self._matched = lru_cache(maxsize=256)(self._match)

    def _name(self, origins: Iterable[str], policy: Policy) -> None:
        for origin in origins:
            self._named.setdefault(origin.encode("latin-1"), policy)

    def headers(self, origin: bytes | None) -> RawHeaders:
        """Give the headers of an answer to a page of that origin."""
        if not self.active:
            return []
        policy = None if origin is None else self._policy(origin)
        if origin is None or policy is None:
            return VARY[:]
        return policy.headers(origin)

    def preflight(self, origin: bytes | None, requested: bytes) -> RawHeaders:
        """Give the headers that answer a browser's question before a request."""
        if not self.active:
            return []
        policy = None if origin is None else self._policy(origin)
        if origin is None or policy is None:
            return VARY[:]
        return policy.preflight(origin, requested)

    def _policy(self, origin: bytes) -> Policy | None:
        """Find the policy of an origin: exact names before expressions."""
        return self._named.get(origin) or self._matched(origin) or self._anybody

    def _match(self, origin: bytes) -> Policy | None:
        text = origin.decode("latin-1")
        for pattern, policy in self._matching:
            if pattern.fullmatch(text):
                return policy
        return None


def policy_of(
    settings: Cors, written: Written | None, *, allowed: bytes | None = None
) -> Policy:
    """Take what a policy says, and what is said for all where it is silent."""
    own = written.model_dump(exclude_none=True) if written else {}
    said = {**settings.model_dump(), **own}
    return Policy(
        allowed,
        bool(said["allow_credentials"]),
        joined(said["allow_headers"]),
        joined(said["expose_headers"]),
        joined(said["methods"]),
        int(said["max_age"]),
    )


def joined(names: Iterable[str]) -> bytes:
    """Write a list as a header has it.

    >>> joined(["GET", "POST"])
    b'GET, POST'
    """
    return ", ".join(names).encode("latin-1")
