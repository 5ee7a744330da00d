"""Where somebody enters who wants to be told what is said, as it is said.

All subscribers of this process share one reader of the feed. For each comment tickets
is asked anew how the subscriber stands to the ticket, when it is delivered.
"""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry
from strawberry.federation.schema_directives import Authenticated, RequiresScopes

from kit.errors import ForbiddenError
from subgraphs.comments.context import Context, Info
from subgraphs.comments.events import CommentEventKind
from subgraphs.comments.loaders import Loaders
from subgraphs.comments.models import Visibility
from subgraphs.comments.policy import READ, Standing, readable
from subgraphs.comments.service.tickets import Tickets
from subgraphs.comments.types.comments import Comment

ADDED = CommentEventKind.COMMENT_ADDED.value


@strawberry.type(description="What can be followed as it happens.")
class Subscription:
    @strawberry.subscription(
        directives=[Authenticated(), RequiresScopes(scopes=[[READ]])],
        description="What is said about a ticket from now on, as far as the viewer "
        "reads it at that moment. Null, and no more, when there is no such ticket that "
        "they may see, or may see any longer. Requires: tickets:read.",
    )
    async def comment_added(
        self,
        info: Info,
        ticket_id: Annotated[
            strawberry.ID, strawberry.argument(description="About which ticket.")
        ],
    ) -> AsyncGenerator[Comment | None]:
        context, key = info.context, str(ticket_id)
        if not context.identity.may(READ):
            raise ForbiddenError(f"This needs the permission {READ}.")
        place = await context.watch.now()
        if await stands_now(context, key) is None:
            yield None
            return
        async for batch in context.watch.batches(place):
            added = [
                str(row["entity_id"])
                for row in batch.rows
                if row["kind"] == ADDED and row["payload"]["ticketId"] == key
            ]
            if not added:
                continue
            standing = await stands_now(context, key)
            if standing is None:
                yield None
                return
            for comment in await those_read(context, added, standing):
                yield comment


async def stands_now(context: Context, ticket_id: str) -> Standing | None:
    """Ask how the subscriber stands to a ticket now; nothing is remembered."""
    return await Tickets(context.graph).standing(ticket_id)


async def those_read(
    context: Context, ids: list[str], standing: Standing
) -> list[Comment]:
    """Read those of some comments that are for who stands so, in their order."""
    rows = await Loaders(context.database).comment_by_id.load_many(ids)
    words = readable(standing)
    return [
        Comment.from_row(row, standing)
        for row in rows
        if row is not None and Visibility[row["visibility"]] in words
    ]
