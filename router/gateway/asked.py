"""One request as the pipeline takes it, and what it came to."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from kit.guard import GraphQLRequest
from kit.identity import Identity
from kit.streams.stream import Confirm, Stream
from router.errors import Problem
from router.executor.execute import Gathered
from router.gateway.prepared import Prepared
from router.gateway.returning import RawHeaders
from router.telemetry.record import Record


@dataclass(frozen=True, slots=True)
class Streaming:
    """Who asks can take more than one answer: which kinds, and for how long.

    ``confirm`` raises when the caller's token is worth nothing any more.
    """

    confirm: Confirm
    subscriptions: bool = True
    defer: bool = False


@dataclass(slots=True)
class Asked:
    """One request, as the pipeline takes it.

    ``headers`` are the client's, of which the rules of router.yaml forward some;
    ``read_only`` is a GET, which runs queries and nothing else; ``found`` tells that
    its document was looked up.
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


@dataclass(slots=True)
class Outcome:
    """What each stage came to; the client gets ``body`` or ``stream``, and ``headers``."""

    body: bytes
    prepared: Prepared
    gathered: Gathered
    problems: list[Problem]
    headers: RawHeaders = field(default_factory=RawHeaders)
    stream: Stream | None = None
