"""A client's headers → those that go on to each subgraph, by router.yaml's rules."""

import re
from collections.abc import Callable, Iterable

from router.errors import ConfigurationError
from router.settings.propagation import HeaderRule, Headers, Propagate

Pairs = tuple[tuple[bytes, bytes], ...]
Rule = Callable[[Iterable[tuple[bytes, bytes]], Pairs], Pairs]

OURS = {
    *(b"host", b"connection", b"keep-alive", b"transfer-encoding", b"upgrade"),
    *(b"content-length", b"content-type", b"content-encoding", b"te", b"trailer"),
    *(b"accept", b"accept-encoding", b"x-request-id", b"proxy-authorization"),
    *(b"traceparent", b"tracestate"),
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
                found = ()
                for rule in self._rules[number]:
                    found = rule(headers, found)
                known[number] = found
            return found

        return forwarded


def compile_rule(rule: HeaderRule) -> Rule:
    """Make one rule a function of what came and what earlier rules made of it.

    >>> insert = HeaderRule.model_validate({"insert": {"name": "X-A", "value": "1"}})
    >>> compile_rule(insert)([], ())
    ((b'x-a', b'1'),)

    Raises:
        ConfigurationError: it names a header that the router sets itself.

    """
    if rule.insert is not None:
        pair = (own_name(rule.insert.name), rule.insert.value.encode("latin-1"))
        return lambda _, made: (*made, pair)
    if rule.remove is not None:
        gone = own_name(rule.remove.named)
        return lambda _, made: tuple(pair for pair in made if pair[0] != gone)
    if rule.propagate is not None and rule.propagate.matching is not None:
        return propagate_matching(rule.propagate.matching)
    return propagate_named(rule.propagate or Propagate(named=""))


def propagate_named(rule: Propagate) -> Rule:
    """Pass one header on, perhaps under another name, perhaps with a default."""
    name = own_name(rule.named or "")
    sent = own_name(rule.rename) if rule.rename else name
    default = rule.default.encode("latin-1") if rule.default is not None else None

    def propagate(headers: Iterable[tuple[bytes, bytes]], made: Pairs) -> Pairs:
        found = tuple([(sent, value) for key, value in headers if key == name])
        if not found and default is not None:
            found = ((sent, default),)
        return made + found

    return propagate


def propagate_matching(expression: str) -> Rule:
    """Pass on every header whose name matches, but for the router's own."""
    pattern = re.compile(expression.encode("latin-1"), re.IGNORECASE)

    def propagate(headers: Iterable[tuple[bytes, bytes]], made: Pairs) -> Pairs:
        return made + tuple(
            pair
            for pair in headers
            if pair[0] not in OURS and pattern.fullmatch(pair[0])
        )

    return propagate


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
