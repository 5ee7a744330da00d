"""Categories as a tree, catalogue items, and the fields that were added to tickets."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, Integer, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from subgraphs.tickets.models import (
    CatalogItemRow,
    CategoryRow,
    CustomFieldRow,
    TicketType,
)

DEEPEST = 50
"""Of a tree that people look at; and no cycle, should there be one, has no end."""


def lineage(category_id: str) -> CTE:
    """Build the way from a category up to the top, as id, parent, group, height."""
    start = select(
        CategoryRow.id,
        CategoryRow.parent_id,
        CategoryRow.default_group_id,
        literal(0, Integer).label("height"),
    ).where(CategoryRow.id == category_id)
    way = start.cte("lineage", recursive=True)
    above = aliased(CategoryRow)
    return way.union_all(
        select(above.id, above.parent_id, above.default_group_id, way.c.height + 1)
        .join(way, above.id == way.c.parent_id)
        .where(way.c.height < DEEPEST)
    )


async def default_group(session: AsyncSession, category_id: str) -> str | None:
    """Find the group of a category, or of the nearest one that it is part of."""
    way = lineage(category_id)
    return await session.scalar(
        select(way.c.default_group_id)
        .where(way.c.default_group_id.is_not(None))
        .order_by(way.c.height)
        .limit(1)
    )


async def ancestors(session: AsyncSession, category_id: str) -> Sequence[str]:
    """Name a category and all that it is part of, the nearest first."""
    way = lineage(category_id)
    found = await session.scalars(select(way.c.id).order_by(way.c.height))
    return found.all()


async def fields_for(
    session: AsyncSession, kind: TicketType, category_id: str | None
) -> Sequence[CustomFieldRow]:
    """Read the fields in use of tickets of a type, in a category or in none."""
    scope: Any = CustomFieldRow.category_ids == []
    if category_id is not None:
        way = lineage(category_id)
        inside = select(func.array_agg(way.c.id)).scalar_subquery()
        scope = or_(scope, CustomFieldRow.category_ids.overlap(inside))
    found = await session.scalars(
        select(CustomFieldRow)
        .where(
            CustomFieldRow.catalog_item_id.is_(None),
            CustomFieldRow.retired_at.is_(None),
            CustomFieldRow.applies_to.contains([kind.value]),
            scope,
        )
        .order_by(CustomFieldRow.position, CustomFieldRow.id)
    )
    return found.all()


async def all_fields(session: AsyncSession) -> Sequence[CustomFieldRow]:
    """Read every field of tickets, retired ones too."""
    found = await session.scalars(
        select(CustomFieldRow)
        .where(CustomFieldRow.catalog_item_id.is_(None))
        .order_by(CustomFieldRow.position, CustomFieldRow.id)
    )
    return found.all()


async def form_of(session: AsyncSession, item_id: str) -> Sequence[CustomFieldRow]:
    """Read a catalogue item's form, retired fields too."""
    found = await session.scalars(
        select(CustomFieldRow)
        .where(CustomFieldRow.catalog_item_id == item_id)
        .order_by(CustomFieldRow.position, CustomFieldRow.id)
    )
    return found.all()


async def item_by_id(session: AsyncSession, key: str) -> CatalogItemRow | None:
    """Find a catalogue item."""
    return await session.get(CatalogItemRow, key)


async def item_named(session: AsyncSession, name: str) -> CatalogItemRow | None:
    """Find a catalogue item by its name."""
    return await session.scalar(
        select(CatalogItemRow).where(CatalogItemRow.name == name)
    )
