"""A copy of groups, their members and who is away, built of their events."""

import sqlalchemy as sa
from alembic import op

revision = "0004_groups"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.Text(collation="C")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "feed_cursors",
        sa.Column("follower", ID, nullable=False),
        sa.Column("cursor", sa.Text()),
        sa.Column("applied", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("moved_at", INSTANT, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("follower", name=op.f("pk_feed_cursors")),
    )
    op.create_table(
        "groups_known",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent_id", ID),
        sa.Column("department_id", ID),
        sa.Column("lead_id", ID),
        sa.Column("assignment_policy", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups_known")),
    )
    op.create_table(
        "group_members",
        sa.Column("group_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("capacity", sa.Integer()),
        sa.Column("skills", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("joined_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("group_id", "user_id", name=op.f("pk_group_members")),
    )
    op.create_index(
        op.f("ix_group_members_user_id_group_members_group_id"),
        "group_members",
        ["user_id", "group_id"],
    )
    op.create_table(
        "availabilities_known",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("availability", sa.Text(), nullable=False),
        sa.Column("until", INSTANT),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_availabilities_known")),
    )


def downgrade() -> None:
    for table in (
        "availabilities_known",
        "group_members",
        "groups_known",
        "feed_cursors",
    ):
        op.drop_table(table)
