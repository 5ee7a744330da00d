"""Indexes for counts by several facets, and for the desk's open work."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

FACETS: Final = (
    "status_category",
    "priority_rank",
    "type",
    "channel",
    "impact",
    "urgency",
)
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
    "assignee_id",
    "group_id",
    "category_id",
)
OPEN: Final = "status_category IN ('NEW', 'IN_PROGRESS', 'ON_HOLD')"


def upgrade() -> None:
    op.create_index("ix_tickets_facets", "tickets", FACETS)
    op.create_index(
        "ix_tickets_open", "tickets", OF_OPEN, postgresql_where=sa.text(OPEN)
    )


def downgrade() -> None:
    op.drop_index("ix_tickets_open", "tickets")
    op.drop_index("ix_tickets_facets", "tickets")
