"""Taking a ticket in hand: found, seen, locked, and not changed meanwhile."""

from collections.abc import Callable, Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from kit.identity import Identity
from kit.writes import check_version
from subgraphs.tickets import policy
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import TicketRow
from subgraphs.tickets.policy.standing import standing_of
from subgraphs.tickets.repository import relations, writes
from subgraphs.tickets.service.act import Act

Rule = Callable[[Identity, policy.Owned], bool]
Place = tuple[str, ...]
"""A field of the input, and where in it if it is a list."""


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
            whether it is, FORBIDDEN, ALREADY_MERGED, or STALE with the ticket as
            ``current``.

    """
    ticket = await writes.lock_ticket(session, ticket_id)
    if ticket is None or not policy.can_see(act.caller, ticket):
        raise _hidden(act, ("id",))
    refuse(act, ticket, allowed)
    check_version(ticket, expected_version, Code.STALE, "The ticket")
    return ticket


async def take_many(
    session: AsyncSession, act: Act, wanted: Iterable[tuple[str, Place, Rule]]
) -> dict[str, TicketRow]:
    """Lock several tickets: id, where the input names it, and the rule for each.

    They are locked in the order of their ids, whatever order they are named in.

    Raises:
        RejectedError: NOT_FOUND, UNAVAILABLE, FORBIDDEN or ALREADY_MERGED, of the
            first such one.

    """
    wanted = list(wanted)
    found = await relations.lock_tickets(session, [key for key, _, _ in wanted])
    for key, place, allowed in wanted:
        ticket = found.get(key)
        if ticket is None or not policy.can_see(act.caller, ticket):
            raise _hidden(act, place)
        refuse(act, ticket, allowed, ("input", *place))
    return found


def refuse(
    act: Act, ticket: TicketRow, allowed: Rule, path: tuple[str, ...] | None = None
) -> None:
    """Refuse who may not do this to a ticket, and all who would change a merged one.

    Raises:
        RejectedError: FORBIDDEN or ALREADY_MERGED.

    """
    if not allowed(act.caller, ticket):
        raise RejectedError(Code.FORBIDDEN, "You may not do this to the ticket.", path)
    if ticket.merged_into_id is not None:
        raise RejectedError(
            Code.ALREADY_MERGED,
            f"{ticket.number} was merged into another ticket; change that one.",
            path or ("input", "id"),
            current=ticket.id,
        )


def _hidden(act: Act, place: Place) -> RejectedError:
    """Say that there is no ticket, or that nobody knows whether it is theirs to see."""
    if standing_of(act.caller).known:
        return RejectedError(
            Code.NOT_FOUND, "There is no such ticket.", ("input", *place)
        )
    return RejectedError(
        Code.UNAVAILABLE,
        "Your groups cannot be looked up at this moment; try again soon.",
        ("input", *place),
    )
