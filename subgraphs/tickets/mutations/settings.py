"""What the rules are made of, as mutations."""

from typing import Annotated, Final

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from kit.writes import without_asking
from subgraphs.tickets.context import Info
from subgraphs.tickets.mutations.carry_out import Written, carry_out
from subgraphs.tickets.service import settings
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.types.inputs import CreateCategoryInput, CreateServiceInput
from subgraphs.tickets.types.payloads import (
    CreateCategoryPayload,
    CreateServicePayload,
)

CONFIGURES: Final = [["tickets:manage"], ["tickets:import"]]


@strawberry.type(description="What can be set up.")
class SettingsMutations:
    @strawberry.federation.field(
        description="Make a category. Requires tickets:manage or tickets:import.",
        authenticated=True,
        requires_scopes=CONFIGURES,
    )
    async def create_category(
        self,
        info: Info,
        input: Annotated[
            CreateCategoryInput, strawberry.argument(description="What it is.")
        ],
    ) -> CreateCategoryPayload:
        async def work(session: AsyncSession, act: Act) -> Written:
            row = await settings.create_category(
                session,
                act,
                name=input.name,
                parent_id=input.parent_id,
                default_group_id=input.default_group_id,
            )
            return {"category": row.id}

        done = await carry_out(info, "createCategory", input, without_asking(work))
        return CreateCategoryPayload(
            category=await done.category(info),
            user_errors=done.user_errors,
            repeated=done.repeated,
        )

    @strawberry.federation.field(
        description="Make a service. Requires tickets:manage or tickets:import.",
        authenticated=True,
        requires_scopes=CONFIGURES,
    )
    async def create_service(
        self,
        info: Info,
        input: Annotated[
            CreateServiceInput, strawberry.argument(description="What it is.")
        ],
    ) -> CreateServicePayload:
        async def work(session: AsyncSession, act: Act) -> Written:
            row = await settings.create_service(
                session, act, name=input.name, owner_id=input.owner_id
            )
            return {"service": row.id}

        done = await carry_out(info, "createService", input, without_asking(work))
        return CreateServicePayload(
            service=await done.service(info),
            user_errors=done.user_errors,
            repeated=done.repeated,
        )
