"""Where a caller starts to read about people."""

from typing import Annotated

import strawberry

from kit.errors import ForbiddenError, InvalidInputError
from kit.filters import all_of, bound
from kit.identity import Identity, Kind
from kit.outbox.types import feed_field
from kit.pagination import page_of
from kit.types import BOTH_WAYS, FORWARD, After, Before, Connection, First, Last, fill
from subgraphs.users.context import Info
from subgraphs.users.events import FEED
from subgraphs.users.policy import (
    READ_USERS,
    can_follow,
    can_read_directory,
    visible,
)
from subgraphs.users.repository import reads
from subgraphs.users.repository.columns import ALL_DEPARTMENTS
from subgraphs.users.types.feed import UserEventFeed, UserFeedEvent
from subgraphs.users.types.filters import (
    UserFilter,
    UserOrder,
    user_order,
    user_predicate,
)
from subgraphs.users.types.people import Department, User
from subgraphs.users.types.roles import Role

DIRECTORY = [[READ_USERS]]


@strawberry.type(description="What can be read.")
class Query:
    user_event_feed = feed_field(FEED, UserEventFeed, UserFeedEvent, can_follow)

    @strawberry.federation.field(
        authenticated=True,
        description="The person who asks; null for service accounts.",
    )
    async def viewer(self, info: Info) -> User | None:
        caller = info.context.identity
        if caller.kind is not Kind.USER:
            return None
        return await User.by_id(info.context, caller.subject)

    @strawberry.federation.field(
        authenticated=True,
        description="A person by id or e-mail address, exactly one of them. Null when "
        "there is none, or the caller may not see them. Requires: self or users:read.",
    )
    async def user(
        self,
        info: Info,
        id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Their id.")
        ] = None,
        email: Annotated[
            str | None,
            strawberry.argument(
                description="Their e-mail address, in upper or lower case."
            ),
        ] = None,
    ) -> User | None:
        if (id is None) == (email is None):
            raise InvalidInputError("Give 'id' or 'email', exactly one of them.")
        if email is not None:
            return await User.by_email(info.context, email)
        return await User.by_id(info.context, id)

    @strawberry.federation.field(
        authenticated=True,
        requires_scopes=DIRECTORY,
        description="People, by name unless `orderBy` says otherwise. Requires: "
        "users:read.",
        directives=[BOTH_WAYS],
    )
    async def users(
        self,
        info: Info,
        *,
        filter: Annotated[
            UserFilter | None,
            strawberry.argument(description="Which people; all when absent."),
        ] = None,
        order_by: Annotated[
            list[UserOrder] | None,
            strawberry.argument(
                description="What to sort by, most significant first; each field once."
            ),
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[User]:
        context = info.context
        require_directory(context.identity)
        page = page_of(
            user_order(order_by), first=first, after=after, last=last, before=before
        )
        asked = user_predicate(filter)
        found = all_of(asked, visible(context.identity))
        rows = await context.database.rows(
            reads.users_page(found.shape, page.shape), **bound(found), **page.values
        )

        async def count() -> int:
            query = reads.users_count(found.shape)
            row = await context.database.row(query, **bound(found))
            return row["count"] if row else 0

        return fill(Connection[User], page, rows, User.from_row, count)

    @strawberry.federation.field(
        authenticated=True,
        description="A department by id. Null when there is none, or the caller may "
        "not see it. Requires: users:read.",
    )
    async def department(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")],
    ) -> Department | None:
        return await Department.by_id(info.context, id)

    @strawberry.federation.field(
        authenticated=True,
        requires_scopes=DIRECTORY,
        description="All departments, by name. Requires: users:read.",
        directives=[FORWARD],
    )
    async def departments(
        self, info: Info, first: First = None, after: After = None
    ) -> Connection[Department]:
        context = info.context
        require_directory(context.identity)
        page = page_of(ALL_DEPARTMENTS, first=first, after=after)
        rows = await context.database.rows(
            reads.departments_page(page.shape), **page.values
        )

        async def count() -> int:
            row = await context.database.row(reads.DEPARTMENT_COUNT)
            return row["count"] if row else 0

        return fill(Connection[Department], page, rows, Department.from_row, count)

    @strawberry.federation.field(
        authenticated=True,
        requires_scopes=DIRECTORY,
        description="Roles, by key. Requires: users:read.",
    )
    async def roles(
        self,
        info: Info,
        retired: Annotated[
            bool, strawberry.argument(description="Also those that are retired.")
        ] = False,
    ) -> list[Role]:
        require_directory(info.context.identity)
        rows = await info.context.database.rows(reads.ALL_ROLES)
        found = [Role.from_row(row) for row in rows]
        return [role for role in found if retired or not role.retired]


def require_directory(caller: Identity) -> None:
    """Refuse whoever may not read the directory.

    Raises:
        ForbiddenError: the caller's token lacks ``users:read``.

    """
    if not can_read_directory(caller):
        raise ForbiddenError(f"This needs the permission {READ_USERS}.")
