"""The feed of this domain's events as the graph sees it."""

import strawberry

from kit.outbox.types import Feed, FeedEvent


@strawberry.type(
    description="What happened to a person or a department; it never changes."
)
class UserFeedEvent(FeedEvent):
    """Its form is every feed's."""


@strawberry.type(description="A part of the feed of users, in its order.")
class UserEventFeed(Feed[UserFeedEvent]):
    """Its form is every feed's."""
