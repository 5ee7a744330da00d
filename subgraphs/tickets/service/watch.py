"""Who follows a ticket, and may therefore see it."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from kit.ids import is_id
from subgraphs.tickets import policy
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import (
    EventKind,
    TicketRow,
    WatcherRow,
    WatchReason,
)
from subgraphs.tickets.repository import relations
from subgraphs.tickets.repository.history import Event
from subgraphs.tickets.service import history
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.lock import take
from subgraphs.tickets.service.people import People

MOST_WATCHERS: Final = 200


async def check_watcher(people: People, user_id: str | None, *, watch: bool) -> str:
    """Find whose watching begins or ends: who is named, or else the caller.

    Raises:
        RejectedError: REQUIRED, an integration must name somebody; or what
            `People.watcher` says.

    """
    mine = people.caller.subject
    if user_id is None and not is_id(mine, "usr"):
        raise RejectedError(
            Code.REQUIRED, "An integration says who watches.", ("input", "userId")
        )
    if user_id is not None and user_id != mine and watch:
        await people.watcher(user_id)
    return user_id or mine


async def watch_ticket(
    session: AsyncSession,
    act: Act,
    ticket_id: str,
    user_id: str,
    *,
    watch: bool,
    reason: WatchReason | None = None,
) -> tuple[TicketRow, Event | None]:
    """Let somebody watch a ticket, or no longer; twice is once.

    Everybody for themselves; who may change the ticket, for others too. It is no
    change of the ticket: its version stays.

    Raises:
        RejectedError: what `take` says, or TOO_LONG.

    """
    mine = user_id == act.caller.subject
    rule = policy.can_see if mine else policy.can_edit
    ticket = await take(session, act, ticket_id, None, rule)
    if watch:
        default = WatchReason.MANUAL if mine else WatchReason.CC
        return ticket, add_watcher(session, ticket, act, user_id, reason or default)
    row = await relations.watcher(session, ticket.id, user_id)
    if row is None:
        return ticket, None
    before = {"userId": user_id, "reason": row.reason.value}
    ticket.watcher_ids = [each for each in ticket.watcher_ids if each != user_id]
    await session.delete(row)
    return ticket, _record(session, ticket, act, before=before)


def add_watcher(
    session: AsyncSession,
    ticket: TicketRow,
    act: Act,
    user_id: str,
    reason: WatchReason,
) -> Event | None:
    """Note a watcher of a ticket that this unit of work has locked.

    Raises:
        RejectedError: TOO_LONG, there are as many as may be.

    """
    if user_id in ticket.watcher_ids:
        return None
    if len(ticket.watcher_ids) >= MOST_WATCHERS:
        raise RejectedError(
            Code.TOO_LONG, f"At most {MOST_WATCHERS} people watch a ticket."
        )
    ticket.watcher_ids = [*ticket.watcher_ids, user_id]
    session.add(
        WatcherRow(ticket_id=ticket.id, user_id=user_id, reason=reason, added_at=act.at)
    )
    after = {"userId": user_id, "reason": reason.value}
    return _record(session, ticket, act, after=after)


def _record(
    session: AsyncSession,
    ticket: TicketRow,
    act: Act,
    *,
    before: Mapping[str, str] | None = None,
    after: Mapping[str, str] | None = None,
) -> Event:
    return history.record(
        session,
        ticket,
        act,
        EventKind.FIELD_CHANGED,
        field="watchers",
        before=before,
        after=after,
    )
