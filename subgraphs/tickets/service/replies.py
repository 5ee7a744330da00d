"""What comments do to a ticket beside its clocks: it goes on, and people watch it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.tickets.models import (
    LifecycleRow,
    StatusCategory,
    TicketRow,
    Via,
)
from subgraphs.tickets.models import WatchReason as Reason
from subgraphs.tickets.repository import due, replies
from subgraphs.tickets.repository.history import Event
from subgraphs.tickets.service.act import CLOCK_SKEW, Act
from subgraphs.tickets.service.transition_ticket import Step, move
from subgraphs.tickets.service.watch import MOST_WATCHERS, add_watcher

log = structlog.get_logger(__name__)

NOTE: Final = "The requester replied."
STILL: Final = frozenset({StatusCategory.ON_HOLD, StatusCategory.RESOLVED})
"""Where a ticket waits for its requester, or for nobody."""


async def go_on(session: AsyncSession, ticket: TicketRow, act: Act) -> Event | None:
    """Let a ticket go on when its requester replies: off hold, or reopened.

    ``act`` is the reply. When it does so, the lifecycle's settings say; the way is the
    workflow's first step to work that demands nothing and looks at nothing. A reply
    from before the ticket came to where it stands changes nothing, and neither does
    one that an import retells: what became of the ticket then is told as well.
    """
    if act.actor_id != ticket.requester_id or ticket.status_category not in STILL:
        return None
    if act.at < act.noted_at - CLOCK_SKEW:
        return None
    if not is_moved(ticket, await due.lifecycle(session), act.at):
        return None
    since = await replies.last_moved_at(session, ticket.id)
    way = await replies.way_to_work(session, ticket)
    if way is None or (since is not None and act.at < since):
        return None
    act = replace(act, via=Via.AUTOMATION)
    step = Step(to_status_key=way.target_key, note=NOTE)
    return move(session, ticket, act, step, way)


def is_moved(ticket: TicketRow, settings: LifecycleRow, at: datetime) -> bool:
    """Say whether a reply at an instant moves a ticket that stands still."""
    reason, within = ticket.hold_reason, settings.reopen_within
    if ticket.status_category is StatusCategory.ON_HOLD:
        return reason is not None and reason.value in settings.resume_on_reply
    ended = ticket.ended_at
    late = within is not None and ended is not None and at - ended > within
    return settings.reopen_on_reply and not late


def watch_mentioned(
    session: AsyncSession,
    ticket: TicketRow,
    act: Act,
    user_ids: Iterable[str],
    *,
    publicly: bool,
) -> None:
    """Let those whom a comment names watch its ticket, as far as there is room.

    Comments lets nobody be named who does not see the ticket anyway, and in an
    internal note nobody who does not work on it. Why somebody watches is read by all
    who see the ticket, so a note is not betrayed by it: its author has added them.
    """
    reason = Reason.MENTIONED if publicly else Reason.CC
    for user_id in user_ids:
        if user_id in ticket.watcher_ids:
            continue
        if len(ticket.watcher_ids) >= MOST_WATCHERS:
            log.warning("tickets.too_many_watchers", ticket=ticket.id)
            return
        add_watcher(session, ticket, act, user_id, reason)
