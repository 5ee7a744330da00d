"""Rows by their keys."""

from functools import lru_cache
from typing import Final

from asyncpg import Record
from sqlalchemy import ARRAY, Text, any_, bindparam, func, select

from kit.database import Database, IdText, Query
from kit.filters import Predicate, Shape, bound, where
from subgraphs.tickets.models import (
    CatalogItemRow,
    CategoryRow,
    CustomFieldRow,
    EventRow,
    LifecycleRow,
    ServiceRow,
    StatusRow,
    TicketRow,
    TransitionRow,
)
from subgraphs.tickets.repository.columns import EVENTS, TICKET, TICKETS, Listing
from subgraphs.tickets.repository.counting import SHAPES

_KEYS: Final = any_(bindparam("keys", type_=ARRAY(IdText)))


@lru_cache(SHAPES)
def ticket_query(listing: Listing, by: str, met: Shape) -> Query:
    """Build the statement for one ticket by a column's value."""
    return Query(
        select(*listing.columns)
        .select_from(listing.source)
        .where(TICKET[by] == bindparam("key", type_=Text))
        .where(where(met, listing.names))
    )


@lru_cache(SHAPES)
def tickets_query(listing: Listing, by: str, met: Shape) -> Query:
    """Build the statement for many tickets, as a list reads them."""
    return Query(
        select(*listing.columns)
        .select_from(listing.source)
        .where(TICKET[by] == _KEYS)
        .where(where(met, listing.names))
    )


@lru_cache
def events_query(met: Shape) -> Query:
    """Build the statement for events by id, of tickets that meet a condition."""
    return Query(
        select(*EVENTS.columns)
        .join(TicketRow, TicketRow.id == EventRow.ticket_id)
        .where(EventRow.id == _KEYS)
        .where(where(met, TICKETS.names))
    )


async def ticket_by(
    database: Database, listing: Listing, by: str, key: str, *, met: Predicate
) -> Record | None:
    """Read one ticket, if it meets the condition."""
    query = ticket_query(listing, by, met.shape)
    return await database.row(query, key=key, **bound(met))


async def tickets_by(
    database: Database, listing: Listing, by: str, keys: list[str], *, met: Predicate
) -> list[Record]:
    """Read those of the tickets that meet the condition."""
    query = tickets_query(listing, by, met.shape)
    return await database.rows(query, keys=keys, **bound(met))


async def events_by_id(
    database: Database, keys: list[str], met: Predicate
) -> list[Record]:
    """Read events of tickets that meet the condition."""
    return await database.rows(events_query(met.shape), keys=keys, **bound(met))


TEXTS_BY_ID: Final = Query(
    select(TicketRow.id, TicketRow.description, TicketRow.resolution_notes).where(
        TicketRow.id == _KEYS
    )
)
"""The large columns, of tickets that were read already."""

STATUSES: Final = Query(
    select(*StatusRow.__table__.c).order_by(StatusRow.position, StatusRow.id)
)

TRANSITIONS: Final = Query(
    select(
        TransitionRow.type,
        TransitionRow.from_id,
        TransitionRow.required_fields,
        TransitionRow.checks,
        *StatusRow.__table__.c,
    )
    .join(StatusRow, StatusRow.id == TransitionRow.to_id)
    .order_by(StatusRow.position, StatusRow.id)
)
"""Every step of the workflow, with the status that it leads to."""

LIFECYCLE: Final = Query(select(*LifecycleRow.__table__.c))

CATEGORIES: Final = Query(
    select(*CategoryRow.__table__.c).order_by(CategoryRow.name, CategoryRow.id)
)
CATEGORIES_BY_ID: Final = Query(
    select(*CategoryRow.__table__.c).where(CategoryRow.id == _KEYS)
)
CATALOG: Final = Query(
    select(*CatalogItemRow.__table__.c).order_by(CatalogItemRow.name, CatalogItemRow.id)
)
CATALOG_BY_ID: Final = Query(
    select(*CatalogItemRow.__table__.c).where(CatalogItemRow.id == _KEYS)
)
OF_TICKETS: Final = ""
"""Stands where a form's fields have the id of their catalogue item."""

CUSTOM_FIELDS: Final = Query(
    select(
        *CustomFieldRow.__table__.c,
        func.coalesce(CustomFieldRow.catalog_item_id, OF_TICKETS).label("item_key"),
    ).order_by(CustomFieldRow.position, CustomFieldRow.id)
)
"""All fields there are, of tickets and of every form: some hundreds at most."""

SERVICES: Final = Query(
    select(*ServiceRow.__table__.c).order_by(ServiceRow.name, ServiceRow.id)
)
SERVICES_BY_ID: Final = Query(
    select(*ServiceRow.__table__.c).where(ServiceRow.id == _KEYS)
)
