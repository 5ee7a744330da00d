"""Lifecycle, types and settings: a workflow for each type, details, custom fields."""

from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID: Final = sa.Text(collation="C")
INSTANT: Final = sa.DateTime(timezone=True)
TEXTS: Final = sa.ARRAY(sa.Text())
VIA: Final = ("PORTAL", "API", "IMPORT")
TYPES: Final = ("INCIDENT", "SERVICE_REQUEST", "PROBLEM", "CHANGE")
FIELD_KINDS: Final = (
    "TEXT",
    "NUMBER",
    "BOOLEAN",
    "DATE",
    "CHOICE",
    "MULTI_CHOICE",
    "USER",
)
SUBJECTS: Final = (
    "STATUS",
    "TRANSITION",
    "LIFECYCLE",
    "RESOLUTION_CODE",
    "PRIORITY",
    "CATEGORY",
    "SERVICE",
    "CATALOG_ITEM",
    "CUSTOM_FIELD",
)


def word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(
        *words, name=name, native_enum=False, create_constraint=True, length=20
    )


def upgrade() -> None:
    allow_via((*VIA, "AUTOMATION"))
    keep_lifecycle()
    keep_workflow()
    keep_settings()
    keep_catalog()
    extend_tickets()


def keep_lifecycle() -> None:
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
    days = {"reopen_within": timedelta(days=14), "close_after": timedelta(days=5)}
    op.bulk_insert(lifecycle, [{"id": 1, **days}])
    op.create_table(
        "resolution_codes",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("applies_to", TEXTS, nullable=False),
        sa.Column("retired_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution_codes")),
        sa.UniqueConstraint("code", name=op.f("uq_resolution_codes_code")),
        sa.CheckConstraint(
            "length(code) BETWEEN 1 AND 64",
            name=op.f("ck_resolution_codes_code_length"),
        ),
        sa.CheckConstraint(
            "length(name) BETWEEN 1 AND 200",
            name=op.f("ck_resolution_codes_name_length"),
        ),
    )


def keep_workflow() -> None:
    op.add_column("statuses", sa.Column("retired_at", INSTANT))
    # Each type has the steps that all had together.
    op.add_column("transitions", sa.Column("type", word("tickettype", *TYPES)))
    op.add_column(
        "transitions", sa.Column("checks", TEXTS, server_default="{}", nullable=False)
    )
    op.drop_constraint(op.f("pk_transitions"), "transitions", type_="primary")
    op.execute(
        "INSERT INTO transitions (type, from_id, to_id, required_fields) "
        "SELECT each, from_id, to_id, required_fields "
        "FROM transitions, unnest(ARRAY['INCIDENT', 'SERVICE_REQUEST', 'PROBLEM', "
        "'CHANGE']) AS each"
    )
    op.execute("DELETE FROM transitions WHERE type IS NULL")
    op.alter_column("transitions", "type", nullable=False)
    op.alter_column("transitions", "checks", server_default=None)
    op.create_primary_key(
        op.f("pk_transitions"), "transitions", ["type", "from_id", "to_id"]
    )


def keep_settings() -> None:
    op.create_table(
        "setting_changes",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("at", INSTANT, server_default=sa.func.now(), nullable=False),
        sa.Column("actor_id", ID),
        sa.Column("subject", word("settingsubject", *SUBJECTS), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("before", JSONB(none_as_null=True)),
        sa.Column("after", JSONB(none_as_null=True)),
        sa.Column("request_id", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_changes")),
    )
    op.execute(
        "CREATE TRIGGER setting_changes_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE "
        "ON setting_changes FOR EACH STATEMENT "
        "EXECUTE FUNCTION refuse_to_change_history()"
    )


def keep_catalog() -> None:
    op.add_column("categories", sa.Column("default_group_id", ID))
    for table in ("categories", "services"):
        op.add_column(table, sa.Column("retired_at", INSTANT))
    op.create_table(
        "catalog_items",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("service_id", ID),
        sa.Column("approval_required", sa.Boolean(), nullable=False),
        sa.Column("retired_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_items")),
        sa.UniqueConstraint("name", name=op.f("uq_catalog_items_name")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_catalog_items_service_id")
        ),
        sa.CheckConstraint(
            "length(name) BETWEEN 1 AND 200", name=op.f("ck_catalog_items_name_length")
        ),
    )
    op.create_table(
        "custom_fields",
        sa.Column("id", ID, nullable=False),
        sa.Column("catalog_item_id", ID),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("kind", word("customfieldkind", *FIELD_KINDS), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("options", TEXTS),
        sa.Column("max_length", sa.Integer()),
        sa.Column("minimum", sa.Double()),
        sa.Column("maximum", sa.Double()),
        sa.Column("applies_to", TEXTS, nullable=False),
        sa.Column("category_ids", sa.ARRAY(ID), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("retired_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_fields")),
        sa.UniqueConstraint(
            "catalog_item_id",
            "key",
            name=op.f("uq_custom_fields_catalog_item_id_key"),
            postgresql_nulls_not_distinct=True,
        ),
        sa.ForeignKeyConstraint(
            ["catalog_item_id"],
            ["catalog_items.id"],
            name=op.f("fk_custom_fields_catalog_item_id"),
        ),
        sa.CheckConstraint(
            "length(key) BETWEEN 1 AND 50", name=op.f("ck_custom_fields_key_length")
        ),
        sa.CheckConstraint(
            "length(label) BETWEEN 1 AND 200",
            name=op.f("ck_custom_fields_label_length"),
        ),
    )


def extend_tickets() -> None:
    for column in (
        sa.Column("details", JSONB(none_as_null=True)),
        sa.Column("custom_fields", JSONB(), server_default="{}", nullable=False),
        sa.Column(
            "approval_state", word("approvalstate", "PENDING", "GRANTED", "DECLINED")
        ),
        sa.Column("ended_at", INSTANT),
        sa.Column("resolution_noted_at", INSTANT),
    ):
        op.add_column("tickets", column)
    op.create_index(
        op.f("ix_tickets_custom_fields"),
        "tickets",
        ["custom_fields"],
        postgresql_using="gin",
    )
    op.create_index(
        op.f("ix_tickets_resolution_noted_at_tickets_id"),
        "tickets",
        ["resolution_noted_at", "id"],
        postgresql_where=sa.text("resolution_noted_at IS NOT NULL"),
    )
    # What is resolved already has its whole time until it closes from now on.
    op.execute(
        "UPDATE tickets SET ended_at = coalesce(resolved_at, closed_at, updated_at), "
        "resolution_noted_at = CASE status_category WHEN 'RESOLVED' THEN now() END "
        "WHERE status_category IN ('RESOLVED', 'CLOSED', 'CANCELLED')"
    )


def allow_via(words: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_events_via"), "events", type_="check")
    listed = ", ".join(f"'{word}'" for word in words)
    op.create_check_constraint(op.f("ck_events_via"), "events", f"via IN ({listed})")


def downgrade() -> None:
    op.drop_index(op.f("ix_tickets_resolution_noted_at_tickets_id"), "tickets")
    op.drop_index(op.f("ix_tickets_custom_fields"), "tickets")
    for column in (
        "resolution_noted_at",
        "ended_at",
        "approval_state",
        "custom_fields",
        "details",
    ):
        op.drop_column("tickets", column)
    for table in ("custom_fields", "catalog_items", "setting_changes"):
        op.drop_table(table)
    op.drop_column("categories", "default_group_id")
    for table in ("categories", "services", "statuses"):
        op.drop_column(table, "retired_at")
    op.drop_constraint(op.f("pk_transitions"), "transitions", type_="primary")
    op.execute("DELETE FROM transitions WHERE type <> 'INCIDENT'")
    for column in ("type", "checks"):
        op.drop_column("transitions", column)
    op.create_primary_key(op.f("pk_transitions"), "transitions", ["from_id", "to_id"])
    op.drop_table("resolution_codes")
    op.drop_table("lifecycle")
    allow_via(VIA)
