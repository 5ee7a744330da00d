"""Making one ticket of several: all of it or nothing."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from subgraphs.tickets import policy
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import (
    ENDED,
    MOST_TAGS,
    EventKind,
    LinkKind,
    LinkRow,
    StatusCategory,
    TicketRow,
    WatchReason,
)
from subgraphs.tickets.repository import relations, writes
from subgraphs.tickets.service import history
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.link_tickets import MUTUAL, in_order
from subgraphs.tickets.service.lock import take_many
from subgraphs.tickets.service.transition_ticket import Step, move
from subgraphs.tickets.service.watch import add_watcher

MOST_MERGED: Final = 50


async def merge_tickets(
    session: AsyncSession, act: Act, into_id: str, from_ids: list[str]
) -> TicketRow:
    """Put tickets into another one, which takes their watchers, links and tags.

    Who asked for one of them watches it from then on. They are closed, keep their
    numbers, and say where they went; nothing changes them any more.

    Raises:
        RejectedError: what `take_many` says, ALREADY_MERGED included; REQUIRED;
            TOO_LONG, too many tickets, tags or watchers; CYCLE, a ticket would go
            into itself, or links would lead back; INVALID, what `refuse_the_end` says.

    """
    sources = list(dict.fromkeys(from_ids))
    if not sources:
        raise RejectedError(
            Code.REQUIRED, "Say which tickets to merge.", ("input", "fromIds")
        )
    if len(sources) > MOST_MERGED:
        raise RejectedError(
            Code.TOO_LONG,
            f"At most {MOST_MERGED} tickets are merged at once.",
            ("input", "fromIds"),
        )
    await relations.hold_trees(session)
    found = await take_many(
        session,
        act,
        [
            (into_id, ("intoId",), policy.can_work),
            *(
                (key, ("fromIds", str(from_ids.index(key))), policy.can_work)
                for key in sources
            ),
        ],
    )
    if into_id in sources:
        raise RejectedError(
            Code.CYCLE, "A ticket is not merged into itself.", ("input", "fromIds")
        )
    into, merged = found[into_id], [found[key] for key in sources]
    refuse_the_end(into, merged)
    gather_tags(session, act, into, merged)
    await gather_watchers(session, act, into, merged)
    await move_links(session, into, merged)
    for ticket in merged:
        await close(session, act, ticket, into)
        history.record(
            session,
            into,
            act,
            EventKind.MERGED,
            field="mergedFrom",
            after={"ticketId": ticket.id},
        )
    history.touch(into, act)
    return into


def refuse_the_end(into: TicketRow, merged: list[TicketRow]) -> None:
    """Refuse to put open work into a ticket that is over: nobody would do it.

    What was resolved may be reopened by who asked for it, and takes what says it again.

    Raises:
        RejectedError: INVALID.

    """
    is_over = into.status_category in {StatusCategory.CLOSED, StatusCategory.CANCELLED}
    if is_over and any(each.status_category not in ENDED for each in merged):
        raise RejectedError(
            Code.INVALID,
            f"{into.number} is over, and others are open: reopen it first.",
            ("input", "intoId"),
        )


def gather_tags(
    session: AsyncSession, act: Act, into: TicketRow, merged: list[TicketRow]
) -> None:
    """Give the ticket the tags of those that go into it.

    Raises:
        RejectedError: TOO_LONG, together they are too many.

    """
    tags = list(dict.fromkeys(tag for each in (into, *merged) for tag in each.tags))
    if len(tags) > MOST_TAGS:
        raise RejectedError(
            Code.TOO_LONG,
            f"Together they have {len(tags)} tags; a ticket has at most {MOST_TAGS}.",
            ("input", "fromIds"),
        )
    if tags != into.tags:
        before, into.tags = into.tags, tags
        history.record(
            session,
            into,
            act,
            EventKind.FIELD_CHANGED,
            field="tags",
            before=before,
            after=tags,
        )


async def gather_watchers(
    session: AsyncSession, act: Act, into: TicketRow, merged: list[TicketRow]
) -> None:
    """Let who watched or asked for one of them watch the ticket.

    Raises:
        RejectedError: TOO_LONG, together they are too many.

    """
    for ticket in merged:
        if ticket.requester_id != into.requester_id:
            requester = ticket.requester_id
            add_watcher(session, into, act, requester, WatchReason.REQUESTER)
    for row in await relations.watchers_of(session, [each.id for each in merged]):
        add_watcher(session, into, act, row.user_id, row.reason)


async def move_links(
    session: AsyncSession, into: TicketRow, merged: list[TicketRow]
) -> None:
    """Let links that led from or to them lead from or to the ticket.

    Links among them end; so does one that the ticket has already, and one to a parent
    where the ticket has its own.

    Raises:
        RejectedError: CYCLE, the links would lead back.

    """
    gone = {each.id for each in merged}
    links = await relations.links_of(session, [into.id, *gone])
    kept = {ends_of(link) for link in links if not gone & {link.from_id, link.to_id}}
    has_parent = any(is_parent_of(link, into.id) for link in links)
    for link in links:
        if not gone & {link.from_id, link.to_id}:
            continue
        from_id, to_id = in_order(
            into.id if link.from_id in gone else link.from_id,
            into.id if link.to_id in gone else link.to_id,
            link.kind,
        )
        to_parent = link.kind is LinkKind.PARENT_OF and to_id == into.id
        second = to_parent and has_parent
        moved = (from_id, to_id, link.kind)
        if from_id == to_id or moved in kept or second:
            await session.delete(link)
            continue
        has_parent = has_parent or (
            link.kind is LinkKind.PARENT_OF and to_id == into.id
        )
        kept.add(moved)
        link.from_id, link.to_id = from_id, to_id
    await session.flush()
    for kind in {kind for _, _, kind in kept} - {MUTUAL}:
        await refuse_circle(session, into, kind)


async def refuse_circle(session: AsyncSession, into: TicketRow, kind: LinkKind) -> None:
    """Refuse links that now lead from the ticket back to it.

    Raises:
        RejectedError: CYCLE.

    """
    links = await relations.links_onward(session, kind, into.id)
    if any(to_id == into.id for _, to_id in links):
        raise RejectedError(
            Code.CYCLE,
            f"Merged, links of the kind {kind.value} would lead back to "
            f"{into.number}; take one of them away first.",
            ("input", "fromIds"),
        )


def ends_of(link: LinkRow) -> tuple[str, str, LinkKind]:
    """Name a link by what it says."""
    return link.from_id, link.to_id, link.kind


def is_parent_of(link: LinkRow, child_id: str) -> bool:
    """Say whether a link leads to this child from its parent."""
    return link.kind is LinkKind.PARENT_OF and link.to_id == child_id


async def close(
    session: AsyncSession, act: Act, ticket: TicketRow, into: TicketRow
) -> None:
    """Close a ticket that went into another, whatever its workflow says.

    A solution, where there is one, stays.
    """
    ticket.merged_into_id = into.id
    history.record(
        session,
        ticket,
        act,
        EventKind.MERGED,
        field="mergedInto",
        after={"ticketId": into.id},
    )
    if ticket.status_category is StatusCategory.CLOSED:
        history.touch(ticket, act)
        return
    key = await relations.ending_key(session, ticket.type, StatusCategory.CLOSED)
    way = await writes.way_between(session, ticket.type, ticket.status_id, key)
    assert way is not None  # noqa: S101 - the key was just read
    move(session, ticket, act, Step(to_status_key=key), way)
