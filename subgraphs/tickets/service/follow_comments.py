"""Following comments, whatever they came through.

A public reply answers a ticket, takes it off hold or reopens it, and who is mentioned
watches it.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Database
from kit.outbox.follower import Follower, Graph, Told
from kit.scalars import read_instant
from subgraphs.tickets.models import FEED_CURSORS, Via
from subgraphs.tickets.repository import writes
from subgraphs.tickets.service.act import DESK, Act
from subgraphs.tickets.service.replies import go_on, watch_mentioned
from subgraphs.tickets.service.sla.respond import note_reply
from subgraphs.tickets.service.sla.settle import settle

FEED: Final = "commentEventFeed"
NAME: Final = "tickets.comments"
SAYING: Final = frozenset({"COMMENT_ADDED", "COMMENT_CHANGED"})


def comments_follower(database: Database, graph: Graph) -> Follower:
    """Make the follower; what it notes is history, so it cannot begin anew."""
    return Follower(NAME, FEED, graph, database, cursors=FEED_CURSORS, apply=apply)


async def apply(session: AsyncSession, events: Sequence[Told]) -> None:
    """Do what the comments among the events mean; the rest is left out."""
    for event in events:
        told = event.payload
        replied = event.kind == "COMMENT_ADDED" and told["visibility"] == "PUBLIC"
        mentioned = mentions_of(event)
        if replied or mentioned:
            await note(session, event, mentioned, replied=replied)
    await settle(session)


def mentions_of(event: Told) -> Sequence[str]:
    """Say whom a comment names for the first time.

    Whoever was named and stopped watching is not brought back because a word was
    mended. Events from before changes told it name everybody.
    """
    if event.kind not in SAYING:
        return ()
    told = event.payload
    everybody: Sequence[str] = told["mentionIds"]
    anew: Sequence[str] = told.get("newMentionIds", everybody)
    return anew


async def note(
    session: AsyncSession, event: Told, mentioned: Sequence[str], *, replied: bool
) -> None:
    """Note a comment on its ticket, as said by its author when it was said."""
    ticket = await writes.lock_ticket(session, str(event.payload["ticketId"]))
    if ticket is None:
        return
    said_at = read_instant(event.payload["saidAt"])
    author = str(event.payload["authorId"])
    act = Act(DESK, said_at, author, via_of(event), event.request_id, event.at)
    if replied and event.payload.get("fromDesk", True):  # old events do not say
        await note_reply(session, ticket, act)
    if replied:
        await go_on(session, ticket, act)
    publicly = event.payload["visibility"] == "PUBLIC"
    watch_mentioned(session, ticket, act, mentioned, publicly=publicly)


def via_of(event: Told) -> Via:
    """Say what a comment came through: somebody signed in, or a program for them."""
    told = event.payload
    by_hand = told["source"] == "WEB" and event.actor_id == told["authorId"]
    return Via.PORTAL if by_hand else Via.API
