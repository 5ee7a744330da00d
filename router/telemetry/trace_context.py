"""W3C trace context: where a request belongs among those of other services.

Source: W3C Trace Context, level 1.
"""

import itertools
import re
from contextvars import ContextVar
from dataclasses import dataclass
from random import SystemRandom

Pairs = tuple[tuple[bytes, bytes], ...]

TRACEPARENT = b"traceparent"
TRACESTATE = b"tracestate"

FORM = re.compile(
    rb"(?!ff)(?!00.{54})[0-9a-f]{2}-(?P<trace>(?!0{32})[0-9a-f]{32})"
    rb"-(?P<span>(?!0{16})[0-9a-f]{16})-(?P<flags>[0-9a-f]{2})(?:-.*)?"
)
LONGEST_STATE = 512

BITS_OF_A_SPAN = 64

_random = SystemRandom()
_process = b"%016x" % (_random.getrandbits(BITS_OF_A_SPAN) or 1)
_counter = itertools.count(_random.getrandbits(BITS_OF_A_SPAN - 1) or 1)


@dataclass(slots=True)
class TraceContext:
    """The trace a request belongs to, and what subgraphs are told of it.

    ``given`` tells that the caller began it; ``span`` is what `router.telemetry.spans`
    knows it by, where spans are kept; ``executing`` is that of the stage below it
    which fetches belong to, once there is one.
    """

    headers: Pairs
    given: bool = False
    span: object = None
    executing: object = None

    @property
    def trace_id(self) -> str:
        """Give the trace's id, as logs have it."""
        parent = self.headers[0][1] if self.headers else b""
        return parent[3:35].decode("ascii")


trace_context: ContextVar[TraceContext | None] = ContextVar(
    "trace_context", default=None
)
"""Of the request being served; fetches inherit it."""


def read_context(pairs: list[tuple[bytes, bytes]]) -> TraceContext:
    """Take over the caller's trace, or begin one that is not sampled.

    >>> given = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    >>> read_context([(b"traceparent", given)]).headers[0][1] == given
    True
    """
    parents, states = list[bytes](), list[bytes]()
    for name, value in pairs:
        if name == TRACEPARENT:
            parents.append(value)
        elif name == TRACESTATE:
            states.append(value)
    if len(parents) != 1 or FORM.fullmatch(parents[0]) is None:
        return new_context()
    parent = parents[0]
    state = b",".join(states)
    headers: Pairs = ((TRACEPARENT, parent),)
    if state and len(state) <= LONGEST_STATE:
        headers = (*headers, (TRACESTATE, state))
    return TraceContext(headers, given=True)


def new_context() -> TraceContext:
    """Begin a trace: others may find the request by it, nobody need keep it.

    >>> context = new_context()
    >>> len(context.trace_id), context.headers[0][1][-3:]
    (32, b'-00')
    """
    # This process's own half, and a counter that begins in a random place: unique,
    # and no system call for each request.
    number = next(_counter)
    parent = b"00-%s%016x-%016x-00" % (_process, number, number)
    return TraceContext(((TRACEPARENT, parent),))
