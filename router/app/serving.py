"""One supergraph and its settings, being served: two of them during a reload."""

import asyncio
from contextlib import AsyncExitStack
from time import monotonic

from kit.tokens import TokenVerifier
from router.app.asgi import Receive, Scope, Send
from router.app.graphql import GraphQLEndpoint
from router.app.sockets import Sockets
from router.auth.identify import authenticator_of, verifier_of
from router.executor.transport.interface import Meter, Transport
from router.gateway.leaving import take_apart
from router.gateway.measured import (
    Measure,
    MeasuredStreams,
    MeasuredTransport,
    SubgraphMeter,
)
from router.gateway.opening import open_gateway
from router.gateway.pipeline import Gateway
from router.gateway.subgraphs import Targets
from router.hooks.load import Hooks
from router.hooks.streams import HookedStreams
from router.hooks.transport import HookedTransport
from router.settings.identity import Jwks
from router.settings.model import Settings
from router.telemetry.observer import Observer

FIRST_KEYS_SECONDS = 5.0
"""How long a reload waits for keys of issuers that are new to it."""

LOOK_AGAIN = 0.05


class Issuers:
    """Whose tokens count, and the task that keeps their keys fresh."""

    def __init__(self, settings: Settings, given: TokenVerifier | None) -> None:
        jwt = settings.authentication.router.jwt
        own = jwt.jwks if jwt is not None and given is None else ()
        self.own: list[tuple[Jwks, TokenVerifier]] = [
            (entry, verifier_of(entry)) for entry in own
        ]
        self.verifiers = [each for _, each in self.own]
        if given is not None:
            self.verifiers = [given]
        self._kept = AsyncExitStack()

    async def open(self, *, patience: float = 0.0) -> None:
        """Begin to fetch keys; wait at most that many seconds for the first.

        Raises:
            ConfigurationError: a file of keys cannot be used.

        """
        if not self.own:
            return
        # Loaded late: without issuers nothing needs its HTTP client.
        from router.auth.keys import keys_kept  # noqa: PLC0415 - see above

        await self._kept.enter_async_context(keys_kept(self.own))
        until = monotonic() + patience
        while monotonic() < until and not all(  # noqa: ASYNC110 - keys tell nobody that they came
            v.keys.keys for v in self.verifiers
        ):
            await asyncio.sleep(LOOK_AGAIN)

    async def close(self) -> None:
        """Fetch no more."""
        await self._kept.aclose()


class Serving:
    """Settings, gateway and endpoint that belong together.

    ``under_way`` counts its requests; ``current`` is whether new ones come to it.
    """

    def __init__(
        self,
        settings: Settings,
        gateway: Gateway,
        issuers: Issuers,
        observer: Observer,
        hooks: Hooks | None,
    ) -> None:
        self.settings = settings
        self.path = settings.supergraph.path
        self.target = self.path.encode("utf-8")
        self.gateway = gateway
        self.sdl = ""
        self.issuers = issuers
        self.endpoint = GraphQLEndpoint(
            gateway,
            authenticator_of(settings.authentication, issuers.verifiers),
            settings,
            observer,
            hooks,
        )
        self.sockets = Sockets(self.endpoint, settings)
        self.under_way = 0
        self.current = True
        self._idle = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request to the endpoint."""
        self.under_way += 1
        try:
            if scope["type"] == "http":
                await self.endpoint(scope, receive, send)
            else:
                await self.sockets(scope, receive, send)
        finally:
            self.leave()

    def leave(self) -> None:
        """Count a request out."""
        self.under_way -= 1
        if not self.under_way:
            self._idle.set()

    def take_apart(self) -> None:
        """Let go of what it served with; what is small is left to the collector."""
        take_apart(self.gateway)

    async def drained(self) -> None:
        """Wait until nothing is under way any more."""
        while self.under_way:
            self._idle.clear()
            await self._idle.wait()
        # What a client left behind (a mutation) has its own time to end in.
        left = monotonic() - self.endpoint.left_at
        await asyncio.sleep(max(0.0, self.gateway.patience - left))


def open_serving(
    settings: Settings,
    sdl: str,
    issuers: Issuers,
    observer: Observer,
    hooks: Hooks | None,
    *,
    transports: Targets | None = None,
) -> Serving:
    """Read the supergraph and make all that serving it needs; connects nowhere.

    Raises:
        SupergraphError: the supergraph cannot be used.
        ConfigurationError: the settings do not fit it.

    """
    metrics, spans = observer.metrics, observer.spans

    def wrap(subgraph: str, way: Transport) -> tuple[Transport, Meter | None]:
        if hooks is not None and hooks.of_subgraphs:  # which are not measured
            measured = MeasuredTransport(way, subgraph, metrics, spans)
            return HookedTransport(measured, subgraph, hooks), None
        if spans is not None:
            return MeasuredTransport(way, subgraph, metrics, spans), None
        return way, SubgraphMeter(subgraph, metrics)

    gateway = open_gateway(settings, sdl, transports, wrap)
    for name, subgraph in gateway.subgraphs.items():
        if subgraph.streams is None:
            continue
        measure = Measure(name, metrics, spans, tells=subgraph.meter is None)
        subgraph.streams = MeasuredStreams(subgraph.streams, measure)
        if hooks is not None and hooks.of_subgraphs:
            subgraph.streams = HookedStreams(subgraph.streams, name, hooks)
    serving = Serving(settings, gateway, issuers, observer, hooks)
    serving.sdl = sdl
    return serving
