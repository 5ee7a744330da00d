"""Service levels: calendars, policies, goals, and the clocks of tickets."""

import re
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004_groups"
branch_labels = None
depends_on = None

KINDS: Final = (
    "RESPONDED",
    "SLA_STARTED",
    "SLA_PAUSED",
    "SLA_RESUMED",
    "SLA_WARNED",
    "SLA_BREACHED",
    "SLA_ESCALATED",
)
ID: Final = sa.Text(collation="C")
INSTANT: Final = sa.DateTime(timezone=True)
IDS: Final = sa.ARRAY(sa.Text(collation="C"))

# The first step out of the beginning that does not give the ticket up.
FIRST_RESPONSES: Final = """
UPDATE tickets SET first_responded_at = found.at FROM (
  SELECT e.ticket_id, min(e.at) AS at FROM events AS e
  JOIN statuses AS s ON s.key = e.after ->> 'status'
  WHERE e.field = 'status' AND s.category NOT IN ('NEW', 'CANCELLED')
  GROUP BY e.ticket_id
) AS found WHERE found.ticket_id = tickets.id
"""


def word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(
        *words, name=name, native_enum=False, create_constraint=True, length=20
    )


def target() -> sa.Column[str]:
    kind = word("slatarget", "FIRST_RESPONSE", "RESOLUTION", "UPDATE")
    return sa.Column("target", kind, nullable=False)


def state(name: str, *, nullable: bool) -> sa.Column[str]:
    words = ("BREACHED", "RUNNING", "PAUSED", "MET", "CANCELLED")
    return sa.Column(name, word("slastate", *words), nullable=nullable)


def kept_until_retired() -> list[sa.Column[object]]:
    return [
        sa.Column(
            "created_at", INSTANT, server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("retired_at", INSTANT),
        sa.Column("version", sa.Integer(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "sla_revision",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_sla_revision_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sla_revision")),
    )
    op.create_table(
        "business_calendars",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("hours", postgresql.JSONB(), nullable=False),
        sa.Column("holidays", postgresql.JSONB(), nullable=False),
        *kept_until_retired(),
        sa.CheckConstraint(
            "length(name) BETWEEN 1 AND 200",
            name=op.f("ck_business_calendars_name_length"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_calendars")),
    )
    op.create_table(
        "sla_policies",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("calendar_id", ID, nullable=False),
        sa.Column("types", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("category_ids", IDS, nullable=False),
        sa.Column("service_ids", IDS, nullable=False),
        sa.Column("group_ids", IDS, nullable=False),
        sa.Column("pause_on", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("warn_percent", sa.SmallInteger()),
        sa.Column("escalates", sa.Boolean(), nullable=False),
        *kept_until_retired(),
        sa.CheckConstraint(
            "length(name) BETWEEN 1 AND 200", name=op.f("ck_sla_policies_name_length")
        ),
        sa.CheckConstraint(
            "warn_percent BETWEEN 1 AND 99", name=op.f("ck_sla_policies_warn_percent")
        ),
        sa.ForeignKeyConstraint(
            ["calendar_id"],
            ["business_calendars.id"],
            name=op.f("fk_sla_policies_calendar_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sla_policies")),
    )
    for table in ("business_calendars", "sla_policies"):
        op.create_index(
            op.f(f"uq_{table}_name"),
            table,
            ["name"],
            unique=True,
            postgresql_where=sa.text("retired_at IS NULL"),
        )
    op.create_table(
        "sla_goals",
        sa.Column("policy_id", ID, nullable=False),
        target(),
        sa.Column(
            "priority",
            word("priority", "CRITICAL", "HIGH", "MODERATE", "LOW", "PLANNING"),
            nullable=False,
        ),
        sa.Column("within", sa.Interval(), nullable=False),
        sa.CheckConstraint("within > interval '0'", name=op.f("ck_sla_goals_within")),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["sla_policies.id"], name=op.f("fk_sla_goals_policy_id")
        ),
        sa.PrimaryKeyConstraint(
            "policy_id", "target", "priority", name=op.f("pk_sla_goals")
        ),
    )
    op.create_table(
        "sla_clocks",
        sa.Column("ticket_id", ID, nullable=False),
        target(),
        sa.Column("policy_id", ID, nullable=False),
        state("state", nullable=False),
        sa.Column("goal", sa.Interval(), nullable=False),
        sa.Column("elapsed", sa.Interval(), nullable=False),
        *(
            sa.Column(name, INSTANT)
            for name in (
                "since",
                "due_at",
                "warned_at",
                "breached_at",
                "stopped_at",
                "escalated_at",
            )
        ),
        sa.Column("escalated_group_id", ID),
        sa.Column("escalated_to_id", ID),
        sa.CheckConstraint(
            "(state = 'BREACHED') = (breached_at IS NOT NULL)",
            name=op.f("ck_sla_clocks_breached"),
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_sla_clocks_ticket_id")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["sla_policies.id"], name=op.f("fk_sla_clocks_policy_id")
        ),
        sa.PrimaryKeyConstraint("ticket_id", "target", name=op.f("pk_sla_clocks")),
    )
    add_to_tickets()
    allow_kinds([*kinds(), *KINDS])


def add_to_tickets() -> None:
    for column in (
        sa.Column("first_responded_at", INSTANT),
        state("sla_state", nullable=True),
        sa.Column("sla_due_at", INSTANT),
        sa.Column(
            "sla_due_order",
            INSTANT,
            sa.Computed(
                "coalesce(sla_due_at, timestamptz '9000-01-01 00:00:00+00')",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("sla_next_at", INSTANT),
        sa.Column("sla_told_at", INSTANT),
        sa.Column("sla_revision", sa.BigInteger(), server_default="0", nullable=False),
    ):
        op.add_column("tickets", column)
    op.execute(FIRST_RESPONSES)
    for columns, where in INDEXES:
        op.create_index(
            op.f("ix_tickets_" + "_tickets_".join(columns)),
            "tickets",
            columns,
            postgresql_where=where and sa.text(where),
        )


INDEXES: Final = (
    (["sla_due_order", "id"], None),
    (["sla_state", "opened_at", "id"], None),
    (["sla_next_at", "id"], "sla_next_at IS NOT NULL"),
    (["sla_told_at"], "sla_told_at IS NOT NULL"),
    (
        ["sla_revision", "id"],
        "status_category IN ('NEW', 'IN_PROGRESS', 'ON_HOLD')",
    ),
)


def kinds() -> list[str]:
    """Read which kinds of event the database allows now."""
    written: str = op.get_bind().scalar(
        sa.text(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conname = 'ck_events_eventkind'"
        )
    )
    return re.findall(r"'(\w+)'", written)


def allow_kinds(words: list[str]) -> None:
    """Allow these kinds of event and no others."""
    op.drop_constraint(op.f("ck_events_eventkind"), "events", type_="check")
    listed = ", ".join(f"'{word}'" for word in words)
    op.create_check_constraint(
        op.f("ck_events_eventkind"), "events", f"kind IN ({listed})"
    )


def downgrade() -> None:
    allow_kinds([kind for kind in kinds() if kind not in KINDS])
    for columns, _ in INDEXES:
        op.drop_index(op.f("ix_tickets_" + "_tickets_".join(columns)), "tickets")
    op.drop_constraint(op.f("ck_tickets_slastate"), "tickets", type_="check")
    for name in (
        "first_responded_at",
        "sla_state",
        "sla_due_order",
        "sla_due_at",
        "sla_next_at",
        "sla_told_at",
        "sla_revision",
    ):
        op.drop_column("tickets", name)
    for table in (
        "sla_clocks",
        "sla_goals",
        "sla_policies",
        "business_calendars",
        "sla_revision",
    ):
        op.drop_table(table)
