"""One request as the pipeline takes it, and what it came to."""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

from kit.guard import GraphQLRequest
from kit.identity import Identity
from kit.streams.stream import Confirm, Stream
from router.errors import Problem
from router.executor.gathered import Gathered
from router.executor.transport.interface import Headers
from router.gateway.prepared import Prepared
from router.gateway.returning import RawHeaders
from router.telemetry.record import Record
from router.telemetry.trace_context import TraceContext

Answer = Callable[[bytes, Record], Awaitable[bytes]]
"""An event of a subgraph, and what notes how it is answered → the answer."""


class Keeper(Protocol):
    """Who counts the streams that clients read."""

    def enter(self, who: str) -> None:
        """Take a place for one more stream of a caller.

        Raises:
            RefusedError: it has as many as it may.

        """
        ...

    def leave(self, who: str) -> None:
        """Give the place back: nothing came of it."""
        ...

    def keep(
        self,
        stream: Stream,
        answer: Answer,
        who: str,
        operation: str | None,
        protocol: str,
    ) -> Stream:
        """Count a stream, in its place, until it is closed, and answer its events."""
        ...

    def at_work(
        self, context: TraceContext | None, name: str
    ) -> AbstractAsyncContextManager[Record]:
        """Count that one of a stream's answers is worked out, among requests.

        It belongs to the trace that ``context`` is of; what is noted of it is counted.
        """
        ...


@dataclass(slots=True)
class Streaming:
    """Who asks can take more than one answer: of which kinds, and for how long.

    ``confirm`` raises when the caller's token is worth nothing any more; ``protocol``
    is how events will travel. ``opened`` is where a stream is left for who carries it,
    ``deferred`` says that it is one answer in parts.
    """

    confirm: Confirm
    keeper: Keeper
    protocol: str = ""
    subscriptions: bool = True
    defer: bool = False
    opened: Stream | None = None
    deferred: bool = False


@dataclass(frozen=True, slots=True)
class Traits:
    """What the pipeline reads off the headers of a request: the same for the same.

    ``forwarded`` gives what goes on to a subgraph; ``wishful`` tells that the client
    may want to know more than the data.
    """

    forwarded: Callable[[str], Headers]
    wishful: bool


@dataclass(slots=True)
class Asked:
    """One request, as the pipeline takes it.

    ``headers`` are the client's, of which the rules of router.yaml forward some;
    ``read_only`` is a GET, which runs queries and nothing else; ``found`` tells that
    its document was looked up. ``traits`` are given by who knows them already.
    """

    request: GraphQLRequest
    identity: Identity
    headers: Iterable[tuple[bytes, bytes]] = ()
    request_id: str = ""
    read_only: bool = False
    trace: bool = False
    record: Record = field(default_factory=Record)
    found: bool = False
    streaming: Streaming | None = None
    traits: Traits | None = None


@dataclass(slots=True)
class Outcome:
    """What each stage came to; ``body`` (or ``stream``) and ``headers`` go out."""

    body: bytes
    prepared: Prepared
    gathered: Gathered
    problems: list[Problem]
    headers: RawHeaders = field(default_factory=RawHeaders)
    stream: Stream | None = None
