"""Answers that are given in words: a public reply is news for the requester."""

from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.tickets.models import EventKind, SlaTarget, TicketRow
from subgraphs.tickets.repository import sla
from subgraphs.tickets.service import history
from subgraphs.tickets.service.act import Act


async def note_reply(session: AsyncSession, ticket: TicketRow, act: Act) -> bool:
    """Note a public reply to a ticket that this unit of work has locked.

    The first that is not the requester's own is the first response; later ones count
    where somebody is promised news. Say whether anything was noted, for then `settle`
    has to follow.
    """
    if act.actor_id is None or act.actor_id == ticket.requester_id:
        return False
    first = ticket.first_responded_at is None
    if not first and not await sla.has_clock(session, ticket.id, SlaTarget.UPDATE):
        return False
    history.record(session, ticket, act, EventKind.RESPONDED)
    if first:  # now: the next reply may come before what follows has been worked out
        ticket.first_responded_at = act.at
    return True
