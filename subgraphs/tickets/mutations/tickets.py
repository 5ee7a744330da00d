"""The verbs of the practice, as mutations."""

from dataclasses import replace
from typing import Annotated, Final

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from kit.writes import changes, without_asking
from subgraphs.tickets.context import Info
from subgraphs.tickets.models import Impact, Urgency
from subgraphs.tickets.mutations.carry_out import Work, Written, carry_out
from subgraphs.tickets.mutations.details import asked
from subgraphs.tickets.service import open_ticket
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.children import transition_family
from subgraphs.tickets.service.custom_fields import Filling, users_named
from subgraphs.tickets.service.opening import plan_for
from subgraphs.tickets.service.transition_ticket import Step, transition_ticket
from subgraphs.tickets.service.update_ticket import update_ticket
from subgraphs.tickets.types.details_inputs import entries_of
from subgraphs.tickets.types.inputs import (
    CreateTicketInput,
    TransitionTicketInput,
    UpdateTicketInput,
)
from subgraphs.tickets.types.payloads import (
    CreateTicketPayload,
    TransitionTicketPayload,
    UpdateTicketPayload,
)

CHANGES: Final = [["tickets:write"], ["tickets:work"]]
EDITED: Final = (
    "title",
    "description",
    "impact",
    "urgency",
    "priority_override",
    "priority_override_reason",
    "category_id",
    "service_id",
    "tags",
)
"""What `updateTicket` changes: fields of its input, which the service names alike."""


@strawberry.type(description="What can be done with tickets.")
class TicketMutations:
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
            custom_fields=entries_of(input.custom_fields),
            watcher_ids=input.watcher_ids or (),
        )

        async def prepare() -> Work:
            requester = await open_ticket.find_requester(caller, people, wanted)
            open_ticket.check_assigner(caller, wanted)
            past = input.occurred_at is not None or input.actor_id is not None
            plan = await plan_for(
                info.context.database,
                people,
                info.context.rosters,
                wanted,
                past=past,
            )
            details = await asked(info, input.details, wanted.custom_fields)
            whole = replace(wanted, details=details)

            async def work(session: AsyncSession, act: Act) -> Written:
                done = await open_ticket.open_ticket(
                    session, act, whole, requester, plan
                )
                return {
                    "ticket": done.ticket.id,
                    "reason": done.reason,
                    "warnings": plan.warnings,
                }

            return work

        done = await carry_out(info, "createTicket", input, prepare)
        return CreateTicketPayload(
            ticket=await done.ticket(info),
            reason=done.written.get("reason"),
            warnings=done.written.get("warnings") or [],
            user_errors=done.user_errors,
            repeated=done.repeated,
        )

    @strawberry.federation.field(
        description="Change what a ticket says. Requires tickets:write for the "
        "viewer's own; to classify it, or others', tickets:work.",
        authenticated=True,
        requires_scopes=CHANGES,
    )
    async def update_ticket(
        self,
        info: Info,
        input: Annotated[
            UpdateTicketInput, strawberry.argument(description="What changes.")
        ],
    ) -> UpdateTicketPayload:
        given = changes(input, EDITED)
        entries = entries_of(input.custom_fields)

        async def prepare() -> Work:
            known = await info.context.people.known(users_named(entries))
            if entries:
                given["custom_fields"] = Filling(entries, known)
            return work

        async def work(session: AsyncSession, act: Act) -> Written:
            ticket, event = await update_ticket(
                session, act, input.id, input.expected_version, given
            )
            return {"ticket": ticket.id, "event": event and event.id}

        done = await carry_out(info, "updateTicket", input, prepare)
        return UpdateTicketPayload(
            ticket=await done.ticket(info),
            user_errors=done.user_errors,
            repeated=done.repeated,
        )

    @strawberry.federation.field(
        description="Move a ticket to another status. Requires tickets:work; the "
        "viewer's own may be cancelled, or reopened while resolved, with "
        "tickets:write.",
        authenticated=True,
        requires_scopes=CHANGES,
    )
    async def transition_ticket(
        self,
        info: Info,
        input: Annotated[
            TransitionTicketInput, strawberry.argument(description="Where to.")
        ],
    ) -> TransitionTicketPayload:
        step = Step(
            to_status_key=input.to_status_key,
            hold_reason=input.hold_reason,
            resolution_code=input.resolution_code,
            resolution_notes=input.resolution_notes,
            note=input.note,
        )

        async def work(session: AsyncSession, act: Act) -> Written:
            move = transition_family if input.close_children else transition_ticket
            ticket, event = await move(
                session, act, input.id, input.expected_version, step
            )
            return {"ticket": ticket.id, "event": event.id}

        done = await carry_out(info, "transitionTicket", input, without_asking(work))
        return TransitionTicketPayload(
            ticket=await done.ticket(info),
            event=await done.event(info),
            user_errors=done.user_errors,
            repeated=done.repeated,
        )
