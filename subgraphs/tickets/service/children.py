"""A parent that moves on, and the children that go with it."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from subgraphs.tickets import policy
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import TicketRow
from subgraphs.tickets.repository import relations
from subgraphs.tickets.repository.history import Event
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.transition_ticket import Step, transition_ticket

MOST_CHILDREN: Final = 200


async def transition_family(
    session: AsyncSession,
    act: Act,
    ticket_id: str,
    expected_version: int | None,
    step: Step,
) -> tuple[TicketRow, Event]:
    """Move every open child of a ticket by a step, and then the ticket by the same.

    All of them or none: a child that cannot go keeps the parent where it is. Theirs
    are the same rules as if each were moved alone.

    Raises:
        RejectedError: what `transition_ticket` says of the parent; OPEN_CHILDREN with
            what stands in a child's way, or where there are too many.

    """
    family = [ticket_id, *await relations.open_children(session, ticket_id)]
    if len(family) > MOST_CHILDREN + 1:
        raise stays(f"At most {MOST_CHILDREN} open children go with their parent.")
    locked = await relations.lock_tickets(session, family)
    parent = locked.get(ticket_id)
    if parent is not None and policy.can_see(act.caller, parent):
        # With the parent locked nobody gives it another child.
        for key in await relations.open_children(session, ticket_id):
            await follow(session, act, key, step)
    return await transition_ticket(session, act, ticket_id, expected_version, step)


async def follow(session: AsyncSession, act: Act, key: str, step: Step) -> None:
    """Move one child.

    Raises:
        RejectedError: OPEN_CHILDREN, with its number where the caller may see it.

    """
    try:
        await transition_ticket(session, act, key, None, step)
    except RejectedError as rejected:
        if rejected.code is Code.NOT_FOUND and rejected.path == ["input", "id"]:
            raise stays("A child that you may not see is open.") from rejected
        child = (await relations.tickets_by_id(session, [key]))[key]
        raise stays(f"{child.number} cannot go: {rejected.message}") from rejected


def stays(message: str) -> RejectedError:
    """Say why a parent stays where it is."""
    return RejectedError(Code.OPEN_CHILDREN, message, ("input", "closeChildren"))
