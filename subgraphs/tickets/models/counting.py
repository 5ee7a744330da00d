"""Indexes that answer counts alone, and filters that few tickets meet."""

from typing import Final

from sqlalchemy import Index

from subgraphs.tickets.models.tables import TicketRow

FACETS: Final = (
    "status_category",
    "priority_rank",
    "type",
    "assignee_id",
    "category_id",
    "resolved_at",
)
"""What lists of a group and of a department are mostly narrowed by: it stands in their
indexes, so that a head's thousands of tickets are counted without reading them."""

Index(
    "ix_tickets_of_group",
    TicketRow.group_id,
    TicketRow.opened_at,
    TicketRow.id,
    postgresql_include=FACETS,
)
Index(
    "ix_tickets_of_department",
    TicketRow.requester_department_id,
    TicketRow.opened_at,
    TicketRow.id,
    postgresql_include=FACETS,
)
Index(
    "ix_tickets_rare",
    TicketRow.reassignment_count,
    TicketRow.reopen_count,
    TicketRow.channel,
    TicketRow.impact,
    TicketRow.urgency,
)
Index(
    None,
    TicketRow.hold_reason,
    postgresql_where=TicketRow.hold_reason.is_not(None),
)
Index(
    None,
    TicketRow.first_responded_at,
    postgresql_where=TicketRow.first_responded_at.is_not(None),
)
