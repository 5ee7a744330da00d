"""Indexes that answer counts and rare filters alone, and a table swept often enough."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0008"
branch_labels = None
depends_on = None

FACETS: Final = (
    "status_category",
    "priority_rank",
    "type",
    "assignee_id",
    "category_id",
    "resolved_at",
)
SEEN_BY: Final = {"group": "group_id", "department": "requester_department_id"}

SWEEP: Final = (
    "autovacuum_vacuum_scale_factor",
    "autovacuum_vacuum_insert_scale_factor",
)
"""An index answers alone where the table was swept since it changed: after every
fiftieth row, and not after every fifth."""


def upgrade() -> None:
    for place, column in SEEN_BY.items():
        op.create_index(
            f"ix_tickets_of_{place}",
            "tickets",
            [column, "opened_at", "id"],
            postgresql_include=FACETS,
        )
        op.drop_index(f"ix_tickets_{column}_tickets_opened_at_tickets_id", "tickets")
    op.create_index(
        "ix_tickets_rare",
        "tickets",
        ["reassignment_count", "reopen_count", "channel", "impact", "urgency"],
    )
    for column in ("hold_reason", "first_responded_at"):
        op.create_index(
            f"ix_tickets_{column}",
            "tickets",
            [column],
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )
    settings = ", ".join(f"{name} = 0.02" for name in SWEEP)
    op.execute(f"ALTER TABLE tickets SET ({settings})")


def downgrade() -> None:
    op.execute(f"ALTER TABLE tickets RESET ({', '.join(SWEEP)})")
    for name in ("first_responded_at", "hold_reason", "rare"):
        op.drop_index(f"ix_tickets_{name}", "tickets")
    for place, column in SEEN_BY.items():
        op.create_index(
            f"ix_tickets_{column}_tickets_opened_at_tickets_id",
            "tickets",
            [column, "opened_at", "id"],
        )
        op.drop_index(f"ix_tickets_of_{place}", "tickets")
