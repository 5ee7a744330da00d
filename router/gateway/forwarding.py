"""A client's headers → those that go on to each subgraph, by router.yaml's rules.

The rules apply in order. Of several that propagate under one name, the first that
finds something counts.
"""

import re
from collections.abc import Callable, Iterable

from router.errors import ConfigurationError
from router.settings.propagation import HeaderRule, Headers, Propagate, Remove

Pairs = tuple[tuple[bytes, bytes], ...]
Came = Iterable[tuple[bytes, bytes]]
Made = list[tuple[bytes, bytes]]
Rule = Callable[[Came, Made, set[bytes]], None]
"""What came, what earlier rules made of it, and the names they propagated under."""

OURS = {
    *(b"host", b"connection", b"keep-alive", b"transfer-encoding", b"upgrade"),
    *(b"content-length", b"content-type", b"content-encoding", b"te", b"trailer"),
    *(b"accept", b"accept-encoding", b"x-request-id", b"proxy-authorization"),
    *(b"traceparent", b"tracestate", b"proxy-connection", b"proxy-authenticate"),
}
"""Headers about one hop or one body: what we send of them is our own affair."""


class Forwarding:
    """The rules of every subgraph, those that are the same applied once a request."""

    def __init__(self, settings: Headers, services: Iterable[str]) -> None:
        written = {name: settings.of(name) for name in services}
        self._number = {
            name: list(written.values()).index(rules) for name, rules in written.items()
        }
        self._rules = [
            [compile_rule(rule) for rule in rules] for rules in written.values()
        ]

    def of_request(
        self, headers: Iterable[tuple[bytes, bytes]]
    ) -> Callable[[str], Pairs]:
        """Give the function that says what goes on to a subgraph."""
        known: dict[int, Pairs] = {}

        def forwarded(service: str) -> Pairs:
            number = self._number[service]
            found = known.get(number)
            if found is None:
                made: Made = []
                taken: set[bytes] = set()
                for rule in self._rules[number]:
                    rule(headers, made, taken)
                known[number] = found = tuple(made)
            return found

        return forwarded


def compile_rule(rule: HeaderRule) -> Rule:
    """Make one rule a function of what came and what earlier rules made of it.

    >>> insert = HeaderRule.model_validate({"insert": {"name": "X-A", "value": "1"}})
    >>> made = [(b"x-a", b"0")]
    >>> compile_rule(insert)([], made, set()); made
    [(b'x-a', b'1')]

    Raises:
        ConfigurationError: it names a header that the router sets itself.

    """
    if rule.insert is not None:
        return put_in(own_name(rule.insert.name), rule.insert.value.encode("latin-1"))
    if rule.remove is not None:
        return take_out(rule.remove)
    if rule.propagate is not None and rule.propagate.matching is not None:
        return propagate_matching(rule.propagate.matching)
    return propagate_named(rule.propagate or Propagate(named=""))


def put_in(name: bytes, value: bytes) -> Rule:
    """Send a fixed value, in the place of whatever went by that name."""

    def apply(_: Came, made: Made, __: set[bytes]) -> None:
        made[:] = [*[pair for pair in made if pair[0] != name], (name, value)]

    return apply


def take_out(rule: Remove) -> Rule:
    """Take out what earlier rules put in; no later one propagates it again."""
    if rule.named is not None:
        gone = own_name(rule.named)
        return lambda _, made, __: made.__setitem__(
            slice(None), [pair for pair in made if pair[0] != gone]
        )
    pattern = compiled(rule.matching or "")
    return lambda _, made, __: made.__setitem__(
        slice(None), [pair for pair in made if not pattern.search(pair[0])]
    )


def propagate_named(rule: Propagate) -> Rule:
    """Pass one header on, perhaps under another name, perhaps with a default."""
    name = own_name(rule.named or "")
    sent = own_name(rule.rename) if rule.rename else name
    default = rule.default.encode("latin-1") if rule.default is not None else None

    def apply(headers: Came, made: Made, taken: set[bytes]) -> None:
        if sent in taken:
            return
        found = [(sent, value) for key, value in headers if key == name]
        if not found and default is not None:
            found = [(sent, default)]
        if found:
            made += found
            taken.add(sent)

    return apply


def propagate_matching(expression: str) -> Rule:
    """Pass on every header whose name matches, but for the router's own.

    Neither those that the client says are about its connection alone.
    """
    pattern = compiled(expression)

    def apply(headers: Came, made: Made, taken: set[bytes]) -> None:
        found = [
            pair
            for pair in headers
            if pair[0] not in OURS and pair[0] not in taken and pattern.search(pair[0])
        ]
        named = about_the_connection(headers)
        if named:
            found = [pair for pair in found if pair[0] not in named]
        made += found
        taken.update(name for name, _ in found)

    return apply


def about_the_connection(headers: Came) -> set[bytes]:
    """List what a client names in ``Connection``.

    >>> sorted(about_the_connection([(b"connection", b"Keep-Alive, X-A")]))
    [b'keep-alive', b'x-a']
    """
    return {
        name.strip().lower()
        for key, value in headers
        if key == b"connection"
        for name in value.split(b",")
    }


def compiled(expression: str) -> re.Pattern[bytes]:
    """Compile an expression of names; it may stand anywhere in them."""
    return re.compile(expression.encode("latin-1"), re.IGNORECASE)


def own_name(name: str) -> bytes:
    """Write a header's name as ASGI has it.

    Raises:
        ConfigurationError: it is one that the router sets itself.

    """
    written = name.lower().encode("latin-1")
    if written in OURS:
        raise ConfigurationError(
            f"headers: {name!r} is the router's own to set; no rule may"
        )
    return written
