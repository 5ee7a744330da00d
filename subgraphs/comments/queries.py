"""Where a caller starts to read about comments."""

from typing import Annotated

import strawberry

from kit.outbox.types import feed_field
from subgraphs.comments.context import Info
from subgraphs.comments.events import FEED
from subgraphs.comments.policy import can_follow
from subgraphs.comments.types.comments import Comment
from subgraphs.comments.types.feed import CommentEventFeed, CommentFeedEvent


@strawberry.type(description="What can be read.")
class Query:
    comment_event_feed = feed_field(
        FEED, CommentEventFeed, CommentFeedEvent, can_follow
    )

    @strawberry.federation.field(
        authenticated=True,
        requires_scopes=[["tickets:read"]],
        description="A comment by id. Null when there is none, or the viewer does not "
        "read it. Requires: tickets:read, and to see its ticket; for an internal note, "
        "to work on it.",
    )
    async def comment(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Which.")],
    ) -> Comment | None:
        return await Comment.by_id(info.context, id)
