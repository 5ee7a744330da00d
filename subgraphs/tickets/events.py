"""What happens to tickets, that others may follow: their histories, as one feed.

Each change writes its event in its own transaction (`service.history`); nothing is
written twice for those who follow.
"""

from typing import Final

from sqlalchemy import func

from kit.outbox import FeedSource
from subgraphs.tickets.models import FEED_CLOCK, EventRow
from subgraphs.tickets.repository.columns import EVENT

FEED: Final = FeedSource(
    "tickets",
    EventRow.__table__,
    FEED_CLOCK,
    {
        **{name: EVENT[name] for name in ("id", "seq", "kind", "at", "actor_id")},
        "entity_id": EVENT["ticket_id"],
        "request_id": EVENT["request_id"],
        "payload": func.jsonb_build_object(
            *(
                part
                for name in ("field", "before", "after", "note", "via")
                for part in (name, EVENT[name])
            )
        ),
    },
)
