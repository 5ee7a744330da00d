"""Making, changing and retiring queues, as mutations."""

from typing import Annotated, Any, Final

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry import UNSET

from kit.errors import InvalidInputError, RejectedError, UnavailableError
from kit.writes import changes
from subgraphs.tickets.context import Info
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.mutations.carry_out import Outcome, Work, Written, carry_out
from subgraphs.tickets.service import queues
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.types.filters import order_of, ticket_predicate
from subgraphs.tickets.types.queue_inputs import (
    CreateQueueInput,
    CreateQueuePayload,
    RetireQueueInput,
    RetireQueuePayload,
    UpdateQueueInput,
    UpdateQueuePayload,
)
from subgraphs.tickets.types.queues import Queue, queue_by_id
from subgraphs.tickets.types.stored import write_input

SEES: Final = [["tickets:read"]]


@strawberry.type(description="What can be done with queues.")
class QueueMutations:
    @strawberry.federation.field(
        description="Make a queue, 100 at most. Requires tickets:work, somewhere or "
        "everywhere, or tickets:manage.",
        authenticated=True,
        requires_scopes=SEES,
    )
    async def create_queue(
        self,
        info: Info,
        input: Annotated[CreateQueueInput, strawberry.argument(description="What.")],
    ) -> CreateQueuePayload:
        async def prepare() -> Work:
            given, groups = kept(input), await my_groups(info)

            async def work(session: AsyncSession, act: Act) -> Written:
                row = await queues.create_queue(session, act, groups, given)
                return {"queue": row.id}

            return work

        done = await carry_out(info, "createQueue", input, prepare)
        return CreateQueuePayload(
            queue=await found(info, done),
            user_errors=done.user_errors,
            repeated=done.repeated,
        )

    @strawberry.federation.field(
        description="Change a queue. Requires that the viewer made it, or "
        "tickets:manage.",
        authenticated=True,
        requires_scopes=SEES,
    )
    async def update_queue(
        self,
        info: Info,
        input: Annotated[UpdateQueueInput, strawberry.argument(description="What.")],
    ) -> UpdateQueuePayload:
        async def prepare() -> Work:
            given, groups = kept(input), await my_groups(info)

            async def work(session: AsyncSession, act: Act) -> Written:
                row = await queues.update_queue(
                    session, act, groups, input.id, input.expected_version, given=given
                )
                return {"queue": row.id}

            return work

        done = await carry_out(info, "updateQueue", input, prepare)
        return UpdateQueuePayload(
            queue=await found(info, done),
            user_errors=done.user_errors,
            repeated=done.repeated,
        )

    @strawberry.federation.field(
        description="Take a queue out of use. Requires that the viewer made it, or "
        "tickets:manage.",
        authenticated=True,
        requires_scopes=SEES,
    )
    async def retire_queue(
        self,
        info: Info,
        input: Annotated[RetireQueueInput, strawberry.argument(description="Which.")],
    ) -> RetireQueuePayload:
        async def prepare() -> Work:
            groups = await my_groups(info)

            async def work(session: AsyncSession, act: Act) -> Written:
                await queues.retire_queue(
                    session, act, groups, input.id, input.expected_version
                )
                return {"retired": True}

            return work

        done = await carry_out(info, "retireQueue", input, prepare)
        return RetireQueuePayload(
            queue=await found(info, done),
            retired=bool(done.written),
            user_errors=done.user_errors,
            repeated=done.repeated,
        )


async def my_groups(info: Info) -> frozenset[str]:
    """Learn the caller's groups.

    Raises:
        RejectedError: UNAVAILABLE, nobody can be asked.

    """
    try:
        return await info.context.teams.of(info.context.identity)
    except UnavailableError as error:
        raise RejectedError(Code.UNAVAILABLE, str(error)) from error


def kept(given: CreateQueueInput | UpdateQueueInput) -> dict[str, Any]:
    """Read what is to be kept: filter and order as JSON, once they have a meaning.

    Raises:
        RejectedError: INVALID, they have none.

    """
    found = changes(given, queues.NAMES)
    for name, path, mean in (
        ("filter", "filter", ticket_predicate),
        ("order_by", "orderBy", order_of),
    ):
        if found.get(name, UNSET) is UNSET:
            continue
        try:
            mean(found[name])
        except InvalidInputError as error:
            raise RejectedError(Code.INVALID, str(error), ("input", path)) from error
        found[name] = write_input(found[name])
    return found


async def found(info: Info, done: Outcome) -> Queue | None:
    """Read the queue that was written, or that stands against it."""
    key = done.written.get("queue") or done.current
    return await queue_by_id(info, key) if key else None
