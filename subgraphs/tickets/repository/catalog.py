"""Categories as a tree, catalogue items, and the fields that were added to tickets."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    CTE,
    Integer,
    Select,
    bindparam,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from kit.database import IdText
from subgraphs.tickets.models import (
    CatalogItemRow,
    CategoryRow,
    CustomFieldRow,
    TicketType,
)

DEEPEST = 50
"""Of a tree that people look at; and no cycle, should there be one, has no end."""


def lineage() -> CTE:
    """Build the way from the category bound as ``category`` up to the top.

    It has id, parent, group and height.
    """
    start = select(
        CategoryRow.id,
        CategoryRow.parent_id,
        CategoryRow.default_group_id,
        literal(0, Integer).label("height"),
    ).where(CategoryRow.id == bindparam("category", type_=IdText))
    way = start.cte("lineage", recursive=True)
    above = aliased(CategoryRow)
    return way.union_all(
        select(above.id, above.parent_id, above.default_group_id, way.c.height + 1)
        .join(way, above.id == way.c.parent_id)
        .where(way.c.height < DEEPEST)
    )


_WAY: Final = lineage()
_DEFAULT_GROUP: Final = (
    select(_WAY.c.default_group_id)
    .where(_WAY.c.default_group_id.is_not(None))
    .order_by(_WAY.c.height)
    .limit(1)
)
_ANCESTORS: Final = select(_WAY.c.id).order_by(_WAY.c.height)


async def default_group(session: AsyncSession, category_id: str) -> str | None:
    """Find the group of a category, or of the nearest one that it is part of."""
    return await session.scalar(_DEFAULT_GROUP, {"category": category_id})


async def ancestors(session: AsyncSession, category_id: str) -> Sequence[str]:
    """Name a category and all that it is part of, the nearest first."""
    found = await session.scalars(_ANCESTORS, {"category": category_id})
    return found.all()


def _fields(*scope: Any) -> Select[CustomFieldRow]:
    return (
        select(CustomFieldRow)
        .where(
            CustomFieldRow.catalog_item_id.is_(None),
            CustomFieldRow.retired_at.is_(None),
            CustomFieldRow.applies_to.contains(bindparam("kinds")),
            or_(CustomFieldRow.category_ids == [], *scope),
        )
        .order_by(CustomFieldRow.position, CustomFieldRow.id)
    )


_INSIDE: Final = select(func.array_agg(_WAY.c.id)).scalar_subquery()
_FIELDS: Final = _fields()
_FIELDS_INSIDE: Final = _fields(CustomFieldRow.category_ids.overlap(_INSIDE))


async def fields_for(
    session: AsyncSession, kind: TicketType, category_id: str | None
) -> Sequence[CustomFieldRow]:
    """Read the fields in use of tickets of a type, in a category or in none."""
    given: dict[str, Any] = {"kinds": [kind.value]}
    if category_id is None:
        return (await session.scalars(_FIELDS, given)).all()
    given["category"] = category_id
    return (await session.scalars(_FIELDS_INSIDE, given)).all()


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
