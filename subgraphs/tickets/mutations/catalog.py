"""Setting up the catalogue and the fields of tickets, as mutations."""

from typing import Annotated, Final

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from kit.writes import changes, without_asking
from subgraphs.tickets.context import Info
from subgraphs.tickets.mutations.carry_out import Outcome, Written, carry_out
from subgraphs.tickets.repository.reads import OF_TICKETS
from subgraphs.tickets.service import catalog
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.types.catalog import CatalogItem, CustomFieldDefinition
from subgraphs.tickets.types.catalog_inputs import (
    CatalogItemPayload,
    CreateCatalogItemInput,
    CreateCustomFieldInput,
    CustomFieldPayload,
    UpdateCatalogItemInput,
    UpdateCustomFieldInput,
    definition_of,
)

MANAGES: Final = [["tickets:manage"]]
ITEM: Final = ("name", "service_id", "approval_required", "retired")
FIELD: Final = (
    "label",
    "required",
    "options",
    "max_length",
    "minimum",
    "maximum",
    "applies_to",
    "category_ids",
    "retired",
)


@strawberry.type(description="What can be set of the catalogue and of custom fields.")
class CatalogMutations:
    @strawberry.federation.field(
        description="Offer something that can be asked for. Requires tickets:manage.",
        authenticated=True,
        requires_scopes=MANAGES,
    )
    async def create_catalog_item(
        self,
        info: Info,
        input: Annotated[
            CreateCatalogItemInput, strawberry.argument(description="What it is.")
        ],
    ) -> CatalogItemPayload:
        async def work(session: AsyncSession, act: Act) -> Written:
            row = await catalog.create_item(
                session,
                act,
                name=input.name,
                service_id=input.service_id,
                approval_required=input.approval_required,
                fields=[definition_of(each) for each in input.fields],
            )
            return {"item": row.id}

        done = await carry_out(info, "createCatalogItem", input, without_asking(work))
        return await item_payload(info, done)

    @strawberry.federation.field(
        description="Change what can be asked for and its form, retire it, or take it "
        "back into use. Requires tickets:manage.",
        authenticated=True,
        requires_scopes=MANAGES,
    )
    async def update_catalog_item(
        self,
        info: Info,
        input: Annotated[
            UpdateCatalogItemInput, strawberry.argument(description="What changes.")
        ],
    ) -> CatalogItemPayload:
        given, form = changes(input, ITEM), input.fields

        async def work(session: AsyncSession, act: Act) -> Written:
            fields = None if form is None else [definition_of(each) for each in form]
            row = await catalog.update_item(session, act, input.id, given, fields)
            return {"item": row.id}

        done = await carry_out(info, "updateCatalogItem", input, without_asking(work))
        return await item_payload(info, done)

    @strawberry.federation.field(
        description="Add a field to tickets of some types, in some categories or in "
        "all. Requires tickets:manage.",
        authenticated=True,
        requires_scopes=MANAGES,
    )
    async def create_custom_field(
        self,
        info: Info,
        input: Annotated[
            CreateCustomFieldInput, strawberry.argument(description="What it is.")
        ],
    ) -> CustomFieldPayload:
        async def work(session: AsyncSession, act: Act) -> Written:
            row = await catalog.create_field(
                session,
                act,
                definition_of(input),
                applies_to=input.applies_to,
                category_ids=input.category_ids,
            )
            return {"field": row.id}

        done = await carry_out(info, "createCustomField", input, without_asking(work))
        return await field_payload(info, done)

    @strawberry.federation.field(
        description="Change a field of tickets, retire it, or take it back into use. "
        "What tickets hold of it stays. Requires tickets:manage.",
        authenticated=True,
        requires_scopes=MANAGES,
    )
    async def update_custom_field(
        self,
        info: Info,
        input: Annotated[
            UpdateCustomFieldInput, strawberry.argument(description="What changes.")
        ],
    ) -> CustomFieldPayload:
        given = changes(input, FIELD)

        async def work(session: AsyncSession, act: Act) -> Written:
            row = await catalog.update_field(session, act, input.id, given)
            return {"field": row.id}

        done = await carry_out(info, "updateCustomField", input, without_asking(work))
        return await field_payload(info, done)


async def item_payload(info: Info, done: Outcome) -> CatalogItemPayload:
    """Answer the item as it is now."""
    key = done.written.get("item") or done.current
    row = key and await info.context.loaders.catalog_item_by_id.load(key)
    return CatalogItemPayload(
        catalog_item=CatalogItem.from_row(row) if row else None,
        user_errors=done.user_errors,
        repeated=done.repeated,
    )


async def field_payload(info: Info, done: Outcome) -> CustomFieldPayload:
    """Answer the field as it is now."""
    key = done.written.get("field") or done.current
    rows = await info.context.loaders.fields_by_item.load(OF_TICKETS) if key else []
    found = [CustomFieldDefinition.from_row(row) for row in rows if row["id"] == key]
    return CustomFieldPayload(
        custom_field=found[0] if found else None,
        user_errors=done.user_errors,
        repeated=done.repeated,
    )
