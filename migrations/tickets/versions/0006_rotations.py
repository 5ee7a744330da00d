"""Whose turn it is in a group, and an index of who has how many open tickets."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID: Final = sa.Text(collation="C")


def upgrade() -> None:
    op.create_table(
        "rotations",
        sa.Column("group_id", ID, nullable=False),
        sa.Column("turns", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("group_id", name="pk_rotations"),
    )
    op.create_table(
        "turns",
        sa.Column("group_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("turn", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("group_id", "user_id", name="pk_turns"),
        sa.ForeignKeyConstraint(
            ["group_id"], ["rotations.group_id"], name="fk_turns_group_id"
        ),
    )
    op.create_index(
        "ix_tickets_open_work",
        "tickets",
        ["group_id", "assignee_id"],
        postgresql_where=sa.text(
            "status_category IN ('NEW', 'IN_PROGRESS', 'ON_HOLD')"
        ),
    )


def downgrade() -> None:
    op.drop_index("ix_tickets_open_work", "tickets")
    op.drop_table("turns")
    op.drop_table("rotations")
