"""The GraphQL endpoint: from a request's first byte to its answer's last."""

from dataclasses import replace
from math import inf
from time import monotonic
from typing import Any

import structlog

from kit.errors import UnauthenticatedError
from kit.guard import (
    GraphQLRequest,
    RefusedRequestError,
    error_body,
    read_request,
)
from kit.identity import Identity
from kit.logs import request_id
from kit.patience import ClientGoneError, while_wanted
from router.app import hooked
from router.app.address import with_address
from router.app.asgi import RawHeaders, Receive, Scope, Send, no_content, respond
from router.app.batches import answer_all
from router.app.compression import Compressor
from router.app.cors import CorsRules
from router.app.crowd import Crowd
from router.app.hooked import Result
from router.app.negotiation import ANY, PLAIN, VARY, negotiate
from router.app.requests import Head, read_get, read_head, read_post, refuse_forgery
from router.app.streams import Offer, Streams
from router.auth.identify import Authenticator
from router.errors import OURS
from router.gateway.caching import NAME as CACHE_CONTROL
from router.gateway.caching import NO_STORE
from router.gateway.permitted import NOT_ALLOWED
from router.gateway.pipeline import Asked, Gateway
from router.gateway.refusals import RefusedError
from router.hooks.load import HookFailedError, Hooks
from router.settings.model import Settings
from router.telemetry.observer import Observer
from router.telemetry.record import Record

log = structlog.get_logger(__name__)

GONE = 499
"""Counted for clients that left; nobody reads it."""

ALLOW = [(b"allow", b"GET, POST, OPTIONS")]
CHALLENGE = [(b"www-authenticate", b"Bearer")]
TAKEN = [(b"accept-post", b"application/json"), (b"accept-encoding", b"gzip")]

MORE_HEADERS = {NOT_ALLOWED: ALLOW, 415: TAKEN}
"""What HTTP wants beside the body of a refusal, by status."""
NOTHING = GraphQLRequest(None)
"""In the place of a batch, whose members are read one by one."""


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
        self.cors = CorsRules(settings.cors)
        self.crowd = Crowd(settings.traffic_shaping.router)
        self.streams = Streams(settings, observer, self.crowd)
        self.compressor = Compressor(settings.helpnest.compression)
        self.batching = settings.batching
        self._refusal: RawHeaders = (
            [NO_STORE] if settings.helpnest.cache_control else []
        )
        self.largest = settings.limits.http_max_request_bytes
        self.must_sign_in = settings.authorization.require_authentication
        self.proxies = settings.helpnest.trusted_proxies
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
        offer = self.streams.offer(head, self.authenticator)
        try:
            await self._observed(scope, head, receive, send, offer)
            if offer is not None:
                await offer.carry(receive, send)
        finally:
            request_id.reset(token)

    async def _observed(
        self,
        scope: Scope,
        head: Head,
        receive: Receive,
        send: Send,
        offer: Offer | None,
    ) -> None:
        """Answer, and take note of it; what goes on is only begun here."""
        observed = self.observer.begin(head.pairs)
        record = observed.record
        try:
            status, body, headers = await self._answered(scope, head, receive, record)
            record.status, record.size = status, len(body)
            headers.append((b"x-request-id", head.request_id))
            headers += self.cors.headers(head.origin)
            if scope["method"] == "GET":
                headers.append(VARY)
            if offer is not None and offer.takes(status):
                offer.begin(body, headers)
                return
            # The other media type is for one answer.
            media = ANY if body[:1] == b"[" else negotiate(head.accept) or ANY
            if len(body) >= self.compressor.smallest:
                body = await self.compressor.compress(body, head.pairs, headers)
            await respond(send, status, body, headers, media.header)
        except ClientGoneError:
            record.status = GONE
            self.left_at = monotonic()
        finally:
            self.observer.end(observed, head.pairs, head.request_id.decode("ascii"))

    async def _answered(
        self, scope: Scope, head: Head, receive: Receive, record: Record
    ) -> Result:
        if self.hooks is not None:
            hooked.begin()
        result = await self._answer(scope, head, receive, record)
        return await self._seen(result, head, record)

    async def _seen(self, result: Result, head: Head, record: Record) -> Result:
        """Let hooks see what goes out."""
        try:
            return await hooked.at_end(self.hooks, result, head)
        except HookFailedError as error:
            return self._failed(error, head, record)

    def _failed(self, error: HookFailedError, head: Head, record: Record) -> Result:
        record.codes.append(error.code)
        name = head.request_id.decode()
        return 500, error_body(f"{error}.", error.code, requestId=name), []

    async def _answer(
        self, scope: Scope, head: Head, receive: Receive, record: Record
    ) -> Result:
        try:
            return await self._run(scope, head, receive, record)
        except ClientGoneError:
            raise
        except Exception as error:  # noqa: BLE001 - sorted, and logged if unknown
            return self.refused(error, head, record)

    def refused(self, error: Exception, head: Head, record: Record) -> Result:
        """Say what went wrong, and whose fault that is."""
        name = head.request_id.decode("ascii")
        headers: RawHeaders = self._refusal[:]
        match error:
            case HookFailedError():
                return self._failed(error, head, record)
            case RefusedError():
                record.note(error["extensions"] for error in error.errors)
                plain = error.of_document and negotiate(head.accept) is PLAIN
                status = 200 if plain else error.status
                said = [*error.headers]
                if not any(name == CACHE_CONTROL for name, _ in said):
                    said += headers
                return status, error.body(name), said
            case RefusedRequestError():
                status, code, message = error.status, error.code, error.message
                headers += MORE_HEADERS.get(status, [])
            case UnauthenticatedError():
                status, code, message = 401, error.code, f"{error}."
                headers += CHALLENGE
            case _:
                log.error("request.unexpected", exc_info=error)
                status, code, message = 500, "INTERNAL", OURS
        record.codes.append(code)
        return status, error_body(message, code, requestId=name), headers

    async def _run(
        self, scope: Scope, head: Head, receive: Receive, record: Record
    ) -> Result:
        if negotiate(head.accept) is None and head.streaming is None:
            raise RefusedRequestError(
                406, "Accept application/graphql-response+json or application/json."
            )
        request = await self._read(scope, head, receive)
        if self.hooks is not None:
            own = await hooked.at_request(self.hooks, scope["method"], head)
            if own is not None:
                return own
        identity = self.identify(head.pairs)
        record.subject = identity.subject or None
        several = request if isinstance(request, list) else None
        asked = Asked(
            NOTHING if isinstance(request, list) else request,
            identity,
            with_address(
                self.authenticator.as_bearer(head.pairs),
                scope.get("client"),
                self.proxies,
            ),
            head.request_id.decode("ascii"),
            read_only=scope["method"] == "GET",
            record=record,
            streaming=head.streaming if several is None else None,
        )
        if several is None:
            return await while_wanted(receive, self._ask(asked))
        return await while_wanted(receive, self.ask_all(several, asked, head))

    def identify(self, pairs: RawHeaders) -> Identity:
        """Say who asks.

        Raises:
            UnauthenticatedError: the token proves nothing, or one must be there.

        """
        identity = self.authenticator.identify(pairs)
        if self.must_sign_in and not identity.authenticated:
            raise UnauthenticatedError("Sign in first: no token was sent")
        return identity

    async def answered(
        self, asked: Asked, head: Head, own: Result | None = None
    ) -> Result:
        """Run one operation, unless a hook has its ``own`` answer; tell what came."""
        try:
            result = own or await self._ask(asked)
        except Exception as error:  # noqa: BLE001 - sorted, and logged if unknown
            result = self.refused(error, head, asked.record)
        return await self._seen(result, head, asked.record)

    async def _ask(self, asked: Asked) -> Result:
        """Run one operation."""
        if self.hooks is not None:
            own = await hooked.at_supergraph(self.hooks, asked, self.gateway)
            if own is not None:
                return own
        self.crowd.enter()
        try:
            outcome = await self.gateway.answer(asked)
        finally:
            self.crowd.leave()
        if outcome.stream is not None and asked.streaming is not None:
            asked.streaming.opened = outcome.stream
        # A copy: an outcome may be shared, what is said of this request is not.
        return 200, outcome.body, [*outcome.headers]

    async def ask_all(self, members: list[Any], asked: Asked, head: Head) -> Result:
        """Run a batch: what goes wrong with a member is that member's answer."""

        async def answer(member: Any) -> Result:
            own = replace(asked, record=Record())
            try:
                return await self._ask(replace(own, request=read_request(member)))
            except Exception as error:  # noqa: BLE001 - as for one
                return self.refused(error, head, own.record)
            finally:
                asked.record.add(own.record)

        return await answer_all(members, answer)

    async def _read(
        self, scope: Scope, head: Head, receive: Receive
    ) -> GraphQLRequest | list[Any]:
        method = scope["method"]
        if method == "POST":
            return await read_post(head, receive, self.largest, self.batching)
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
        await no_content(send, [*ALLOW, *headers])
