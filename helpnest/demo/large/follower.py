"""Leading those who follow comments past what was written without them."""

from typing import Any, Final

from subgraphs.comments.events import FEED
from subgraphs.tickets.service.follow_comments import NAME

LAST: Final = """
SELECT stamp, place, id FROM events ORDER BY stamp DESC, place DESC LIMIT 1
"""
HOLD: Final = """
INSERT INTO feed_cursors (follower) VALUES ($1) ON CONFLICT DO NOTHING
"""
PLACE: Final = "SELECT cursor FROM feed_cursors WHERE follower = $1 FOR UPDATE"
MOVE: Final = """
UPDATE feed_cursors SET cursor = $2, applied = applied + $3, moved_at = now()
WHERE follower = $1
"""


async def place_of(comments: Any) -> str | None:
    """Name the last event of the feed of comments; None before there is any."""
    row = await comments.fetchrow(LAST)
    return None if row is None else FEED.cursor_of(row)


async def lead_past(
    tickets: Any, comments: Any, before: str | None, count: int
) -> bool:
    """Move tickets' follower from one place of the feed to its end.

    What these comments mean, the histories of tickets have already. A follower that
    has not come to ``before`` is left where it is: it reads them, and finds nothing
    to do. Both connections are in a transaction, and that of comments ends first.
    """
    await tickets.execute(HOLD, NAME)
    if await tickets.fetchval(PLACE, NAME) != before:
        return False
    await tickets.execute(MOVE, NAME, await place_of(comments), count)
    return True
