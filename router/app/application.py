"""The router as one ASGI application: the endpoint, health, and what is mounted."""

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import structlog

from kit.guard import error_body
from kit.tokens import TokenVerifier
from router.app.address import Client, without_reserved
from router.app.asgi import AsgiApp, RawHeaders, Receive, Scope, Send, respond
from router.app.figures import Figures
from router.app.reload import Reloader, Source
from router.app.serving import Issuers, Serving, open_serving
from router.app.short import ShortWay, short_way
from router.app.succession import Succession
from router.gateway.pipeline import Gateway
from router.gateway.subgraphs import Targets
from router.hooks.load import load_hooks
from router.settings.model import Settings
from router.telemetry.observer import Observer

log = structlog.get_logger(__name__)

HOMEPAGE = Path(__file__).with_name("homepage.html")

OK, NOT_FOUND, UNAVAILABLE = 200, 404, 503


def create_app(
    settings: Settings,
    supergraph_sdl: str,
    *,
    transports: Targets | None = None,
    mounts: Mapping[str, AsgiApp] | None = None,
    verifier: TokenVerifier | None = None,
    source: Source | None = None,
    settle: Callable[[], None] | None = None,
    observer: Observer | None = None,
) -> "Application":
    """Make the router for one supergraph.

    ``transports`` says where subgraphs are, instead of the supergraph: an ASGI
    application is called in this process (whoever made it starts and stops it), a
    URL is asked over HTTP or a unix socket. ``mounts`` maps path prefixes to
    applications that answer everything below them. With a ``verifier`` its keys are
    its giver's to keep; without, the router fetches those that the settings name.
    With a ``source`` its files are watched, and ``settle`` is called when what served
    before is gone.

    Raises:
        SupergraphError: the supergraph cannot be used.
        ConfigurationError: the settings do not fit it.

    """
    observer = observer or Observer(settings)
    serving = open_serving(
        settings,
        supergraph_sdl,
        Issuers(settings, verifier),
        observer,
        load_hooks(settings.hooks.module),
        transports=transports,
    )
    succession = Succession(serving, observer, transports, verifier, settle)
    return Application(succession, observer, mounts or {}, source)


class Application:
    """An ASGI application; it opens nothing before its lifespan or first request."""

    def __init__(
        self,
        succession: Succession,
        observer: Observer,
        mounts: Mapping[str, AsgiApp],
        source: Source | None,
    ) -> None:
        self.succession = succession
        self.observer = observer
        self.reloader: Reloader | None = None
        if source is not None:
            self.reloader = Reloader(
                source,
                succession.change,
                observer.metrics,
                (self.settings, succession.serving.sdl),
            )
        self._figures = Figures(succession.serving.settings, observer.metrics)
        self._stopping = False
        # The longest prefix first, so that the closer one answers.
        self._mounts = sorted(mounts.items(), key=lambda mount: -len(mount[0]))

    @property
    def serving(self) -> Serving:
        """What serves now."""
        return self.succession.serving

    @property
    def settings(self) -> Settings:
        """The settings of what serves now."""
        return self.serving.settings

    @property
    def gateway(self) -> Gateway:
        """The gateway of what serves now."""
        return self.serving.gateway

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live through one lifespan."""
        if scope["type"] == "http":
            serving = self.succession.serving
            if scope["path"] == serving.path:
                await serving(scope, receive, send)
            else:
                await self._elsewhere(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["path"] == self.succession.serving.path:
            await self.succession.serving(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    def short_way(
        self, target: bytes, headers: RawHeaders, client: Client
    ) -> ShortWay | None:
        """Say how POSTs with this head are answered without ASGI, if they can be."""
        serving = self.succession.serving
        if target != serving.target:
            return None
        return short_way(serving, headers, client)

    def leave(self) -> None:
        """End what would never end by itself: the router is going to stop."""
        self.serving.endpoint.streams.end()

    async def _elsewhere(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        for prefix, app in self._mounts:
            if path == prefix or path.startswith(f"{prefix.rstrip('/')}/"):
                headers = without_reserved(scope["headers"])
                await app({**scope, "headers": headers}, receive, send)
                return
        settings = self.settings
        if settings.health_check.enabled and path == settings.health_check.path:
            status, body = self.health(scope["query_string"])
            await respond(send, status, body, NOT_STORED[:])
        elif path == self._figures.path_here:
            media, body = self._figures.written()
            await respond(send, OK, body, NOT_STORED[:], media)
        elif settings.homepage.enabled and path == "/":
            await respond(send, OK, HOMEPAGE.read_bytes(), PAGE[:], b"text/html")
        else:
            where = settings.supergraph.path
            body = error_body(f"There is nothing here; ask {where}.", "NOT_FOUND")
            await respond(send, NOT_FOUND, body, [])

    def health(self, query: bytes) -> tuple[int, bytes]:
        """Say how the router is: ``live`` asks for the process alone.

        Ready is who can take requests: no subgraph need be there, each answers for
        its own fields. A refused reload does not make it unready, but is told; why,
        the log says.
        """
        if self._stopping and query != b"live":
            return UNAVAILABLE, b'{"status":"DOWN"}'
        if self.reloader is not None and self.reloader.refused is not None:
            return OK, b'{"status":"UP","reload":"refused"}'
        return OK, b'{"status":"UP"}'

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with AsyncExitStack() as stack:
            try:
                await self._start(stack)
            except Exception as error:  # noqa: BLE001 - told to the server
                await send({"type": "lifespan.startup.failed", "message": str(error)})
                return
            await send({"type": "lifespan.startup.complete"})
            await receive()
            self._stopping = True
            self.leave()
        await send({"type": "lifespan.shutdown.complete"})

    async def _start(self, stack: AsyncExitStack) -> None:
        stack.push_async_callback(self.succession.close)
        await self.serving.issuers.open()
        await stack.enter_async_context(self.observer.watching())
        await stack.enter_async_context(self._figures.served())
        if self.reloader is not None:
            await stack.enter_async_context(self.reloader.watching())


NOT_STORED = [(b"cache-control", b"no-store")]

PAGE = [
    (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'"),
    (b"x-content-type-options", b"nosniff"),
]
