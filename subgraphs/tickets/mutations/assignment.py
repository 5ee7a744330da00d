"""Giving tickets to groups and people, as a mutation."""

from typing import Annotated, Final

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError, UnavailableError
from kit.writes import changes
from subgraphs.tickets.context import Info
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.mutations.carry_out import Work, Written, carry_out
from subgraphs.tickets.repository.columns import tickets_with
from subgraphs.tickets.service import texts
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.assign_ticket import assign_ticket
from subgraphs.tickets.service.assignment import (
    Current,
    Plan,
    plan_assignment,
    plan_choice,
    retold,
)
from subgraphs.tickets.types.inputs import AssignTicketInput
from subgraphs.tickets.types.payloads import AssignTicketPayload

NOT_SEEN: Final = RejectedError(
    Code.NOT_FOUND, "There is no such ticket.", ("input", "id")
)
HELD: Final = tickets_with(frozenset({"group_id", "assignee_id"}))


@strawberry.type(description="What can be done about who has a ticket.")
class AssignmentMutations:
    @strawberry.federation.field(
        description="Give a ticket to a group, a person, or both; or let the group's "
        "policy choose. Requires tickets:work, there or everywhere.",
        authenticated=True,
        requires_scopes=[["tickets:write"], ["tickets:work"]],
    )
    async def assign_ticket(
        self,
        info: Info,
        input: Annotated[
            AssignTicketInput, strawberry.argument(description="To whom.")
        ],
    ) -> AssignTicketPayload:
        given = changes(input, ("group_id", "assignee_id"))

        async def prepare() -> Work:
            plan = await plan_for(info, input, given)

            async def work(session: AsyncSession, act: Act) -> Written:
                done = await assign_ticket(
                    session,
                    act,
                    input.id,
                    input.expected_version,
                    given,
                    note=input.note,
                    plan=plan,
                )
                return {
                    "ticket": done.ticket.id,
                    "event": done.event and done.event.id,
                    "reason": done.reason,
                    "warnings": plan.warnings,
                }

            return work

        done = await carry_out(info, "assignTicket", input, prepare)
        return AssignTicketPayload(
            ticket=await done.ticket(info),
            event=await done.event(info),
            reason=done.written.get("reason"),
            warnings=done.written.get("warnings") or [],
            user_errors=done.user_errors,
            repeated=done.repeated,
        )


def refuse_idle_skills(input: AssignTicketInput) -> None:
    """Refuse skills where nobody is chosen by them.

    Raises:
        RejectedError: INVALID.

    """
    if input.skills and not input.auto:
        raise RejectedError(
            Code.INVALID,
            "Skills are asked for where the group's policy chooses.",
            ("input", "skills"),
        )


async def plan_for(
    info: Info, input: AssignTicketInput, given: dict[str, str | None]
) -> Plan:
    """Ask what must be known of groups and people; of the past, nothing."""
    context = info.context
    try:
        texts.foreign_id(given.get("group_id"), "grp", "groupId", "group")
        texts.foreign_id(given.get("assignee_id"), "usr", "assigneeId", "user")
        refuse_idle_skills(input)
        if input.occurred_at is not None or input.actor_id is not None:
            return retold()
        row = await context.loaders.ticket(HELD, by="id", key=input.id)
        if row is None:
            raise NOT_SEEN
        current = Current(row["group_id"], row["assignee_id"])
        if input.auto:
            return await plan_choice(context.rosters, current, given, input.skills)
        return await plan_assignment(context.people, context.rosters, current, given)
    except RejectedError as rejected:
        return Plan(refusal=rejected)
    except UnavailableError as error:
        return Plan(refusal=RejectedError(Code.UNAVAILABLE, str(error)))
