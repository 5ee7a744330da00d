"""An import says that it is over: its tickets' clocks live on in the present."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from subgraphs.tickets import policy
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.repository import sla
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.sla.rounds import read_tickets

MOST_CONCLUDED: Final = 100
"""Tickets of one request: as many as a round reads in one unit of work."""


async def conclude_import(session: AsyncSession, act: Act, ids: Sequence[str]) -> int:
    """Read the clocks of imported tickets as of now; say of how many.

    Tickets of which no import has told, and those that the caller does not see, are
    passed over.

    Raises:
        RejectedError: FORBIDDEN, or INVALID where there are too many.

    """
    if not policy.can_retell(act.caller):
        raise RejectedError(Code.FORBIDDEN, "Only an import ends an import.")
    if len(ids) > MOST_CONCLUDED:
        raise RejectedError(
            Code.INVALID, f"{MOST_CONCLUDED} tickets at most.", ("input", "ids")
        )
    told = await sla.lock_told(session, ids)
    tickets = [each for each in told if policy.can_see(act.caller, each)]
    for ticket in tickets:
        ticket.sla_told_at = None
    if tickets:
        await read_tickets(session, tickets, act.noted_at)
    return len(tickets)
