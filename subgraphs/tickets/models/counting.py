"""Indexes that answer counts alone, and filters that few tickets meet."""

from typing import Final

from sqlalchemy import Index

from subgraphs.tickets.models.sla import OPEN
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
Index(
    "ix_tickets_facets",
    TicketRow.status_category,
    TicketRow.priority_rank,
    TicketRow.type,
    TicketRow.channel,
    TicketRow.impact,
    TicketRow.urgency,
)
"""Few different values in all, so that it takes 8 bytes for each ticket: counts of what
is narrowed by several of them read nothing else."""

Index(
    "ix_tickets_open",
    TicketRow.opened_at,
    TicketRow.id,
    TicketRow.status_category,
    TicketRow.priority_rank,
    TicketRow.type,
    TicketRow.channel,
    TicketRow.hold_reason,
    TicketRow.reassignment_count,
    TicketRow.reopen_count,
    TicketRow.sla_due_order,
    TicketRow.sla_state,
    TicketRow.assignee_id,
    TicketRow.group_id,
    TicketRow.category_id,
    postgresql_where=OPEN,
)
"""The desk's open work, newest first: whatever it is narrowed by is compared here, so
that a page reads its own tickets alone, and a count none."""

for place, column in (
    ("group", TicketRow.group_id),
    ("department", TicketRow.requester_department_id),
):
    for order, by in (
        ("due", TicketRow.sla_due_order),
        ("changed", TicketRow.updated_at),
        ("urgent", TicketRow.priority_rank),
    ):
        Index(f"ix_tickets_of_{place}_{order}", column, by, TicketRow.id)
    Index(
        f"ix_tickets_open_of_{place}",
        column,
        TicketRow.opened_at,
        TicketRow.id,
        postgresql_where=OPEN,
    )
"""What somebody sees by their groups or departments is gathered place by place, each in
the order that is asked for: where one has few tickets, the order of all would be walked
to its end."""
