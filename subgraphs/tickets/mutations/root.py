"""The verbs of the practice, as mutations."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.tickets.context import Info
from subgraphs.tickets.models import Impact, Urgency
from subgraphs.tickets.mutations.carry_out import Written, carry_out
from subgraphs.tickets.service import open_ticket
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.types.inputs import CreateTicketInput
from subgraphs.tickets.types.payloads import CreateTicketPayload

Work = Callable[[AsyncSession, Act], Awaitable[Written]]


@strawberry.type
class Mutation:
    @strawberry.federation.field(
        description="Open a ticket. Requires tickets:write; in somebody else's name "
        "also tickets:work, or a service account.",
        authenticated=True,
        requires_scopes=[["tickets:write"]],
    )
    async def create_ticket(
        self,
        info: Info,
        input: Annotated[
            CreateTicketInput, strawberry.argument(description="What is asked for.")
        ],
    ) -> CreateTicketPayload:
        caller, people = info.context.identity, info.context.people
        wanted = open_ticket.NewTicket(
            type=input.type,
            title=input.title,
            description=input.description,
            requester_id=input.requester_id,
            channel=input.channel,
            impact=input.impact or Impact.MEDIUM,
            urgency=input.urgency or Urgency.MEDIUM,
            category_id=input.category_id,
            service_id=input.service_id,
            group_id=input.group_id,
            assignee_id=input.assignee_id,
            tags=input.tags or [],
        )

        async def prepare() -> Work:
            requester = await open_ticket.find_requester(caller, people, wanted)
            await open_ticket.check_assignment(caller, people, wanted)

            async def work(session: AsyncSession, act: Act) -> Written:
                ticket = await open_ticket.open_ticket(session, act, wanted, requester)
                return {"ticket": ticket.id}

            return work

        done = await carry_out(info, "createTicket", input, prepare)
        return CreateTicketPayload(
            ticket=await done.ticket(info),
            user_errors=done.user_errors,
            repeated=done.repeated,
        )
