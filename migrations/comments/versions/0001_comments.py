"""The first table of comments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.Text(collation="C")
INSTANT = sa.DateTime(timezone=True)
NOW = sa.func.now()


def upgrade() -> None:
    op.create_table(
        "comments",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_comments"),
        sa.CheckConstraint(
            "length(name) BETWEEN 1 AND 200",
            name="ck_comments_name_length",
        ),
    )
    index = "ix_comments_name_comments_id"
    op.create_index(index, "comments", ["name", "id"])
    op.create_table(
        "idempotency_keys",
        sa.Column("subject", ID, nullable=False),
        sa.Column("key", ID, nullable=False),
        sa.Column("verb", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("result", JSONB),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        sa.PrimaryKeyConstraint("subject", "key", name="pk_idempotency_keys"),
    )


def downgrade() -> None:
    op.drop_table("idempotency_keys")
    op.drop_table("comments")
