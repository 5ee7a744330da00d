"""The pipeline as one function, and the stages that it is made of."""

import asyncio
from collections.abc import Callable, Hashable, Mapping
from time import perf_counter
from typing import Any

import orjson
from graphql import GraphQLSchema

from kit.streams.stream import Stream
from router.executor.execute import Run
from router.executor.gathered import Caller, Gathered
from router.executor.sharing import Sharing
from router.executor.streams.sharing import Upstreams
from router.executor.subgraph import Subgraph
from router.executor.transport.interface import Headers
from router.gateway.admission import (
    NONE,
    Admission,
    Charge,
    Wishes,
    dry_body,
    prices_of,
    wishful,
    written_cost,
)
from router.gateway.asked import Asked, Outcome, Traits
from router.gateway.deferring import deliver
from router.gateway.delivery import delivery_of
from router.gateway.documents import Documents
from router.gateway.forwarding import Forwarding
from router.gateway.permitted import refuse_kind, refuse_stranger
from router.gateway.persisted.lookup import Lookup
from router.gateway.prepared import Preparations, Prepared, Seen, demands_of
from router.gateway.reading import Reading
from router.gateway.returning import RawHeaders, Returning
from router.gateway.subscribing import subscribe
from router.gateway.telling import tell, tell_hidden
from router.operation.model import Operation
from router.plan.nodes import QueryPlan
from router.plan.render import render as render_plan
from router.settings.model import Settings
from router.supergraph.model import Supergraph
from router.telemetry.trace_context import trace_context

Json = dict[str, Any]


class Gateway:
    """A supergraph that is being served."""

    def __init__(
        self,
        settings: Settings,
        supergraph: Supergraph,
        schema: GraphQLSchema,
        subgraphs: Mapping[str, Subgraph],
        plan: Callable[[Operation], QueryPlan],
    ) -> None:
        self.settings = settings
        self.supergraph = supergraph
        self.schema = schema
        self.subgraphs = subgraphs
        self.documents = Documents(schema, settings)
        self.reading = Reading(self.documents, settings)
        self.operations = Preparations(
            schema,
            plan,
            demands_of(supergraph, settings),
            settings=settings,
            prices=prices_of(supergraph, settings),
        )
        self.admission = Admission(settings)
        self.lookup = Lookup(settings)
        self.forwarding = Forwarding(settings.headers, subgraphs)
        self.returning = Returning(settings, subgraphs)
        self.patience = settings.traffic_shaping.router.timeout
        self.upstreams = Upstreams(
            settings.subscription.max_opened_subscriptions,
            settings.subscription.queue_capacity,
        )
        # Where nothing else stands between us that tells subgraphs of the trace.
        self.traced = all(each.meter is not None for each in subgraphs.values())
        self._share = settings.traffic_shaping.router.deduplicate_query
        self._sharing = Sharing[Outcome]()

    async def answer(self, asked: Asked) -> Outcome:
        """Take one request through every stage.

        Raises:
            RefusedError: the request is at fault, and no subgraph was asked.

        """
        if not asked.found:
            asked.request = self.lookup.find(asked.request, asked.headers)
        request = asked.request
        record, began = asked.record, perf_counter()
        document = self.reading.read(request.query or "", asked.identity)
        if document.used == 1:
            record.parsed = True
            record.stage("parse", began)
        seen = self.operations.see(document, request.operation_name, asked.identity)
        record.kind, record.operation = seen.operation.kind, seen.operation.name
        if seen.operation.kind != "query":
            refuse_kind(self.settings, seen.operation.kind, asked)
        if seen.visible.refused:
            refuse_stranger(self.settings, seen.visible, asked.identity)
        conditions = seen.coerce(request.variables)
        wishes, charge = NONE, None
        if seen.estimate is not None or asked.traits is None or asked.traits.wishful:
            wishes, charge = self.admit(seen, conditions, asked)
        record.planned, began = seen.prepared is None, perf_counter()
        prepared = self.operations.plan(seen)
        if record.planned:
            record.stage("plan", began)
        if wishes is NONE and asked.streaming is None and not self._share:
            return await self.run(prepared, conditions, self.caller(asked), asked)
        return await (
            self.respond(prepared, conditions, asked)
            if wishes is NONE
            else self.tell_more(prepared, seen, wishes, charge, asked)
        )

    def admit(
        self, seen: Seen, conditions: Json, asked: Asked
    ) -> tuple[Wishes, Charge | None]:
        """Read what a client wants to be told, and take what its request costs.

        Raises:
            RefusedError: it may not be told, or it costs too much.

        """
        wishes = self.admission.wishes(asked.headers, asked.identity)
        return wishes, self.admission.charge(
            seen.estimate,
            conditions,
            asked.identity,
            asked.headers,
            dry_run=wishes.dry_run,
        )

    async def respond(
        self, prepared: Prepared, conditions: Json, asked: Asked
    ) -> Outcome:
        """Answer once, with others who ask the same if they may share; or stream."""
        if prepared.operation.kind == "subscription":
            return await subscribe(self, prepared, conditions, asked)
        if asked.streaming is not None and asked.streaming.defer:
            delivery = delivery_of(self, prepared, conditions)
            if delivery is not None:
                stream = deliver(self, prepared, delivery, conditions, asked)
                return self.streamed(prepared, stream)
        caller = self.caller(asked)
        if not self._share or prepared.operation.kind != "query" or asked.trace:
            return await self.run(prepared, conditions, caller, asked)
        outcome, shared = await self._sharing.get(
            self.sameness(prepared, caller, asked),
            lambda: self.run(prepared, conditions, caller, asked),
        )
        # Errors name the request they were met in: each tells its own.
        if shared and outcome.problems:
            return await self.run(prepared, conditions, caller, asked)
        return outcome

    async def tell_more(
        self,
        prepared: Prepared,
        seen: Seen,
        wishes: Wishes,
        charge: Charge | None,
        asked: Asked,
    ) -> Outcome:
        """Answer with plan and cost beside the data, or (a dry run) without it."""
        more: Json = {}
        if wishes.plan:
            more["apolloQueryPlan"] = {"text": render_plan(prepared.plan.plan)}
        if wishes.dry_run:
            if charge is not None:
                more["cost"] = written_cost(charge, None, None)
            return Outcome(
                dry_body(more, charge), prepared, Gathered(), [], self.returning.alone()
            )
        if charge is not None:
            more["cost"] = lambda data: written_cost(charge, seen.estimate, data)
        conditions = seen.coerce(asked.request.variables)
        if prepared.operation.kind == "subscription":
            return await self.respond(prepared, conditions, asked)
        return await self.run(prepared, conditions, self.caller(asked), asked, more)

    def traits(self, headers: RawHeaders) -> Traits:
        """Read off headers once what every request that has them shares."""
        return Traits(self.forwarding.of_request(headers), wishful(headers))

    def caller(self, asked: Asked) -> Caller:
        """Say for whom subgraphs are asked, and what of the request goes along."""
        traits = asked.traits
        own: Headers = ((b"x-request-id", asked.request_id.encode("latin-1")),)
        if self.traced and (context := trace_context.get()) is not None:
            own += context.headers
        return Caller(
            (asked.identity.subject, asked.identity.token_id),
            traits.forwarded if traits else self.forwarding.of_request(asked.headers),
            own,
        )

    def sameness(self, prepared: Prepared, caller: Caller, asked: Asked) -> Hashable:
        """Say what makes two requests the same to every subgraph."""
        forwarded = tuple(caller.forwarded(name) for name in self.subgraphs)
        variables = orjson.dumps(asked.request.variables)
        return id(prepared), variables, caller.who, forwarded

    async def run(
        self,
        prepared: Prepared,
        conditions: Json,
        caller: Caller,
        asked: Asked,
        more: Json | None = None,
    ) -> Outcome:
        """Execute and project; ``more`` goes among the answer's extensions."""
        began = perf_counter()
        gathered = Gathered(trace=asked.trace)
        work = Run(
            prepared.plan,
            self.subgraphs,
            asked.request.variables,
            conditions,
            caller,
            gathered,
            self.patience,
        ).work()
        if prepared.operation.kind == "mutation":
            # A client that goes away does not stop half of what it began.
            await asyncio.shield(asyncio.ensure_future(work))
        else:
            await work
        asked.record.stage("execute", began)
        return self.project(prepared, conditions, gathered, asked, more)

    def project(
        self,
        prepared: Prepared,
        conditions: Json,
        gathered: Gathered,
        asked: Asked,
        more: Json | None = None,
    ) -> Outcome:
        """Make the answer of what was gathered."""
        began = perf_counter()
        if prepared.visible.refused:
            gathered.problems += prepared.visible.problems()
            if self.settings.authorization.directives.errors.log:
                tell_hidden(prepared.visible, prepared.operation)
        extensions = prepared.visible.extensions
        if more:
            found = gathered.data
            made = {k: v(found) if callable(v) else v for k, v in more.items()}
            extensions = {**extensions, **made}
        answer = prepared.projection.answer(
            gathered.data,
            gathered.problems,
            variables=asked.request.variables,
            conditions=conditions,
            extensions=extensions,
            request_id=asked.request_id or None,
            owner=prepared.owner,
        )
        asked.record.stage("project", began)
        if answer.problems:
            tell(answer.problems, prepared.operation)
            asked.record.note(problem.extensions for problem in answer.problems)
        headers = self.returning.of(
            prepared, gathered, asked.identity, alone=more is not None
        )
        return Outcome(answer.body, prepared, gathered, answer.problems, headers)

    def streamed(self, prepared: Prepared, stream: Stream) -> Outcome:
        """Give a stream in the place of an answer."""
        return Outcome(b"", prepared, Gathered(), [], stream=stream)

    async def close(self) -> None:
        """Hang up on the subgraphs."""
        await self.upstreams.close()
        for subgraph in self.subgraphs.values():
            await subgraph.transport.close()
            if subgraph.streams is not None:
                await subgraph.streams.close()
