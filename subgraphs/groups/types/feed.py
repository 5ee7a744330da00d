"""The feed of this domain's events as the graph sees it."""

import strawberry

from kit.outbox.types import Feed, FeedEvent


@strawberry.type(
    description="What happened to a group or to somebody in one; it never changes."
)
class GroupFeedEvent(FeedEvent):
    """Its form is every feed's."""


@strawberry.type(description="A part of the feed of groups, in its order.")
class GroupEventFeed(Feed[GroupFeedEvent]):
    """Its form is every feed's."""
