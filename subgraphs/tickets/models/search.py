"""What full-text search looks at: a column that PostgreSQL itself keeps in step.

It is no attribute of `TicketRow`: whoever reads a ticket to change it would carry it
along for nothing.
"""

from typing import Final

from sqlalchemy import Column, Computed, Index
from sqlalchemy.dialects.postgresql import TSVECTOR

from subgraphs.tickets.models.tables import TicketRow

DOCUMENT: Final = (
    "setweight(to_tsvector('simple'::regconfig, searchable(title)), 'A') || "
    "setweight(to_tsvector('simple'::regconfig, "
    "searchable(coalesce(description, ''))), 'D')"
)
"""The title weighs ten times what the description does."""

SEARCH: Final[Column[str]] = Column(
    "search", TSVECTOR, Computed(DOCUMENT, persisted=True)
)

TicketRow.__table__.append_column(SEARCH)  # pyright: ignore[reportAttributeAccessIssue] - the table of a mapped class is a Table
Index(None, SEARCH, postgresql_using="gin")
