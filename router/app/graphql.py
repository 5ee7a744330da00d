"""The GraphQL endpoint: from a request's first byte to its answer's last."""

from math import inf
from time import monotonic

import structlog

from kit.errors import UnauthenticatedError
from kit.guard import GraphQLRequest, RefusedRequestError, error_body
from kit.logs import request_id
from router.app import hooked
from router.app.address import with_address
from router.app.asgi import Receive, Scope, Send, respond
from router.app.attendance import ClientGoneError, attended
from router.app.cors import CorsPolicy
from router.app.crowd import Crowd
from router.app.hooked import Result
from router.app.negotiation import PLAIN, negotiate
from router.app.requests import Head, read_get, read_head, read_post, refuse_forgery
from router.auth.identify import Authenticator
from router.gateway.pipeline import NOT_ALLOWED, Asked, Gateway
from router.gateway.refusals import RefusedError
from router.hooks.load import HookFailedError, Hooks
from router.settings.model import Settings
from router.telemetry.observer import Observer
from router.telemetry.record import Record

log = structlog.get_logger(__name__)

OURS = "Something went wrong on our side; the request id helps us find it."
"""All that a client learns of a failure of ours."""

GONE = 499
"""Counted for clients that left; nobody reads it."""

ALLOW = [(b"allow", b"GET, POST, OPTIONS")]
CHALLENGE = [(b"www-authenticate", b"Bearer")]


class GraphQLEndpoint:
    """Answer every request to the endpoint's path with GraphQL's JSON."""

    def __init__(
        self,
        gateway: Gateway,
        authenticator: Authenticator,
        settings: Settings,
        observer: Observer,
        hooks: Hooks | None = None,
    ) -> None:
        self.gateway = gateway
        self.authenticator = authenticator
        self.observer = observer
        self.hooks = hooks
        self.left_at = -inf
        self.cors = CorsPolicy(settings.cors)
        self.crowd = Crowd(settings.traffic_shaping.router)
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
        name = head.request_id.decode("ascii")
        token = request_id.set(name)
        observed = self.observer.begin(head.pairs)
        record = observed.record
        try:
            status, body, headers = await self._answered(scope, head, receive, record)
            record.status, record.size = status, len(body)
            headers.append((b"x-request-id", head.request_id))
            headers += self.cors.headers(head.origin)
            media = negotiate(head.accept) or PLAIN
            await respond(send, status, body, headers, media + b"; charset=utf-8")
        except ClientGoneError:
            record.status = GONE
            self.left_at = monotonic()
        finally:
            self.observer.end(observed, head.pairs, name)
            request_id.reset(token)

    async def _answered(
        self, scope: Scope, head: Head, receive: Receive, record: Record
    ) -> Result:
        if self.hooks is None:
            return await self._answer(scope, head, receive, record)
        hooked.begin()
        result = await self._answer(scope, head, receive, record)
        name = head.request_id.decode("ascii")
        try:
            return await hooked.at_response(self.hooks, result, name)
        except HookFailedError as error:
            return self._failed(error, name, record)

    def _failed(self, error: HookFailedError, name: str, record: Record) -> Result:
        record.codes.append(error.code)
        return 500, error_body(f"{error}.", error.code, requestId=name), []

    async def _answer(
        self, scope: Scope, head: Head, receive: Receive, record: Record
    ) -> Result:
        name = head.request_id.decode("ascii")
        try:
            return await self._run(scope, head, receive, record)
        except HookFailedError as error:
            return self._failed(error, name, record)
        except RefusedError as refusal:
            record.note(error["extensions"] for error in refusal.errors)
            plain = refusal.of_document and negotiate(head.accept) == PLAIN
            status = 200 if plain else refusal.status
            return status, refusal.body(name), list(refusal.headers)
        except RefusedRequestError as refusal:
            record.codes.append(refusal.code)
            body = error_body(refusal.message, refusal.code, requestId=name)
            wrong_method = refusal.status == NOT_ALLOWED
            return refusal.status, body, ALLOW[:] if wrong_method else []
        except UnauthenticatedError as error:
            record.codes.append(error.code)
            body = error_body(f"{error}.", error.code, requestId=name)
            return 401, body, CHALLENGE[:]
        except ClientGoneError:
            raise
        except Exception:
            log.exception("request.unexpected")
            record.codes.append("INTERNAL")
            return 500, error_body(OURS, "INTERNAL", requestId=name), []

    async def _run(
        self, scope: Scope, head: Head, receive: Receive, record: Record
    ) -> Result:
        if negotiate(head.accept) is None:
            raise RefusedRequestError(
                406, "Accept application/graphql-response+json or application/json."
            )
        request = await self._read(scope, head, receive)
        if self.hooks is not None:
            own = await hooked.at_request(self.hooks, scope["method"], head)
            if own is not None:
                return own
        identity = self.authenticator.identify(head.pairs)
        if self._must_sign_in and not identity.authenticated:
            raise UnauthenticatedError("Sign in first: no token was sent")
        record.subject = identity.subject or None
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
            record=record,
        )
        if self.hooks is not None:
            own = await hooked.at_supergraph(self.hooks, asked, self.gateway)
            if own is not None:
                return own
        self.crowd.enter()
        try:
            outcome = await attended(self.gateway.answer(asked), receive)
        finally:
            self.crowd.leave()
        # A copy: an outcome may be shared, what is said of this request is not.
        return 200, outcome.body, [*outcome.gathered.headers]

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
