"""What happens to groups is kept as events, and what is there becomes the first."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from kit.ids import new_id
from kit.outbox.ddl import CLOCK_DDL, KEEPING, REVOKING, stamping

revision = "0003"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.Text(collation="C")
INSTANT = sa.DateTime(timezone=True)

EVENTS = sa.table(
    "events",
    *map(sa.column, ("id", "entity_id", "seq", "kind", "at", "place")),
    sa.column("payload", JSONB()),
)
GROUPS = sa.text("""
SELECT id, created_at AS at, jsonb_build_object(
  'name', name, 'kind', kind, 'parentId', parent_id, 'departmentId', department_id,
  'leadId', lead_id, 'email', email, 'assignmentPolicy', assignment_policy) AS payload
FROM groups ORDER BY created_at, id
""")
MEMBERS = sa.text("""
SELECT group_id AS id, joined_at AS at, jsonb_build_object(
  'userIds', jsonb_build_array(user_id), 'capacity', capacity, 'skills', skills
) AS payload
FROM group_members ORDER BY joined_at, group_id, user_id
""")
AVAILABILITIES = sa.text("""
SELECT user_id AS id, updated_at AS at, jsonb_build_object(
  'availability', availability, 'until',
  to_char(until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) AS payload
FROM availabilities ORDER BY updated_at, user_id
""")
FIRST = {
    "GROUP_CREATED": GROUPS,
    "MEMBERS_ADDED": MEMBERS,
    "AVAILABILITY_CHANGED": AVAILABILITIES,
}
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
    """Write a first event for each thing, so that a replay builds all of it."""
    rows: list[dict[str, Any]] = []
    for row in first_events():
        rows.append(row)
        if len(rows) == BATCH:
            op.get_bind().execute(EVENTS.insert(), rows)
            rows.clear()
    if rows:
        op.get_bind().execute(EVENTS.insert(), rows)


def first_events() -> Iterator[dict[str, Any]]:
    told: dict[str, int] = {}
    place = 0
    for kind, found in FIRST.items():
        for row in op.get_bind().execute(found).all():
            place += 1
            told[row.id] = told.get(row.id, 0) + 1
            yield {
                "id": new_id("evt"),
                "entity_id": row.id,
                "seq": told[row.id],
                "kind": kind,
                "at": row.at,
                "payload": row.payload,
                "place": place,
            }


def downgrade() -> None:
    op.drop_table("events")
    op.execute("DROP FUNCTION stamp_event")
    op.execute("DROP FUNCTION refuse_to_change_events")
    op.drop_table("feed_clock")
