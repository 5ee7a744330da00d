"""Changing categories and services, as mutations."""

from typing import Annotated, Final

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from kit.writes import changes, without_asking
from subgraphs.tickets.context import Info
from subgraphs.tickets.mutations.carry_out import Written, carry_out
from subgraphs.tickets.service import tree
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.types.tree_inputs import (
    UpdateCategoryInput,
    UpdateCategoryPayload,
    UpdateServiceInput,
    UpdateServicePayload,
)

MANAGES: Final = [["tickets:manage"]]
CATEGORY: Final = ("name", "parent_id", "default_group_id", "retired")
SERVICE: Final = ("name", "owner_id", "retired")


@strawberry.type(description="What can be changed of categories and services.")
class TreeMutations:
    @strawberry.federation.field(
        description="Rename or move a category, name the group that gets its tickets, "
        "retire it, or take it back into use. Requires tickets:manage.",
        authenticated=True,
        requires_scopes=MANAGES,
    )
    async def update_category(
        self,
        info: Info,
        input: Annotated[
            UpdateCategoryInput, strawberry.argument(description="What changes.")
        ],
    ) -> UpdateCategoryPayload:
        given = changes(input, CATEGORY)

        async def work(session: AsyncSession, act: Act) -> Written:
            row = await tree.update_category(session, act, input.id, given)
            return {"category": row.id}

        done = await carry_out(info, "updateCategory", input, without_asking(work))
        return UpdateCategoryPayload(
            category=await done.category(info),
            user_errors=done.user_errors,
            repeated=done.repeated,
        )

    @strawberry.federation.field(
        description="Rename a service, say who answers for it, retire it, or take it "
        "back into use. Requires tickets:manage.",
        authenticated=True,
        requires_scopes=MANAGES,
    )
    async def update_service(
        self,
        info: Info,
        input: Annotated[
            UpdateServiceInput, strawberry.argument(description="What changes.")
        ],
    ) -> UpdateServicePayload:
        given = changes(input, SERVICE)

        async def work(session: AsyncSession, act: Act) -> Written:
            row = await tree.update_service(session, act, input.id, given)
            return {"service": row.id}

        done = await carry_out(info, "updateService", input, without_asking(work))
        return UpdateServicePayload(
            service=await done.service(info),
            user_errors=done.user_errors,
            repeated=done.repeated,
        )
