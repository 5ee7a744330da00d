"""Where a caller starts to read about groups."""

from typing import Annotated

import strawberry

from kit.errors import ForbiddenError
from kit.filters import all_of, bound
from kit.outbox.types import feed_field
from kit.pagination import page_of
from kit.types import FORWARD, After, Connection, First, fill
from subgraphs.groups.context import Info
from subgraphs.groups.events import FEED
from subgraphs.groups.policy import (
    READ_USERS,
    can_follow,
    can_read_groups,
    visible,
)
from subgraphs.groups.repository import reads
from subgraphs.groups.repository.columns import ALL_GROUPS
from subgraphs.groups.types.feed import GroupEventFeed, GroupFeedEvent
from subgraphs.groups.types.filters import GroupFilter, group_predicate
from subgraphs.groups.types.groups import Group


@strawberry.type(description="What can be read.")
class Query:
    group_event_feed = feed_field(FEED, GroupEventFeed, GroupFeedEvent, can_follow)

    @strawberry.federation.field(
        authenticated=True,
        description="A group by id. Null when there is none, or the caller may not "
        "see it. Requires: users:read.",
    )
    async def group(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")],
    ) -> Group | None:
        return await Group.by_id(info.context, id)

    @strawberry.federation.field(
        authenticated=True,
        requires_scopes=[[READ_USERS]],
        description="Groups, by name. Requires: users:read.",
        directives=[FORWARD],
    )
    async def groups(
        self,
        info: Info,
        filter: Annotated[
            GroupFilter | None,
            strawberry.argument(description="Which groups; all when absent."),
        ] = None,
        first: First = None,
        after: After = None,
    ) -> Connection[Group]:
        context = info.context
        if not can_read_groups(context.identity):
            raise ForbiddenError(f"This needs the permission {READ_USERS}.")
        page = page_of(ALL_GROUPS, first=first, after=after)
        found = all_of(group_predicate(filter), visible(context.identity))
        rows = await context.database.rows(
            reads.groups_page(found.shape, page.shape), **bound(found), **page.values
        )

        async def count() -> int:
            query = reads.groups_count(found.shape)
            row = await context.database.row(query, **bound(found))
            return row["count"] if row else 0

        return fill(Connection[Group], page, rows, Group.from_row, count)
