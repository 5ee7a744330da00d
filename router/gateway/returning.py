"""Subgraphs' headers → those that go on to the client, by router.yaml's rules.

What repeats is passed on apart, never joined: cookies cannot be. Headers about one
hop or one body are never passed on.
"""

import re
from collections.abc import Callable, Iterable

from kit.identity import Identity
from router.errors import ConfigurationError
from router.executor.gathered import Answered, Gathered
from router.gateway.caching import NAME as CACHE_CONTROL
from router.gateway.caching import NO_STORE, said_of
from router.gateway.prepared import Prepared
from router.settings.model import Settings
from router.settings.propagation import ResponsePropagate

RawHeaders = list[tuple[bytes, bytes]]
Rename = Callable[[bytes], bytes | None]
"""A header's name → the one that clients read; None where it does not go on."""

OURS = {
    *(b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-connection"),
    *(b"te", b"trailer", b"transfer-encoding", b"upgrade", b"date", b"server"),
    *(b"content-length", b"content-type", b"content-encoding", b"content-range"),
    *(b"x-request-id", b"vary"),
}
"""Headers of one hop or one body: what we send of them is our own affair."""


class Returning:
    """What is said of an answer beside it."""

    def __init__(self, settings: Settings, services: Iterable[str]) -> None:
        self._caching = settings.helpnest.cache_control
        ours = OURS | ({CACHE_CONTROL} if self._caching else set())
        self._rules = {
            name: [
                compile_rule(rule.propagate, ours)
                for rule in settings.headers.returned(name)
            ]
            for name in services
        }
        self._active = any(self._rules.values())

    def of(
        self,
        prepared: Prepared,
        gathered: Gathered,
        identity: Identity,
        *,
        alone: bool = False,
    ) -> RawHeaders:
        """Give the headers of the answer that was gathered.

        ``alone`` tells that something stands in it that concerns this request alone.
        """
        found = self.passed_on(gathered.answers) if self._active else []
        if alone:
            found += self.alone()
        elif self._caching:
            found.append(self._kept(prepared, gathered, identity))
        return found

    def alone(self) -> RawHeaders:
        """Give the headers of an answer that nobody may keep."""
        return [NO_STORE] if self._caching else []

    def passed_on(self, answers: Iterable[Answered]) -> RawHeaders:
        """Give what goes on of the headers of these answers, in their order."""
        found: RawHeaders = []
        for service, headers in answers:
            rules = self._rules[service]
            for name, value in headers:
                for rule in rules:
                    written = rule(name)
                    if written is not None:
                        found.append((written, value))
                        break
        return found

    def _kept(
        self, prepared: Prepared, gathered: Gathered, identity: Identity
    ) -> tuple[bytes, bytes]:
        """Say for how long; nothing is kept that failed, hides or changes something."""
        hidden = prepared.visible.refused
        if gathered.problems or hidden or prepared.operation.kind != "query":
            return NO_STORE
        answers = [headers for _, headers in gathered.answers]
        return said_of(answers, private=identity.authenticated)


def compile_rule(rule: ResponsePropagate, ours: set[bytes]) -> Rename:
    """Make one rule a function of a name.

    >>> rule = ResponsePropagate(named="X-A", rename="X-B")
    >>> compile_rule(rule, set())(b"x-a"), compile_rule(rule, set())(b"x-b")
    (b'x-b', None)

    Raises:
        ConfigurationError: it names a header that the router sets itself.

    """
    if rule.matching is not None:
        pattern = re.compile(rule.matching.encode("latin-1"), re.IGNORECASE)
        return lambda name: name if name not in ours and pattern.search(name) else None
    named = own_name(rule.named or "", ours)
    sent = own_name(rule.rename, ours) if rule.rename else named
    return lambda name: sent if name == named else None


def own_name(name: str, ours: set[bytes]) -> bytes:
    """Write a header's name as ASGI has it.

    Raises:
        ConfigurationError: it is one that the router sets itself.

    """
    written = name.lower().encode("latin-1")
    if written in ours:
        raise ConfigurationError(
            f"headers: {name!r} is the router's own to answer with; no rule may"
        )
    return written
