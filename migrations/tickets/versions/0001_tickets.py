"""Tickets, their history, and the data of the default workflow."""

from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateSequence, DropSequence

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STATUSES: Final = {
    "new": ("New", "NEW"),
    "in_progress": ("In progress", "IN_PROGRESS"),
    "on_hold": ("On hold", "ON_HOLD"),
    "resolved": ("Resolved", "RESOLVED"),
    "closed": ("Closed", "CLOSED"),
    "cancelled": ("Cancelled", "CANCELLED"),
}
TYPES: Final = ["INCIDENT", "SERVICE_REQUEST", "PROBLEM", "CHANGE"]

# As lenient as people are: in real logs, New → Resolved and On hold → Resolved happen
# every day, a closed problem is taken up again, and so is a cancelled one.
TRANSITIONS: Final = {
    "new": ["in_progress", "on_hold", "resolved", "closed", "cancelled"],
    "in_progress": ["new", "on_hold", "resolved", "closed", "cancelled"],
    "on_hold": ["new", "in_progress", "on_hold", "resolved", "closed", "cancelled"],
    "resolved": ["new", "in_progress", "on_hold", "closed"],
    "closed": ["new", "in_progress", "on_hold"],
    "cancelled": ["new", "in_progress", "on_hold"],
}
REQUIRED: Final = {"on_hold": ["holdReason"], "resolved": ["resolutionCode"]}

# ServiceNow's default, except that low x low is LOW: in five thousand real events it
# never was PLANNING.
PRIORITIES: Final = {
    ("HIGH", "HIGH"): "CRITICAL",
    ("HIGH", "MEDIUM"): "HIGH",
    ("HIGH", "LOW"): "MODERATE",
    ("MEDIUM", "HIGH"): "HIGH",
    ("MEDIUM", "MEDIUM"): "MODERATE",
    ("MEDIUM", "LOW"): "LOW",
    ("LOW", "HIGH"): "MODERATE",
    ("LOW", "MEDIUM"): "LOW",
    ("LOW", "LOW"): "LOW",
}

RANKS: Final = "CASE priority {} ELSE 0 END".format(
    " ".join(
        f"WHEN '{word}' THEN {n}"
        for n, word in enumerate(("CRITICAL", "HIGH", "MODERATE", "LOW", "PLANNING"), 1)
    )
)

# History is written once. The trigger holds against every role, the owner included.
KEEP_HISTORY: Final = (
    """
    CREATE FUNCTION refuse_to_change_history() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'The history of tickets is append-only.'
        USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE TRIGGER events_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_history()
    """,
)


def status_id(position: int) -> str:
    """Name a built-in status the same in every installation."""
    return f"tst_{position:026d}"


def upgrade() -> None:
    op.execute(CreateSequence(sa.Sequence("ticket_numbers")))
    op.create_table(
        "categories",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Text(collation="C"), nullable=True),
        sa.CheckConstraint(
            "length(name) BETWEEN 1 AND 200", name=op.f("ck_categories_name_length")
        ),
        sa.CheckConstraint(
            "parent_id <> id", name=op.f("ck_categories_not_inside_itself")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["categories.id"], name=op.f("fk_categories_parent_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
        sa.UniqueConstraint(
            "parent_id",
            "name",
            name=op.f("uq_categories_parent_id_name"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("subject", sa.Text(collation="C"), nullable=False),
        sa.Column("key", sa.Text(collation="C"), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("subject", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_table(
        "priorities",
        sa.Column(
            "impact",
            sa.Enum(
                "HIGH",
                "MEDIUM",
                "LOW",
                name="impact",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "urgency",
            sa.Enum(
                "HIGH",
                "MEDIUM",
                "LOW",
                name="urgency",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "priority",
            sa.Enum(
                "CRITICAL",
                "HIGH",
                "MODERATE",
                "LOW",
                "PLANNING",
                name="priority",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("impact", "urgency", name=op.f("pk_priorities")),
    )
    op.create_table(
        "services",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(collation="C"), nullable=True),
        sa.CheckConstraint(
            "length(name) BETWEEN 1 AND 200", name=op.f("ck_services_name_length")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
        sa.UniqueConstraint("name", name=op.f("uq_services_name")),
    )
    op.create_table(
        "statuses",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("key", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "NEW",
                "IN_PROGRESS",
                "ON_HOLD",
                "RESOLVED",
                "CLOSED",
                "CANCELLED",
                name="statuscategory",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("applies_to", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statuses")),
        sa.UniqueConstraint("id", "category", name=op.f("uq_statuses_id_category")),
        sa.UniqueConstraint("key", name=op.f("uq_statuses_key")),
    )
    op.create_table(
        "tickets",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("number", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "INCIDENT",
                "SERVICE_REQUEST",
                "PROBLEM",
                "CHANGE",
                name="tickettype",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "PORTAL",
                "EMAIL",
                "PHONE",
                "CHAT",
                "API",
                "MONITORING",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("status_id", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "status_category",
            sa.Enum(
                "NEW",
                "IN_PROGRESS",
                "ON_HOLD",
                "RESOLVED",
                "CLOSED",
                "CANCELLED",
                name="statuscategory",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "hold_reason",
            sa.Enum(
                "REQUESTER",
                "VENDOR",
                "PROBLEM",
                "CHANGE",
                "EVIDENCE",
                "APPROVAL",
                "OTHER",
                name="holdreason",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column(
            "impact",
            sa.Enum(
                "HIGH",
                "MEDIUM",
                "LOW",
                name="impact",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "urgency",
            sa.Enum(
                "HIGH",
                "MEDIUM",
                "LOW",
                name="urgency",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "priority",
            sa.Enum(
                "CRITICAL",
                "HIGH",
                "MODERATE",
                "LOW",
                "PLANNING",
                name="priority",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "priority_rank",
            sa.SmallInteger(),
            sa.Computed(
                RANKS,
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("priority_overridden", sa.Boolean(), nullable=False),
        sa.Column("requester_id", sa.Text(collation="C"), nullable=False),
        sa.Column("opened_by_id", sa.Text(collation="C"), nullable=True),
        sa.Column("assignee_id", sa.Text(collation="C"), nullable=True),
        sa.Column("group_id", sa.Text(collation="C"), nullable=True),
        sa.Column("requester_department_id", sa.Text(collation="C"), nullable=True),
        sa.Column("category_id", sa.Text(collation="C"), nullable=True),
        sa.Column("service_id", sa.Text(collation="C"), nullable=True),
        sa.Column("tags", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("resolution_code", sa.Text(), nullable=True),
        sa.Column("resolution_notes", sa.Text(), nullable=True),
        sa.Column("resolved_by_id", sa.Text(collation="C"), nullable=True),
        sa.Column("reassignment_count", sa.Integer(), nullable=False),
        sa.Column("reopen_count", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("history_length", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status_category = 'ON_HOLD') = (hold_reason IS NOT NULL)",
            name=op.f("ck_tickets_hold_reason"),
        ),
        sa.CheckConstraint(
            "cardinality(tags) <= 20", name=op.f("ck_tickets_tag_count")
        ),
        sa.CheckConstraint(
            "length(description) <= 20000", name=op.f("ck_tickets_description_length")
        ),
        sa.CheckConstraint(
            "length(resolution_code) <= 64",
            name=op.f("ck_tickets_resolution_code_length"),
        ),
        sa.CheckConstraint(
            "length(resolution_notes) <= 4000",
            name=op.f("ck_tickets_resolution_notes_length"),
        ),
        sa.CheckConstraint(
            "length(title) BETWEEN 1 AND 250", name=op.f("ck_tickets_title_length")
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_tickets_category_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_tickets_service_id")
        ),
        sa.ForeignKeyConstraint(
            ["status_id", "status_category"],
            ["statuses.id", "statuses.category"],
            name=op.f("fk_tickets_status_id_status_category"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("number", name=op.f("uq_tickets_number")),
    )
    op.create_index(
        op.f("ix_tickets_assignee_id_tickets_opened_at_tickets_id"),
        "tickets",
        ["assignee_id", "opened_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_tickets_category_id_tickets_opened_at_tickets_id"),
        "tickets",
        ["category_id", "opened_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_tickets_closed_at_tickets_id"),
        "tickets",
        ["closed_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_tickets_group_id_tickets_opened_at_tickets_id"),
        "tickets",
        ["group_id", "opened_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_tickets_opened_at_tickets_id"),
        "tickets",
        ["opened_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_tickets_opened_by_id_tickets_opened_at_tickets_id"),
        "tickets",
        ["opened_by_id", "opened_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_tickets_priority_rank_tickets_id"),
        "tickets",
        ["priority_rank", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_tickets_requester_department_id_tickets_opened_at_tickets_id"),
        "tickets",
        ["requester_department_id", "opened_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_tickets_requester_id_tickets_opened_at_tickets_id"),
        "tickets",
        ["requester_id", "opened_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_tickets_resolved_at_tickets_id"),
        "tickets",
        ["resolved_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_tickets_service_id_tickets_opened_at_tickets_id"),
        "tickets",
        ["service_id", "opened_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_tickets_status_category_tickets_opened_at_tickets_id"),
        "tickets",
        ["status_category", "opened_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_tickets_status_id_tickets_opened_at_tickets_id"),
        "tickets",
        ["status_id", "opened_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_tickets_tags"),
        "tickets",
        ["tags"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(
        op.f("ix_tickets_type_tickets_opened_at_tickets_id"),
        "tickets",
        ["type", "opened_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_tickets_updated_at_tickets_id"),
        "tickets",
        ["updated_at", "id"],
        unique=False,
    )
    op.create_table(
        "transitions",
        sa.Column("from_id", sa.Text(collation="C"), nullable=False),
        sa.Column("to_id", sa.Text(collation="C"), nullable=False),
        sa.Column("required_fields", sa.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_id"], ["statuses.id"], name=op.f("fk_transitions_from_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_id"], ["statuses.id"], name=op.f("fk_transitions_to_id")
        ),
        sa.PrimaryKeyConstraint("from_id", "to_id", name=op.f("pk_transitions")),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("ticket_id", sa.Text(collation="C"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "CREATED",
                "FIELD_CHANGED",
                "STATUS_CHANGED",
                "GROUP_CHANGED",
                "ASSIGNEE_CHANGED",
                "RESOLVED",
                "REOPENED",
                "CLOSED",
                name="eventkind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Text(collation="C"), nullable=True),
        sa.Column(
            "via",
            sa.Enum(
                "PORTAL",
                "API",
                "IMPORT",
                name="via",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column(
            "before",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=True,
        ),
        sa.Column(
            "after",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.CheckConstraint("seq > 0", name=op.f("ck_events_seq_from_one")),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_events_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("ticket_id", "seq", name=op.f("uq_events_ticket_id_seq")),
    )

    for statement in KEEP_HISTORY:
        op.execute(statement)
    fill()


def fill() -> None:
    ids = {key: status_id(n) for n, key in enumerate(STATUSES, 1)}
    op.bulk_insert(
        sa.table(
            "statuses",
            *(sa.column(name) for name in ("id", "key", "name", "category")),
            sa.column("applies_to", sa.ARRAY(sa.Text())),
            sa.column("position", sa.SmallInteger()),
        ),
        [
            {
                "id": ids[key],
                "key": key,
                "name": name,
                "category": category,
                "applies_to": TYPES,
                "position": n,
            }
            for n, (key, (name, category)) in enumerate(STATUSES.items(), 1)
        ],
    )
    op.bulk_insert(
        sa.table(
            "transitions",
            sa.column("from_id"),
            sa.column("to_id"),
            sa.column("required_fields", sa.ARRAY(sa.Text())),
        ),
        [
            {"from_id": ids[a], "to_id": ids[b], "required_fields": REQUIRED.get(b, [])}
            for a, ends in TRANSITIONS.items()
            for b in ends
        ],
    )
    op.bulk_insert(
        sa.table("priorities", *map(sa.column, ("impact", "urgency", "priority"))),
        [
            {"impact": impact, "urgency": urgency, "priority": priority}
            for (impact, urgency), priority in PRIORITIES.items()
        ],
    )


def downgrade() -> None:
    for table in (
        "events",
        "transitions",
        "tickets",
        "statuses",
        "services",
        "priorities",
        "idempotency_keys",
        "categories",
    ):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_to_change_history")
    op.execute(DropSequence(sa.Sequence("ticket_numbers")))
