"""The history of tickets is a feed: each event has its place in it."""

import sqlalchemy as sa
from alembic import op

from kit.outbox.ddl import CLOCK_DDL, REVOKING, stamping

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Those that are there stand before all that come, in the order in which they were
# written; a ticket's own by their seq.
PLACE_THE_OLD = """
WITH told AS (
  SELECT id, ticket_id, seq,
    max(recorded_at) OVER (PARTITION BY ticket_id ORDER BY seq) AS written
  FROM events
), placed AS (
  SELECT id, row_number() OVER (ORDER BY written, ticket_id, seq) AS place FROM told
)
UPDATE events SET place = placed.place FROM placed WHERE placed.id = events.id
"""


def upgrade() -> None:
    op.create_table(
        "feed_clock",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("ahead", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_feed_clock_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_clock")),
    )
    op.execute(CLOCK_DDL)
    for name in ("stamp", "place"):
        op.add_column(
            "events",
            sa.Column(name, sa.BigInteger(), server_default="0", nullable=False),
        )
    op.execute("ALTER TABLE events DISABLE TRIGGER events_are_kept")
    op.execute(PLACE_THE_OLD)
    op.execute("ALTER TABLE events ENABLE TRIGGER events_are_kept")
    op.create_index(op.f("ix_events_stamp_events_place"), "events", ["stamp", "place"])
    for statement in stamping("ticket_id", numbered=False):
        op.execute(statement)
    op.execute(
        "SELECT setval('events_place', greatest(max(place), 1), max(place) > 0) "
        "FROM events HAVING count(*) > 0"
    )
    op.execute(REVOKING)


def downgrade() -> None:
    op.execute("GRANT UPDATE, DELETE, TRUNCATE ON events TO CURRENT_USER")
    op.execute("DROP TRIGGER events_are_stamped ON events")
    op.execute("DROP FUNCTION stamp_event")
    op.drop_index(op.f("ix_events_stamp_events_place"), "events")
    for name in ("stamp", "place"):
        op.drop_column("events", name)
    op.drop_table("feed_clock")
