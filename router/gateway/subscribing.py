"""A prepared subscription → a stream of answers, each event through the plan."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

import orjson

from kit.streams.stream import Stream
from router.executor.absorb import place_fault
from router.executor.compile import CompiledFetch, all_hold
from router.executor.faults import SubgraphFault, unavailable
from router.executor.gathered import Caller, Gathered
from router.executor.streams.event import execute_event
from router.executor.streams.sharing import TooManyStreamsError
from router.gateway.admission import address_in
from router.gateway.refusals import RefusedError, refuse

if TYPE_CHECKING:
    from kit.streams.mailbox import Mailbox
    from router.executor.transport.interface import Headers
    from router.gateway.pipeline import Asked, Gateway, Outcome
    from router.gateway.prepared import Prepared
    from router.settings.model import Settings
    from router.telemetry.record import Record

Json = dict[str, Any]

NOT_ACCEPTABLE = 406
UNAVAILABLE = 503


def refuse_subscription(settings: Settings, *, accepted: bool) -> None:
    """Refuse subscriptions that are switched off, or that nobody could read.

    Raises:
        RefusedError: the one or the other.

    """
    if not settings.subscription.enabled:
        raise refuse("Subscriptions are switched off.", "SUBSCRIPTION_DISABLED")
    if not accepted:
        raise refuse(
            "One answer cannot carry a subscription. Accept "
            "'multipart/mixed;subscriptionSpec=1.0' or 'text/event-stream', or use "
            "graphql-transport-ws.",
            "SUBSCRIPTION_BAD_HEADER",
            status=NOT_ACCEPTABLE,
        )


async def subscribe(
    gateway: Gateway, prepared: Prepared, conditions: Json, asked: Asked
) -> Outcome:
    """Open the stream from the subgraph, or join one that is the same.

    Where it cannot be opened, the outcome is one answer that says so.

    Raises:
        RefusedError: too many are open, of this caller's or of all.

    """
    fetches = prepared.plan.fetches
    caller = gateway.caller(asked)
    streaming = asked.streaming
    if (
        streaming is None
        or not fetches
        or not all_hold(fetches[0].plan.guards, conditions)
    ):
        return await gateway.run(prepared, conditions, caller, asked)
    who = asked.identity.subject or address_in(asked.headers)
    keeper = streaming.keeper
    keeper.enter(who)
    join = Joining(gateway, fetches[0], caller, asked)
    try:
        mailbox = await join.join()
    except SubgraphFault as fault:
        keeper.leave(who)
        gathered = Gathered()
        place_fault(fetches[0], [], fault, gathered)
        return gateway.project(prepared, conditions, gathered, asked)
    except BaseException as error:
        keeper.leave(who)
        if isinstance(error, TooManyStreamsError):
            raise too_many() from None
        raise

    async def answer(event: bytes, record: Record) -> bytes:
        began = perf_counter()
        gathered = await execute_event(
            prepared.plan,
            event,
            gateway.subgraphs,
            variables=asked.request.variables,
            conditions=conditions,
            caller=caller,
            seconds=gateway.patience,
        )
        record.stage("execute", began)
        own = replace(asked, record=record)  # one that ends with the event
        return gateway.project(prepared, conditions, gathered, own).body

    stream = Stream(mailbox, streaming.confirm, lambda: join.leave(mailbox))
    name, protocol = prepared.operation.name, streaming.protocol
    kept = keeper.keep(stream, answer, who, name, protocol)
    return gateway.streamed(prepared, kept)


def too_many() -> RefusedError:
    """Say that the router itself has enough."""
    return refuse(
        "Too many subscriptions are open; try again later.",
        "SUBSCRIPTION_MAX_LIMIT",
        status=UNAVAILABLE,
    )


class Joining:
    """One reader's way to the stream that its subscription begins with."""

    def __init__(
        self, gateway: Gateway, fetch: CompiledFetch, caller: Caller, asked: Asked
    ) -> None:
        self.service = fetch.plan.service
        self.subgraph = gateway.subgraphs[self.service]
        self.upstreams = gateway.upstreams
        self.body = body_of(fetch, asked.request.variables)
        forwarded = caller.forwarded(self.service)
        self.headers: Headers = forwarded + caller.own
        shared = gateway.settings.subscription.deduplication.enabled
        self.key = (
            (self.service, self.body, caller.who, forwarded) if shared else object()
        )

    async def join(self) -> Mailbox:
        """Begin to read.

        Raises:
            SubgraphFault: the subgraph gives no stream.
            TooManyStreamsError: too many are open.

        """
        streams = self.subgraph.streams
        if streams is None:
            raise unavailable(self.service, "it cannot be asked for events")
        return await self.upstreams.join(
            self.key,
            self.service,
            streams,
            self.body,
            self.headers,
            seconds=self.subgraph.timeout,
        )

    async def leave(self, mailbox: Mailbox) -> None:
        """Read no more."""
        await self.upstreams.leave(self.key, mailbox)


def body_of(fetch: CompiledFetch, given: Json) -> bytes:
    """Write the request for events."""
    if fetch.whole is not None:
        return fetch.whole
    variables = {name: given[name] for name in fetch.plan.variables if name in given}
    return b"%s%s}" % (fetch.start, orjson.dumps(variables))
