"""Replies take tickets off hold; absences that lie ahead are known."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.Text(collation="C")
INSTANT = sa.DateTime(timezone=True)
COPY = ("availabilities_known", "group_members", "groups_known")


def upgrade() -> None:
    op.add_column(
        "lifecycle",
        sa.Column(
            "resume_on_reply",
            sa.ARRAY(sa.Text()),
            nullable=False,
            server_default=sa.text("ARRAY['REQUESTER']"),
        ),
    )
    begin_anew()
    op.drop_constraint(op.f("pk_availabilities_known"), "availabilities_known")
    op.add_column("availabilities_known", sa.Column("starts_at", INSTANT))
    op.alter_column("availabilities_known", "starts_at", nullable=False)
    op.create_primary_key(
        op.f("pk_availabilities_known"),
        "availabilities_known",
        ["user_id", "starts_at"],
    )


def begin_anew() -> None:
    """Have the copy of groups built again of all that their feed ever told."""
    for name in COPY:
        op.execute(sa.table(name).delete())
    cursors = sa.table("feed_cursors", sa.column("follower", ID))
    op.execute(cursors.delete().where(cursors.c.follower == "tickets.groups"))


def downgrade() -> None:
    begin_anew()
    op.drop_constraint(op.f("pk_availabilities_known"), "availabilities_known")
    op.drop_column("availabilities_known", "starts_at")
    op.create_primary_key(
        op.f("pk_availabilities_known"), "availabilities_known", ["user_id"]
    )
    op.drop_column("lifecycle", "resume_on_reply")
