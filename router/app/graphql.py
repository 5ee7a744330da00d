"""The GraphQL endpoint: from a request's first byte to its answer's last."""

import structlog

from kit.errors import UnauthenticatedError
from kit.guard import GraphQLRequest, RefusedRequestError, error_body
from kit.logs import request_id
from router.app.address import with_address
from router.app.asgi import RawHeaders, Receive, Scope, Send, respond
from router.app.attendance import ClientGoneError, attended
from router.app.cors import CorsPolicy
from router.app.negotiation import PLAIN, negotiate
from router.app.requests import Head, read_get, read_head, read_post, refuse_forgery
from router.auth.identify import Authenticator
from router.gateway.pipeline import NOT_ALLOWED, Asked, Gateway
from router.gateway.refusals import RefusedError
from router.settings.model import Settings

log = structlog.get_logger(__name__)

OURS = "Something went wrong on our side; the request id helps us find it."
"""All that a client learns of a failure of ours."""

ALLOW = [(b"allow", b"GET, POST, OPTIONS")]
CHALLENGE = [(b"www-authenticate", b"Bearer")]


class GraphQLEndpoint:
    """Answer every request to the endpoint's path with GraphQL's JSON."""

    def __init__(
        self, gateway: Gateway, authenticator: Authenticator, settings: Settings
    ) -> None:
        self.gateway = gateway
        self.authenticator = authenticator
        self.cors = CorsPolicy(settings.cors)
        self._largest = settings.limits.http_max_request_bytes
        self._must_sign_in = settings.authorization.require_authentication
        self._proxies = settings.helpnest.trusted_proxies
        self._forgery = not settings.csrf.unsafe_disabled
        self._required = tuple(
            name.lower().encode("ascii") for name in settings.csrf.required_headers
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            head = read_head(scope["headers"])
        except RefusedRequestError as refusal:
            body = error_body(refusal.message, refusal.code)
            await respond(send, refusal.status, body, [])
            return
        if scope["method"] == "OPTIONS":
            await self._preflight(head, send)
            return
        token = request_id.set(head.request_id.decode("ascii"))
        try:
            status, body, headers = await self._answer(scope, head, receive)
        except ClientGoneError:
            return
        finally:
            request_id.reset(token)
        headers.append((b"x-request-id", head.request_id))
        headers += self.cors.headers(head.origin)
        media = negotiate(head.accept) or PLAIN
        await respond(send, status, body, headers, media + b"; charset=utf-8")

    async def _answer(
        self, scope: Scope, head: Head, receive: Receive
    ) -> tuple[int, bytes, RawHeaders]:
        name = head.request_id.decode("ascii")
        try:
            return await self._run(scope, head, receive)
        except RefusedError as refusal:
            plain = refusal.of_document and negotiate(head.accept) == PLAIN
            return (200 if plain else refusal.status), refusal.body(name), []
        except RefusedRequestError as refusal:
            body = error_body(refusal.message, refusal.code, requestId=name)
            wrong_method = refusal.status == NOT_ALLOWED
            return refusal.status, body, ALLOW[:] if wrong_method else []
        except UnauthenticatedError as error:
            body = error_body(f"{error}.", error.code, requestId=name)
            return 401, body, CHALLENGE[:]
        except ClientGoneError:
            raise
        except Exception:
            log.exception("request.unexpected")
            return 500, error_body(OURS, "INTERNAL", requestId=name), []

    async def _run(
        self, scope: Scope, head: Head, receive: Receive
    ) -> tuple[int, bytes, RawHeaders]:
        if negotiate(head.accept) is None:
            raise RefusedRequestError(
                406, "Accept application/graphql-response+json or application/json."
            )
        request = await self._read(scope, head, receive)
        identity = self.authenticator.identify(head.pairs)
        if self._must_sign_in and not identity.authenticated:
            raise UnauthenticatedError("Sign in first: no token was sent")
        asked = Asked(
            request,
            identity,
            with_address(
                self.authenticator.as_bearer(head.pairs),
                scope.get("client"),
                self._proxies,
            ),
            head.request_id.decode("ascii"),
            read_only=scope["method"] == "GET",
        )
        outcome = await attended(self.gateway.answer(asked), receive)
        return 200, outcome.body, outcome.gathered.headers

    async def _read(self, scope: Scope, head: Head, receive: Receive) -> GraphQLRequest:
        method = scope["method"]
        if method == "POST":
            return await read_post(head, receive, self._largest)
        if method == "GET":
            if self._forgery:
                refuse_forgery(head, self._required)
            return read_get(scope)
        raise RefusedRequestError(
            NOT_ALLOWED, f"{method} is not taken; send POST or GET."
        )

    async def _preflight(self, head: Head, send: Send) -> None:
        asked = [v for k, v in head.pairs if k == b"access-control-request-headers"]
        headers = self.cors.preflight(head.origin, b", ".join(asked))
        await send(
            {
                "type": "http.response.start",
                "status": 204,
                "headers": [*ALLOW, *headers],
            }
        )
        await send({"type": "http.response.body", "body": b""})
