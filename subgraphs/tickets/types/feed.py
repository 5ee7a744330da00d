"""The feed of this domain's events as the graph sees it."""

import strawberry

from kit.outbox.types import Feed, FeedEvent


@strawberry.type(description="Something that happened to a ticket; it never changes.")
class TicketFeedEvent(FeedEvent):
    """Its form is every feed's."""


@strawberry.type(description="A part of the feed of tickets, in its order.")
class TicketEventFeed(Feed[TicketFeedEvent]):
    """Its form is every feed's."""
