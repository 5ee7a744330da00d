"""What happens to comments is kept as events, and what is there becomes the first."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from kit.ids import new_id
from kit.outbox.ddl import CLOCK_DDL, KEEPING, REVOKING, stamping

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.Text(collation="C")
INSTANT = sa.DateTime(timezone=True)

EVENTS = sa.table(
    "events",
    *map(sa.column, ("id", "entity_id", "seq", "kind", "at", "actor_id", "place")),
    sa.column("payload", JSONB()),
)
COMMENTS = sa.text("""
SELECT id, written_at AS at, author_id, jsonb_build_object(
  'ticketId', ticket_id, 'authorId', author_id, 'visibility', visibility,
  'source', source, 'mentionIds', to_jsonb(mention_ids), 'inReplyToId', in_reply_to_id,
  'saidAt', to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'version', version, 'byRequester', false) AS payload
FROM comments ORDER BY written_at, id
""")
BATCH = 1000


def upgrade() -> None:
    op.create_table(
        "feed_clock",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("ahead", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_feed_clock_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_clock")),
    )
    op.execute(CLOCK_DDL)
    op.create_table(
        "events",
        sa.Column("id", ID, nullable=False),
        sa.Column("entity_id", ID, nullable=False),
        sa.Column("seq", sa.Integer(), server_default="0", nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, server_default=sa.func.now(), nullable=False),
        sa.Column("actor_id", ID),
        sa.Column("request_id", sa.Text()),
        sa.Column("payload", JSONB(), nullable=False),
        sa.Column("stamp", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("place", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("seq > 0", name=op.f("ck_events_seq_from_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("entity_id", "seq", name=op.f("uq_events_entity_id_seq")),
    )
    op.create_index(op.f("ix_events_stamp_events_place"), "events", ["stamp", "place"])
    tell_what_is_there()
    for statement in (*stamping("entity_id", numbered=True), *KEEPING, REVOKING):
        op.execute(statement)
    op.execute(
        "SELECT setval('events_place', max(place)) FROM events HAVING count(*) > 0"
    )


def tell_what_is_there() -> None:
    """Write a first event for each comment; who asked for its ticket is not known."""
    found = op.get_bind().execute(COMMENTS).all()
    rows = [
        {
            "id": new_id("evt"),
            "entity_id": row.id,
            "seq": 1,
            "kind": "COMMENT_ADDED",
            "at": row.at,
            "actor_id": row.author_id,
            "payload": row.payload,
            "place": place,
        }
        for place, row in enumerate(found, 1)
    ]
    for start in range(0, len(rows), BATCH):
        op.get_bind().execute(EVENTS.insert(), rows[start : start + BATCH])


def downgrade() -> None:
    op.drop_table("events")
    op.execute("DROP FUNCTION stamp_event")
    op.execute("DROP FUNCTION refuse_to_change_events")
    op.drop_table("feed_clock")
