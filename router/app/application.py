"""The router as one ASGI application: the endpoint, health, and what is mounted."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import structlog

from kit.guard import error_body
from kit.tokens import TokenVerifier
from router.app.address import without_reserved
from router.app.asgi import AsgiApp, Receive, Scope, Send, respond
from router.app.graphql import GraphQLEndpoint
from router.auth.identify import authenticator_of, verifier_of
from router.gateway.opening import open_gateway
from router.gateway.pipeline import Gateway
from router.gateway.subgraphs import Targets
from router.settings.identity import Jwks
from router.settings.model import Settings

log = structlog.get_logger(__name__)

HOMEPAGE = Path(__file__).with_name("homepage.html")


def create_app(
    settings: Settings,
    supergraph_sdl: str,
    *,
    transports: Targets | None = None,
    mounts: Mapping[str, AsgiApp] | None = None,
    verifier: TokenVerifier | None = None,
) -> "Application":
    """Make the router for one supergraph.

    ``transports`` says where subgraphs are, instead of the supergraph: an ASGI
    application is called in this process (whoever made it starts and stops it), a
    URL is asked over HTTP or a unix socket. ``mounts`` maps path prefixes to
    applications that answer everything below them. With a ``verifier`` its keys are
    its giver's to keep; without, the router fetches those that the settings name.

    Raises:
        SupergraphError: the supergraph cannot be used.
        ConfigurationError: the settings do not fit it.

    """
    gateway = open_gateway(settings, supergraph_sdl, transports)
    return Application(settings, gateway, mounts or {}, verifier)


class Application:
    """An ASGI application; it opens nothing before its lifespan or first request."""

    def __init__(
        self,
        settings: Settings,
        gateway: Gateway,
        mounts: Mapping[str, AsgiApp],
        verifier: TokenVerifier | None,
    ) -> None:
        jwt = settings.authentication.router.jwt
        own = jwt.jwks if jwt is not None and verifier is None else ()
        self._issuers: list[tuple[Jwks, TokenVerifier]] = [
            (entry, verifier_of(entry)) for entry in own
        ]
        verifiers = [each for _, each in self._issuers]
        if verifier is not None:
            verifiers = [verifier]
        self.settings = settings
        self.gateway = gateway
        self.graphql = GraphQLEndpoint(
            gateway, authenticator_of(settings.authentication, verifiers), settings
        )
        # The longest prefix first, so that the closer one answers.
        self._mounts = sorted(mounts.items(), key=lambda mount: -len(mount[0]))
        self._path = settings.supergraph.path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live through one lifespan."""
        if scope["type"] == "http":
            if scope["path"] == self._path:
                await self.graphql(scope, receive, send)
            else:
                await self._elsewhere(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _elsewhere(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        for prefix, app in self._mounts:
            if path == prefix or path.startswith(f"{prefix.rstrip('/')}/"):
                headers = without_reserved(scope["headers"])
                await app({**scope, "headers": headers}, receive, send)
                return
        if self.settings.health_check.enabled and path == (
            self.settings.health_check.path
        ):
            await respond(send, 200, b'{"status":"UP"}', NOT_STORED[:])
        elif self.settings.homepage.enabled and path == "/":
            await respond(send, 200, HOMEPAGE.read_bytes(), PAGE[:], b"text/html")
        else:
            body = error_body(f"There is nothing here; ask {self._path}.", "NOT_FOUND")
            await respond(send, 404, body, [])

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with AsyncExitStack() as stack:
            try:
                if self._issuers:
                    # Loaded late: without issuers nothing needs its HTTP client.
                    from router.auth.keys import keys_kept  # noqa: PLC0415

                    await stack.enter_async_context(keys_kept(self._issuers))
            except Exception as error:  # noqa: BLE001 - told to the server
                await send({"type": "lifespan.startup.failed", "message": str(error)})
                return
            stack.push_async_callback(self.gateway.close)
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})


NOT_STORED = [(b"cache-control", b"no-store")]

PAGE = [
    (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'"),
    (b"x-content-type-options", b"nosniff"),
]
