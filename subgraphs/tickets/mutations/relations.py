"""Watching, linking and merging, as mutations."""

from typing import Annotated, Final

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from kit.filters import all_of, condition
from kit.pagination import Page
from kit.writes import without_asking
from subgraphs.tickets.context import Info
from subgraphs.tickets.mutations.carry_out import Work, Written, carry_out
from subgraphs.tickets.repository.columns import TICKETS
from subgraphs.tickets.repository.relations import AS_LINKED, linked_with
from subgraphs.tickets.service import link_tickets as links
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.merge_tickets import merge_tickets
from subgraphs.tickets.service.transition_ticket import Step
from subgraphs.tickets.service.watch import check_watcher, watch_ticket
from subgraphs.tickets.types.links import TicketLinkEdge
from subgraphs.tickets.types.relation_inputs import (
    LinkTicketsInput,
    LinkTicketsPayload,
    MergeTicketsInput,
    MergeTicketsPayload,
    UnlinkTicketsInput,
    UnlinkTicketsPayload,
    WatchTicketInput,
    WatchTicketPayload,
)
from subgraphs.tickets.types.ticket import Ticket

SEES: Final = [["tickets:read"]]


@strawberry.type(description="What tickets may have to do with people and each other.")
class RelationMutations:
    @strawberry.federation.field(
        description="Watch a ticket, or no longer; who watches sees it, whatever else "
        "they may see. Requires sight of the ticket; for somebody else the right to "
        "change it.",
        authenticated=True,
        requires_scopes=SEES,
    )
    async def watch_ticket(
        self,
        info: Info,
        input: Annotated[WatchTicketInput, strawberry.argument(description="Who.")],
    ) -> WatchTicketPayload:
        async def prepare() -> Work:
            who = await check_watcher(
                info.context.people, input.user_id, watch=input.watch
            )

            async def work(session: AsyncSession, act: Act) -> Written:
                ticket, event = await watch_ticket(
                    session,
                    act,
                    input.id,
                    who,
                    watch=input.watch,
                    reason=input.reason,
                )
                return {"ticket": ticket.id, "event": event and event.id}

            return work

        done = await carry_out(info, "watchTicket", input, prepare)
        return WatchTicketPayload(
            ticket=await done.ticket(info),
            user_errors=done.user_errors,
            repeated=done.repeated,
        )

    @strawberry.federation.field(
        description="Say what one ticket is to another; said twice, it is said once. "
        "Requires the right to work on the first and sight of the second; for "
        "PARENT_OF the right to work on both.",
        authenticated=True,
        requires_scopes=SEES,
    )
    async def link_tickets(
        self,
        info: Info,
        input: Annotated[LinkTicketsInput, strawberry.argument(description="How.")],
    ) -> LinkTicketsPayload:
        step = Step(to_status_key="", resolution_code=input.resolution_code)

        async def work(session: AsyncSession, act: Act) -> Written:
            link = await links.link_tickets(
                session, act, input.from_id, input.to_id, input.kind
            )
            if input.resolution_code is not None:
                await links.resolve_duplicate(
                    session, act, input.from_id, input.kind, step
                )
            return {"link": link.id}

        done = await carry_out(info, "linkTickets", input, without_asking(work))
        key = done.written.get("link")
        return LinkTicketsPayload(
            edge=await edge(info, input.from_id, key) if key else None,
            user_errors=done.user_errors,
            repeated=done.repeated,
        )

    @strawberry.federation.field(
        description="Take a link away; one that is not there is away already. Requires "
        "what it takes to make it.",
        authenticated=True,
        requires_scopes=SEES,
    )
    async def unlink_tickets(
        self,
        info: Info,
        input: Annotated[UnlinkTicketsInput, strawberry.argument(description="Which.")],
    ) -> UnlinkTicketsPayload:
        async def work(session: AsyncSession, act: Act) -> Written:
            ticket = await links.unlink_tickets(
                session, act, input.from_id, input.to_id, input.kind
            )
            return {"ticket": ticket.id}

        done = await carry_out(info, "unlinkTickets", input, without_asking(work))
        return UnlinkTicketsPayload(
            ticket=await done.ticket(info),
            user_errors=done.user_errors,
            repeated=done.repeated,
        )

    @strawberry.federation.field(
        description="Make one ticket of several, all of it or nothing: watchers, links "
        "and tags move, who asked for one of them watches the one that remains. "
        "Requires the right to work on each.",
        authenticated=True,
        requires_scopes=SEES,
    )
    async def merge_tickets(
        self,
        info: Info,
        input: Annotated[MergeTicketsInput, strawberry.argument(description="Which.")],
    ) -> MergeTicketsPayload:
        async def work(session: AsyncSession, act: Act) -> Written:
            sources: list[str] = list(input.from_ids)
            ticket = await merge_tickets(session, act, input.into_id, sources)
            return {"ticket": ticket.id}

        done = await carry_out(info, "mergeTickets", input, without_asking(work))
        return MergeTicketsPayload(
            ticket=await done.ticket(info),
            user_errors=done.user_errors,
            repeated=done.repeated,
        )


async def edge(info: Info, owner: str, key: str) -> TicketLinkEdge | None:
    """Read a link as one of its tickets has it, for who may see the other."""
    loaders = info.context.loaders
    met = all_of(loaders.visible, condition("link_id", "eq", key))
    rows = await loaders.rows_of(
        linked_with(TICKETS), "link_owner", owner, met, Page(AS_LINKED, 1)
    )
    if not rows:
        return None
    return TicketLinkEdge.from_row(rows[0], Ticket.from_row(rows[0]))
