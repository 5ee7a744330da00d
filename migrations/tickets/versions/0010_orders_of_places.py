"""Indexes for the orders of a group's and of a department's tickets, and late ones."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

PLACES: Final = {"group": "group_id", "department": "requester_department_id"}
ORDERS: Final = {
    "due": "sla_due_order",
    "changed": "updated_at",
    "urgent": "priority_rank",
}
OPEN: Final = "status_category IN ('NEW', 'IN_PROGRESS', 'ON_HOLD')"
OF_OPEN: Final = (
    "opened_at",
    "id",
    "status_category",
    "priority_rank",
    "type",
    "channel",
    "hold_reason",
    "reassignment_count",
    "reopen_count",
    "sla_due_order",
    "sla_state",
    "assignee_id",
    "group_id",
    "category_id",
)


def index_open(columns: tuple[str, ...]) -> None:
    op.drop_index("ix_tickets_open", "tickets")
    op.create_index(
        "ix_tickets_open", "tickets", columns, postgresql_where=sa.text(OPEN)
    )


def upgrade() -> None:
    index_open(OF_OPEN)
    for place, column in PLACES.items():
        for order, by in ORDERS.items():
            op.create_index(
                f"ix_tickets_of_{place}_{order}", "tickets", [column, by, "id"]
            )
        op.create_index(
            f"ix_tickets_open_of_{place}",
            "tickets",
            [column, "opened_at", "id"],
            postgresql_where=sa.text(OPEN),
        )


def downgrade() -> None:
    index_open(tuple(each for each in OF_OPEN if each != "sla_state"))
    for place in PLACES:
        op.drop_index(f"ix_tickets_open_of_{place}", "tickets")
        for order in ORDERS:
            op.drop_index(f"ix_tickets_of_{place}_{order}", "tickets")
