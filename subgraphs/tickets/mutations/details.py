"""What a ticket is by its type, as mutations."""

from collections.abc import Iterable
from typing import Annotated, Final

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from kit.writes import without_asking
from subgraphs.tickets.context import Info
from subgraphs.tickets.mutations.carry_out import Outcome, Work, Written, carry_out
from subgraphs.tickets.service import reclassify_ticket as service
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.custom_fields import Entry, users_named
from subgraphs.tickets.service.details import Given
from subgraphs.tickets.types.details_inputs import (
    ReclassifyTicketInput,
    RecordApprovalInput,
    TicketDetailsInput,
    TicketDetailsPayload,
    UpdateTicketDetailsInput,
    details_of,
)

WORKS: Final = [["tickets:write"], ["tickets:work"]]


async def asked(
    info: Info, given: TicketDetailsInput | None, more: Iterable[Entry] = ()
) -> Given:
    """Read details, and ask who the users are whom answers name, and ``more`` do."""
    by_type = details_of(given)
    answers = [
        entry for part in by_type.values() for entry in part.get("formAnswers", ())
    ]
    users = await info.context.people.known(users_named([*answers, *more]))
    return Given(by_type, users)


@strawberry.type(description="What a ticket can be made by its type.")
class DetailsMutations:
    @strawberry.federation.field(
        description="Change what a ticket has by its type alone. Requires "
        "tickets:work, there or everywhere.",
        authenticated=True,
        requires_scopes=WORKS,
    )
    async def update_ticket_details(
        self,
        info: Info,
        input: Annotated[
            UpdateTicketDetailsInput, strawberry.argument(description="What changes.")
        ],
    ) -> TicketDetailsPayload:
        async def prepare() -> Work:
            given = await asked(info, input.details)

            async def work(session: AsyncSession, act: Act) -> Written:
                ticket, event = await service.update_details(
                    session, act, input.id, input.expected_version, given
                )
                return {"ticket": ticket.id, "event": event and event.id}

            return work

        done = await carry_out(info, "updateTicketDetails", input, prepare)
        return await payload(info, done)

    @strawberry.federation.field(
        description="Make a ticket one of another type. Its number stays; what it had "
        "by its old type stands in its history. Requires tickets:work, there or "
        "everywhere.",
        authenticated=True,
        requires_scopes=WORKS,
    )
    async def reclassify_ticket(
        self,
        info: Info,
        input: Annotated[
            ReclassifyTicketInput, strawberry.argument(description="What it is.")
        ],
    ) -> TicketDetailsPayload:
        async def prepare() -> Work:
            given = await asked(info, input.details)
            wanted = service.Classification(input.type, given, input.note)

            async def work(session: AsyncSession, act: Act) -> Written:
                ticket, event = await service.reclassify_ticket(
                    session, act, input.id, input.expected_version, wanted
                )
                return {"ticket": ticket.id, "event": event and event.id}

            return work

        done = await carry_out(info, "reclassifyTicket", input, prepare)
        return await payload(info, done)

    @strawberry.federation.field(
        description="Note what became of the consent that a ticket waits for. Nobody "
        "decides on their own ticket. Requires tickets:manage.",
        authenticated=True,
        requires_scopes=[["tickets:manage"]],
    )
    async def record_approval(
        self,
        info: Info,
        input: Annotated[
            RecordApprovalInput, strawberry.argument(description="The decision.")
        ],
    ) -> TicketDetailsPayload:
        decision = service.Decision(input.state, input.note)

        async def work(session: AsyncSession, act: Act) -> Written:
            ticket, event = await service.record_approval(
                session, act, input.id, input.expected_version, decision
            )
            return {"ticket": ticket.id, "event": event and event.id}

        done = await carry_out(info, "recordApproval", input, without_asking(work))
        return await payload(info, done)


async def payload(info: Info, done: Outcome) -> TicketDetailsPayload:
    """Answer the ticket as it is now."""
    return TicketDetailsPayload(
        ticket=await done.ticket(info),
        event=await done.event(info),
        user_errors=done.user_errors,
        repeated=done.repeated,
    )
