"""What one ticket is to another."""

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from kit.ids import new_id
from subgraphs.tickets import policy
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import (
    ENDED,
    EventKind,
    LinkKind,
    LinkRow,
    StatusCategory,
    TicketRow,
)
from subgraphs.tickets.repository import relations, writes
from subgraphs.tickets.service import history
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.lock import Rule, take_many
from subgraphs.tickets.service.transition_ticket import Step, transition_ticket

MUTUAL: Final = LinkKind.RELATES_TO
"""The one kind that says the same from both ends; all others lead somewhere, and never
back to where they began."""


async def link_tickets(
    session: AsyncSession, act: Act, from_id: str, to_id: str, kind: LinkKind
) -> LinkRow:
    """Say what one ticket is to another; said before, it is said already.

    Who says so works on the first and sees the second; to make it a child is to work
    on both.

    Raises:
        RejectedError: what `take_many` says; CYCLE, the link would lead back; INVALID,
            the child has another parent.

    """
    if kind is not MUTUAL:
        await relations.hold_trees(session)
    first, second = await take_both(session, act, from_id, to_id, kind)
    ends = in_order(from_id, to_id, kind)
    found = await relations.link_between(session, *ends, kind)
    if found is not None:
        return found
    if kind is not MUTUAL:
        await refuse_cycle(session, act, kind, from_id, to_id)
    if kind is LinkKind.PARENT_OF and await relations.parent_link(session, to_id):
        raise RejectedError(
            Code.INVALID, "It is part of another ticket already.", ("input", "toId")
        )
    link = LinkRow(
        id=new_id("lnk"),
        from_id=ends[0],
        to_id=ends[1],
        kind=kind,
        linked_at=act.at,
        linked_by_id=act.person_id,
    )
    session.add(link)
    for ticket, other, inverse in ((first, to_id, False), (second, from_id, True)):
        record(session, ticket, act, after=said(kind, other, inverse=inverse))
    return link


async def unlink_tickets(
    session: AsyncSession, act: Act, from_id: str, to_id: str, kind: LinkKind
) -> TicketRow:
    """Take a link away; one that is not there is away already.

    Raises:
        RejectedError: what `take_many` says.

    """
    first, second = await take_both(session, act, from_id, to_id, kind)
    ends = in_order(from_id, to_id, kind)
    link = await relations.link_between(session, *ends, kind)
    if link is not None:
        await session.delete(link)
        for ticket, other, inverse in ((first, to_id, False), (second, from_id, True)):
            record(session, ticket, act, before=said(kind, other, inverse=inverse))
    return first


async def resolve_duplicate(
    session: AsyncSession, act: Act, ticket_id: str, kind: LinkKind, step: Step
) -> None:
    """Resolve a ticket that says again what another one says, by the workflow's step.

    Raises:
        RejectedError: INVALID, the link is of another kind; or what
            `transition_ticket` says.

    """
    if kind is not LinkKind.DUPLICATES:
        raise RejectedError(
            Code.INVALID,
            "Only a duplicate is resolved by its link.",
            ("input", "resolutionCode"),
        )
    ticket = await writes.lock_ticket(session, ticket_id)
    if ticket is None or ticket.status_category in ENDED:
        return
    key = await relations.ending_key(session, ticket.type, StatusCategory.RESOLVED)
    step = replace(step, to_status_key=key)
    await transition_ticket(session, act, ticket_id, None, step)


async def take_both(
    session: AsyncSession, act: Act, from_id: str, to_id: str, kind: LinkKind
) -> tuple[TicketRow, TicketRow]:
    """Lock both ends of a link.

    Raises:
        RejectedError: what `take_many` says; CYCLE, they are one ticket.

    """
    child: Rule = policy.can_work if kind is LinkKind.PARENT_OF else policy.can_see
    wanted = [(from_id, ("fromId",), policy.can_work), (to_id, ("toId",), child)]
    found = await take_many(session, act, wanted)
    if from_id == to_id:
        raise RejectedError(
            Code.CYCLE, "A ticket has no link with itself.", ("input", "toId")
        )
    return found[from_id], found[to_id]


def in_order(from_id: str, to_id: str, kind: LinkKind) -> tuple[str, str]:
    """Give the ends as they are kept: in one order where both say the same.

    >>> in_order("tkt_2", "tkt_1", LinkKind.RELATES_TO)
    ('tkt_1', 'tkt_2')
    """
    if kind is MUTUAL and to_id < from_id:
        return to_id, from_id
    return from_id, to_id


async def refuse_cycle(
    session: AsyncSession, act: Act, kind: LinkKind, from_id: str, to_id: str
) -> None:
    """Refuse a link whose end leads to its beginning already.

    Raises:
        RejectedError: CYCLE, with the way around by numbers; tickets that the caller
            may not see are left nameless.

    """
    way = path(await relations.links_onward(session, kind, to_id), to_id, from_id)
    if way is None:
        return
    tickets = await relations.tickets_by_id(session, way)
    names = [
        ticket.number
        if (ticket := tickets[key]) and policy.can_see(act.caller, ticket)
        else "another"
        for key in way
    ]
    raise RejectedError(
        Code.CYCLE,
        f"It would lead back to itself: {' → '.join([*names, names[0]])}.",
        ("input", "toId"),
    )


def path(links: Iterable[tuple[str, str]], start: str, goal: str) -> list[str] | None:
    """Find the shortest way along links, or None where none leads there.

    >>> path([("a", "b"), ("b", "c"), ("a", "d")], "a", "c")
    ['a', 'b', 'c']
    >>> path([("a", "b")], "b", "a") is None
    True
    """
    onward: dict[str, list[str]] = {}
    for one, other in links:
        onward.setdefault(one, []).append(other)
    came_from: dict[str, str | None] = {start: None}
    waiting = deque([start])
    while waiting:
        at = waiting.popleft()
        if at == goal:
            found: list[str] = []
            back: str | None = at
            while back is not None:
                found.append(back)
                back = came_from[back]
            return found[::-1]
        for other in onward.get(at, ()):
            if other not in came_from:
                came_from[other] = at
                waiting.append(other)
    return None


def said(kind: LinkKind, other: str, *, inverse: bool) -> dict[str, object]:
    """Write a link as the history of one end has it: by an id that shows nothing."""
    mutual = kind is MUTUAL
    return {"kind": kind.value, "inverse": inverse and not mutual, "ticketId": other}


def record(
    session: AsyncSession,
    ticket: TicketRow,
    act: Act,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    """Record that a link was made or taken away."""
    history.record(
        session,
        ticket,
        act,
        EventKind.LINKED,
        field="links",
        before=before,
        after=after,
    )
    history.touch(ticket, act)
