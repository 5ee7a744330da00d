"""The feed of this domain's events as the graph sees it."""

import strawberry

from kit.outbox.types import Feed, FeedEvent


@strawberry.type(
    description="What happened to a comment, without its words; it never changes."
)
class CommentFeedEvent(FeedEvent):
    """Its form is every feed's."""


@strawberry.type(description="A part of the feed of comments, in its order.")
class CommentEventFeed(Feed[CommentFeedEvent]):
    """Its form is every feed's."""
