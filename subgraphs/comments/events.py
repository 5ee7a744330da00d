"""What happens to comments, that others may follow.

No event holds what was said: events are never changed, and a text may have to be taken
back. Whoever needs it asks the graph, as one who may read it. Each is written in the
transaction that made it, by whoever holds the comment.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.identity import Identity
from kit.outbox import FeedSource, record
from kit.scalars import write_instant
from subgraphs.comments.models import EVENTS, FEED_CLOCK, CommentRow


class CommentEventKind(Enum):
    """What can happen; consumers leave out what they do not know."""

    COMMENT_ADDED = "COMMENT_ADDED"
    COMMENT_CHANGED = "COMMENT_CHANGED"
    COMMENT_DELETED = "COMMENT_DELETED"


FEED: Final = FeedSource("comments", EVENTS, FEED_CLOCK, dict(EVENTS.c))

WATCHED: Final = FeedSource(
    "comments watched",
    EVENTS,
    FEED_CLOCK,
    {name: EVENTS.c[name] for name in ("id", "entity_id", "kind", "payload")},
)
"""The feed for those who are subscribed: what of an event says whose it is."""


async def comment_added(
    session: AsyncSession,
    caller: Identity,
    comment: CommentRow,
    *,
    by_requester: bool,
    from_desk: bool,
) -> None:
    """Tell of something that was said, and whether the ticket's requester said it.

    ``from_desk`` says that its author works on the ticket, or that a program which may
    speak for others says so: it is an answer.
    """
    told = {**whole(comment), "byRequester": by_requester, "fromDesk": from_desk}
    kind = CommentEventKind.COMMENT_ADDED
    await record(session, EVENTS, caller, kind, of=comment.id, payload=told)


async def comment_changed(
    session: AsyncSession,
    caller: Identity,
    comment: CommentRow,
    *,
    new_mention_ids: Sequence[str],
) -> None:
    """Tell that a comment says something else now, and whom it names anew."""
    told = {**whole(comment), "newMentionIds": list(new_mention_ids)}
    kind = CommentEventKind.COMMENT_CHANGED
    await record(session, EVENTS, caller, kind, of=comment.id, payload=told)


async def comment_deleted(
    session: AsyncSession, caller: Identity, comment: CommentRow
) -> None:
    """Tell that a comment was taken back."""
    kind = CommentEventKind.COMMENT_DELETED
    await record(session, EVENTS, caller, kind, of=comment.id, payload=whole(comment))


def whole(comment: CommentRow) -> dict[str, Any]:
    """Write all of a comment but its words."""
    return {
        "ticketId": comment.ticket_id,
        "authorId": comment.author_id,
        "visibility": comment.visibility.value,
        "source": comment.source.value,
        "mentionIds": comment.mention_ids,
        "inReplyToId": comment.in_reply_to_id,
        "saidAt": write_instant(comment.created_at),
        "version": comment.version,
    }
