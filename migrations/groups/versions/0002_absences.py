"""Availability from a day to come, and what absence means to a group."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0003"
branch_labels = None
depends_on = None

WORDS: Final = "'ALLOW', 'WARN', 'REFUSE'"


def upgrade() -> None:
    op.add_column(
        "groups",
        sa.Column(
            "absent_assignees", sa.String(20), nullable=False, server_default="WARN"
        ),
    )
    op.alter_column("groups", "absent_assignees", server_default=None)
    op.create_check_constraint(
        "ck_groups_absentassignees", "groups", f"absent_assignees IN ({WORDS})"
    )
    op.add_column("availabilities", sa.Column("starts_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE availabilities SET starts_at = updated_at")
    op.alter_column("availabilities", "starts_at", nullable=False)
    op.drop_constraint("pk_availabilities", "availabilities")
    op.create_primary_key(
        "pk_availabilities", "availabilities", ["user_id", "starts_at"]
    )


def downgrade() -> None:
    op.execute(
        "DELETE FROM availabilities AS a USING availabilities AS b"
        " WHERE a.user_id = b.user_id AND a.starts_at < b.starts_at"
    )
    op.drop_constraint("pk_availabilities", "availabilities")
    op.create_primary_key("pk_availabilities", "availabilities", ["user_id"])
    op.drop_column("availabilities", "starts_at")
    op.drop_column("groups", "absent_assignees")
