"""Replies reopen tickets that are resolved, where that is wanted."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "lifecycle",
        sa.Column(
            "reopen_on_reply", sa.Boolean(), nullable=False, server_default=sa.false()
        ),
    )


def downgrade() -> None:
    op.drop_column("lifecycle", "reopen_on_reply")
