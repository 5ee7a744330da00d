"""Where somebody enters who wants to be told who comes into a group and leaves it.

All subscribers of this process share one reader of the feed. For each event the group
is read anew, as far as the subscriber may see it at that moment.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

import strawberry
from strawberry.federation.schema_directives import Authenticated, RequiresScopes

from kit.errors import ForbiddenError
from subgraphs.groups.context import Context, Info
from subgraphs.groups.events import OF_MEMBERS
from subgraphs.groups.policy import READ_USERS, can_read_groups
from subgraphs.groups.types.groups import Group


@strawberry.type(description="What can be followed as it happens.")
class Subscription:
    @strawberry.subscription(
        directives=[Authenticated(), RequiresScopes(scopes=[[READ_USERS]])],
        description="A group, each time from now on that somebody comes into it, "
        "leaves it, or gets other skills or another capacity there. Null, and no more, "
        "when there is no such group that the viewer may see. Requires: users:read.",
    )
    async def group_membership_changed(
        self,
        info: Info,
        group_id: Annotated[
            strawberry.ID, strawberry.argument(description="Of which group.")
        ],
    ) -> AsyncGenerator[Group | None]:
        context, key = info.context, str(group_id)
        if not can_read_groups(context.identity):
            raise ForbiddenError(f"This needs the permission {READ_USERS}.")
        place = await context.watch.now()
        if await seen_now(context, key) is None:
            yield None
            return
        async with aclosing(context.watch.batches(place)) as batches:
            async for batch in batches:
                for row in batch.rows:
                    if row["entity_id"] != key or row["kind"] not in OF_MEMBERS:
                        continue
                    group = await seen_now(context, key)
                    yield group
                    if group is None:
                        return


async def seen_now(context: Context, key: str) -> Group | None:
    """Read the group, if the subscriber may see it now; nothing is remembered."""
    context.forget()
    return await Group.by_id(context, key)
