"""Groups, who is in them, and who is away."""

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
    create_groups()
    create_group_members()
    op.create_table(
        "availabilities",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("availability", sa.String(20), nullable=False),
        sa.Column("until", INSTANT),
        sa.Column("updated_at", INSTANT, nullable=False, server_default=NOW),
        sa.PrimaryKeyConstraint("user_id", name="pk_availabilities"),
        sa.CheckConstraint(
            "availability IN ('AVAILABLE', 'BUSY', 'AWAY', 'OFF_SHIFT')",
            name="ck_availabilities_availability",
        ),
    )
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


def create_groups() -> None:
    op.create_table(
        "groups",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", ID, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("parent_id", ID),
        sa.Column("department_id", ID),
        sa.Column("lead_id", ID),
        sa.Column("email", sa.Text),
        sa.Column("assignment_policy", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column("updated_at", INSTANT, nullable=False, server_default=NOW),
        sa.PrimaryKeyConstraint("id", name="pk_groups"),
        sa.UniqueConstraint("name_key", name="uq_groups_name_key"),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["groups.id"], name="fk_groups_parent_id"
        ),
        sa.CheckConstraint(
            "kind IN ('ASSIGNMENT', 'APPROVAL', 'NOTIFICATION')",
            name="ck_groups_groupkind",
        ),
        sa.CheckConstraint(
            "assignment_policy IN ('MANUAL', 'ROUND_ROBIN', 'LEAST_LOADED', "
            "'SKILL_BASED')",
            name="ck_groups_assignmentpolicy",
        ),
        sa.CheckConstraint(
            "length(name) BETWEEN 1 AND 200", name="ck_groups_name_length"
        ),
        sa.CheckConstraint(
            "length(email) BETWEEN 3 AND 254", name="ck_groups_email_length"
        ),
        sa.CheckConstraint("parent_id <> id", name="ck_groups_not_inside_itself"),
    )
    op.create_index("ix_groups_name_groups_id", "groups", ["name", "id"])
    for owner in ("kind", "parent_id", "department_id"):
        op.create_index(
            f"ix_groups_{owner}_groups_name_groups_id", "groups", [owner, "name", "id"]
        )


def create_group_members() -> None:
    op.create_table(
        "group_members",
        sa.Column("group_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("capacity", sa.Integer),
        sa.Column("skills", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("joined_at", INSTANT, nullable=False, server_default=NOW),
        sa.PrimaryKeyConstraint("group_id", "user_id", name="pk_group_members"),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name="fk_group_members_group_id"
        ),
        sa.CheckConstraint(
            "capacity BETWEEN 0 AND 1000", name="ck_group_members_capacity_range"
        ),
        sa.CheckConstraint(
            "cardinality(skills) <= 20", name="ck_group_members_skills_count"
        ),
    )
    op.create_index(
        "ix_group_members_by_joining",
        "group_members",
        ["group_id", "joined_at", "user_id"],
    )
    op.create_index(
        "ix_group_members_user_id_group_members_group_id",
        "group_members",
        ["user_id", "group_id"],
    )


def downgrade() -> None:
    op.drop_table("idempotency_keys")
    op.drop_table("availabilities")
    op.drop_table("group_members")
    op.drop_table("groups")
