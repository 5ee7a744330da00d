"""Setting up the workflow, as mutations."""

from typing import Annotated, Final

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from kit.writes import changes, without_asking
from subgraphs.tickets.context import Info
from subgraphs.tickets.mutations.carry_out import Outcome, Written, carry_out
from subgraphs.tickets.service import statuses, transitions
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.types.settings import TicketStatus
from subgraphs.tickets.types.workflow_inputs import (
    CreateTicketStatusInput,
    RemoveTransitionInput,
    SetTransitionInput,
    TicketStatusPayload,
    TransitionPayload,
    UpdateTicketStatusInput,
)
from subgraphs.tickets.types.workflow_reads import workflow_of

MANAGES: Final = [["tickets:manage"]]


@strawberry.type(description="What can be set of the workflow.")
class WorkflowMutations:
    @strawberry.federation.field(
        description="Add a status inside a category. No step leads there until "
        "`setTransition` makes one. Requires tickets:manage.",
        authenticated=True,
        requires_scopes=MANAGES,
    )
    async def create_ticket_status(
        self,
        info: Info,
        input: Annotated[
            CreateTicketStatusInput, strawberry.argument(description="What it is.")
        ],
    ) -> TicketStatusPayload:
        async def work(session: AsyncSession, act: Act) -> Written:
            row = await statuses.create_status(
                session,
                act,
                key=input.key,
                name=input.name,
                category=input.category,
                applies_to=input.applies_to,
            )
            return {"status": row.id}

        done = await carry_out(info, "createTicketStatus", input, without_asking(work))
        return await status_payload(info, done)

    @strawberry.federation.field(
        description="Rename a status, say to which types it applies, retire it, or "
        "take it back into use. Refused where a ticket could be stuck. Requires "
        "tickets:manage.",
        authenticated=True,
        requires_scopes=MANAGES,
    )
    async def update_ticket_status(
        self,
        info: Info,
        input: Annotated[
            UpdateTicketStatusInput, strawberry.argument(description="What changes.")
        ],
    ) -> TicketStatusPayload:
        given = changes(input, ("name", "applies_to", "retired"))

        async def work(session: AsyncSession, act: Act) -> Written:
            row = await statuses.update_status(session, act, input.id, given)
            return {"status": row.id}

        done = await carry_out(info, "updateTicketStatus", input, without_asking(work))
        return await status_payload(info, done)

    @strawberry.federation.field(
        description="Have a step in a type's workflow, with these demands and no "
        "others. Refused where a ticket could be stuck. Requires tickets:manage.",
        authenticated=True,
        requires_scopes=MANAGES,
    )
    async def set_transition(
        self,
        info: Info,
        input: Annotated[
            SetTransitionInput, strawberry.argument(description="The step.")
        ],
    ) -> TransitionPayload:
        async def work(session: AsyncSession, act: Act) -> Written:
            await transitions.set_transition(
                session, act, between(input), input.required_fields, input.checks
            )
            return {}

        done = await carry_out(info, "setTransition", input, without_asking(work))
        return await transition_payload(info, input, done)

    @strawberry.federation.field(
        description="Take a step out of a type's workflow. Refused where a ticket "
        "could be stuck. Requires tickets:manage.",
        authenticated=True,
        requires_scopes=MANAGES,
    )
    async def remove_transition(
        self,
        info: Info,
        input: Annotated[
            RemoveTransitionInput, strawberry.argument(description="The step.")
        ],
    ) -> TransitionPayload:
        async def work(session: AsyncSession, act: Act) -> Written:
            await transitions.remove_transition(session, act, between(input))
            return {}

        done = await carry_out(info, "removeTransition", input, without_asking(work))
        return await transition_payload(info, input, done)


def between(given: SetTransitionInput | RemoveTransitionInput) -> transitions.Between:
    """Name the step that an input is about."""
    return transitions.Between(
        type=given.type,
        from_status_key=given.from_status_key,
        to_status_key=given.to_status_key,
    )


async def status_payload(info: Info, done: Outcome) -> TicketStatusPayload:
    """Answer the status as it is now."""
    key = done.written.get("status") or done.current
    row = key and await info.context.loaders.status_by_id.load(key)
    return TicketStatusPayload(
        status=TicketStatus.from_row(row) if row else None,
        user_errors=done.user_errors,
        repeated=done.repeated,
    )


async def transition_payload(
    info: Info, given: SetTransitionInput | RemoveTransitionInput, done: Outcome
) -> TransitionPayload:
    """Answer the type's workflow as it is now."""
    return TransitionPayload(
        workflow=await workflow_of(info, given.type),
        user_errors=done.user_errors,
        repeated=done.repeated,
    )
