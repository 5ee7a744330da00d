"""Setting what goes by the calendar, solutions and priorities, as mutations."""

from typing import Annotated, Final

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from kit.writes import changes, without_asking
from subgraphs.tickets.context import Info
from subgraphs.tickets.mutations.carry_out import Outcome, Written, carry_out
from subgraphs.tickets.repository import settings
from subgraphs.tickets.service import lifecycle
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.types.workflow import ResolutionCode, TicketLifecycle
from subgraphs.tickets.types.workflow_inputs import (
    ConfigureTicketLifecycleInput,
    ConfigureTicketLifecyclePayload,
    CreateResolutionCodeInput,
    ResolutionCodePayload,
    SetPriorityInput,
    SetPriorityPayload,
    UpdateResolutionCodeInput,
)
from subgraphs.tickets.types.workflow_reads import matrix_of

MANAGES: Final = [["tickets:manage"]]


@strawberry.type(description="What can be set of a ticket's life.")
class LifecycleMutations:
    @strawberry.federation.field(
        description="Set how long tickets may be reopened, when resolved ones close "
        "by themselves, and when a reply takes one off hold or reopens it. Requires "
        "tickets:manage.",
        authenticated=True,
        requires_scopes=MANAGES,
    )
    async def configure_ticket_lifecycle(
        self,
        info: Info,
        input: Annotated[
            ConfigureTicketLifecycleInput,
            strawberry.argument(description="What changes."),
        ],
    ) -> ConfigureTicketLifecyclePayload:
        names = ("reopen_within", "close_after", "resume_on_reply", "reopen_on_reply")
        given = changes(input, names)

        async def work(session: AsyncSession, act: Act) -> Written:
            await lifecycle.configure_lifecycle(session, act, given)
            return {}

        done = await carry_out(
            info, "configureTicketLifecycle", input, without_asking(work)
        )
        row = await info.context.loaders.lifecycle.load(1)
        return ConfigureTicketLifecyclePayload(
            lifecycle=None
            if done.user_errors or row is None
            else TicketLifecycle.from_row(row),
            user_errors=done.user_errors,
            repeated=done.repeated,
        )

    @strawberry.federation.field(
        description="Add a kind of solution. From the first one of a type on, its "
        "tickets are solved by those alone. Requires tickets:manage.",
        authenticated=True,
        requires_scopes=MANAGES,
    )
    async def create_resolution_code(
        self,
        info: Info,
        input: Annotated[
            CreateResolutionCodeInput, strawberry.argument(description="What it is.")
        ],
    ) -> ResolutionCodePayload:
        async def work(session: AsyncSession, act: Act) -> Written:
            row = await lifecycle.create_resolution_code(
                session,
                act,
                code=input.code,
                name=input.name,
                applies_to=input.applies_to,
            )
            return {"code": row.id}

        done = await carry_out(
            info, "createResolutionCode", input, without_asking(work)
        )
        return await code_payload(info, done)

    @strawberry.federation.field(
        description="Rename a kind of solution, say where it applies, retire it, or "
        "take it back into use. Requires tickets:manage.",
        authenticated=True,
        requires_scopes=MANAGES,
    )
    async def update_resolution_code(
        self,
        info: Info,
        input: Annotated[
            UpdateResolutionCodeInput, strawberry.argument(description="What changes.")
        ],
    ) -> ResolutionCodePayload:
        given = changes(input, ("name", "applies_to", "retired"))

        async def work(session: AsyncSession, act: Act) -> Written:
            row = await lifecycle.update_resolution_code(session, act, input.id, given)
            return {"code": row.id}

        done = await carry_out(
            info, "updateResolutionCode", input, without_asking(work)
        )
        return await code_payload(info, done)

    @strawberry.federation.field(
        description="Set one cell of the priority matrix. Tickets keep the priority "
        "they have until their impact or urgency changes. Requires tickets:manage.",
        authenticated=True,
        requires_scopes=MANAGES,
    )
    async def set_priority(
        self,
        info: Info,
        input: Annotated[
            SetPriorityInput, strawberry.argument(description="The cell.")
        ],
    ) -> SetPriorityPayload:
        async def work(session: AsyncSession, act: Act) -> Written:
            await lifecycle.set_priority(
                session, act, input.impact, input.urgency, input.priority
            )
            return {}

        done = await carry_out(info, "setPriority", input, without_asking(work))
        return SetPriorityPayload(
            matrix=await matrix_of(info),
            user_errors=done.user_errors,
            repeated=done.repeated,
        )


async def code_payload(info: Info, done: Outcome) -> ResolutionCodePayload:
    """Answer the kind of solution as it is now."""
    key = done.written.get("code") or done.current
    rows = await info.context.loaders.settings(settings.RESOLUTION_CODES) if key else []
    found = [ResolutionCode.from_row(row) for row in rows if row["id"] == key]
    return ResolutionCodePayload(
        resolution_code=found[0] if found else None,
        user_errors=done.user_errors,
        repeated=done.repeated,
    )
