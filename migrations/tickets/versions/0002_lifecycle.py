"""What goes by the calendar: reopening within a window, closing after a while."""

from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

VIA: Final = ("PORTAL", "API", "IMPORT")


def upgrade() -> None:
    lifecycle = op.create_table(
        "lifecycle",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("reopen_within", sa.Interval(), nullable=True),
        sa.Column("close_after", sa.Interval(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_lifecycle_one_row")),
        sa.CheckConstraint(
            "reopen_within >= interval '0'", name=op.f("ck_lifecycle_reopen_within")
        ),
        sa.CheckConstraint(
            "close_after >= interval '0'", name=op.f("ck_lifecycle_close_after")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lifecycle")),
    )
    # In real logs a resolved incident closes about five days later.
    op.bulk_insert(
        lifecycle,
        [
            {
                "id": 1,
                "reopen_within": timedelta(days=14),
                "close_after": timedelta(days=5),
            }
        ],
    )
    op.add_column(
        "tickets", sa.Column("resolution_noted_at", sa.DateTime(timezone=True))
    )
    op.create_index(
        op.f("ix_tickets_resolution_noted_at_tickets_id"),
        "tickets",
        ["resolution_noted_at", "id"],
        postgresql_where=sa.text("resolution_noted_at IS NOT NULL"),
    )
    # What is resolved already has its whole time from now on.
    op.execute(
        "UPDATE tickets SET resolution_noted_at = now() "
        "WHERE status_category = 'RESOLVED'"
    )
    allow_via((*VIA, "AUTOMATION"))


def allow_via(words: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_events_via"), "events", type_="check")
    listed = ", ".join(f"'{word}'" for word in words)
    op.create_check_constraint(op.f("ck_events_via"), "events", f"via IN ({listed})")


def downgrade() -> None:
    allow_via(VIA)
    op.drop_index(op.f("ix_tickets_resolution_noted_at_tickets_id"), "tickets")
    op.drop_column("tickets", "resolution_noted_at")
    op.drop_table("lifecycle")
