"""Taking a ticket in hand: found, seen, locked, and not changed meanwhile."""

from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from kit.identity import Identity
from subgraphs.tickets import policy
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import TicketRow
from subgraphs.tickets.policy.standing import standing_of
from subgraphs.tickets.repository import writes
from subgraphs.tickets.service.act import Act

Rule = Callable[[Identity, policy.Owned], bool]


async def take(
    session: AsyncSession,
    act: Act,
    ticket_id: str,
    expected_version: int | None,
    allowed: Rule,
) -> TicketRow:
    """Lock a ticket that the caller may change, as the caller last saw it.

    Raises:
        RejectedError: NOT_FOUND (or not to be seen), UNAVAILABLE where nobody knows
            whether it is, FORBIDDEN, or STALE with the ticket as ``current``.

    """
    ticket = await writes.lock_ticket(session, ticket_id)
    if ticket is None or not policy.can_see(act.caller, ticket):
        raise _hidden(act)
    if not allowed(act.caller, ticket):
        raise RejectedError(Code.FORBIDDEN, "You may not do this to the ticket.")
    if expected_version is not None and expected_version != ticket.version:
        raise RejectedError(
            Code.STALE,
            f"The ticket has changed: it is at version {ticket.version} now.",
            ("input", "expectedVersion"),
            current=ticket.id,
        )
    return ticket


def _hidden(act: Act) -> RejectedError:
    """Say that there is no ticket, or that nobody knows whether it is theirs to see."""
    if standing_of(act.caller).known:
        return RejectedError(
            Code.NOT_FOUND, "There is no such ticket.", ("input", "id")
        )
    return RejectedError(
        Code.UNAVAILABLE,
        "Your groups cannot be looked up at this moment; try again soon.",
        ("input", "id"),
    )
