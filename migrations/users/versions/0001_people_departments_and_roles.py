"""People, departments, roles and who holds them; the built-in roles."""

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

READ = ["users:read", "tickets:read"]
REQUEST = [*READ, "tickets:write"]
WORK = [*REQUEST, "tickets:work", "tickets:read_all"]
GOVERN = [
    "users:manage",
    "departments:manage",
    "roles:assign",
    "permissions:read",
    "sessions:manage",
    "service_accounts:manage",
    "tickets:import",
]
BUILT_IN = (
    ("rol_01m81agjpgfhdbdabapyn60w5g", "requester", "Requester", REQUEST),
    ("rol_01m81agjpgf0trktw31zm11zmp", "agent", "Agent", WORK),
    ("rol_01m81agjpgf0ws9txfr8sm3qgc", "manager", "Manager", REQUEST),
    (
        "rol_01m81agjpge7rtfdaxdxb0w5xe",
        "analyst",
        "Analyst",
        [*READ, "tickets:read_all"],
    ),
    ("rol_01m81agjpgejw8qf4anms2pmaa", "admin", "Administrator", [*WORK, *GOVERN]),
)


def upgrade() -> None:
    create_departments()
    create_users()
    create_roles()
    create_role_assignments()
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


def create_departments() -> None:
    op.create_table(
        "departments",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", ID, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("parent_id", ID),
        sa.Column("head_id", ID),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column("updated_at", INSTANT, nullable=False, server_default=NOW),
        sa.PrimaryKeyConstraint("id", name="pk_departments"),
        sa.UniqueConstraint("code", name="uq_departments_code"),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["departments.id"], name="fk_departments_parent_id"
        ),
        sa.CheckConstraint(
            "length(code) BETWEEN 1 AND 40", name="ck_departments_code_length"
        ),
        sa.CheckConstraint(
            "length(name) BETWEEN 1 AND 200", name="ck_departments_name_length"
        ),
        sa.CheckConstraint("parent_id <> id", name="ck_departments_not_inside_itself"),
    )
    op.create_index("ix_departments_name_departments_id", "departments", ["name", "id"])
    op.create_index(
        "ix_departments_parent_id_departments_name_departments_id",
        "departments",
        ["parent_id", "name", "id"],
    )
    op.create_index("ix_departments_head_id", "departments", ["head_id"])


def create_users() -> None:
    op.create_table(
        "users",
        sa.Column("id", ID, nullable=False),
        sa.Column("email", ID, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("locale", sa.Text, nullable=False),
        sa.Column("time_zone", sa.Text, nullable=False),
        sa.Column("department_id", ID),
        sa.Column("manager_id", ID),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column("updated_at", INSTANT, nullable=False, server_default=NOW),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email", name="uq_users_email"),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name="fk_users_department_id"
        ),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["users.id"], name="fk_users_manager_id"
        ),
        sa.CheckConstraint(
            "length(email) BETWEEN 3 AND 254 AND email = lower(email)",
            name="ck_users_email_form",
        ),
        sa.CheckConstraint(
            "length(name) BETWEEN 1 AND 200", name="ck_users_name_length"
        ),
        sa.CheckConstraint("length(locale) <= 35", name="ck_users_locale_length"),
        sa.CheckConstraint("length(time_zone) <= 64", name="ck_users_time_zone_length"),
        sa.CheckConstraint("manager_id <> id", name="ck_users_not_their_own_manager"),
    )
    op.create_foreign_key(
        "fk_departments_head_id", "departments", "users", ["head_id"], ["id"]
    )
    for leading in ("name", "created_at", "updated_at"):
        op.create_index(f"ix_users_{leading}_users_id", "users", [leading, "id"])
    for owner in ("department_id", "manager_id"):
        op.create_index(
            f"ix_users_{owner}_users_name_users_id", "users", [owner, "name", "id"]
        )


def create_roles() -> None:
    roles = op.create_table(
        "roles",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", ID, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("permissions", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("built_in", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_roles"),
        sa.UniqueConstraint("key", name="uq_roles_key"),
        sa.CheckConstraint(
            "length(name) BETWEEN 1 AND 200", name="ck_roles_name_length"
        ),
    )
    op.bulk_insert(
        roles,
        [
            {
                "id": id_,
                "key": key,
                "name": name,
                "permissions": permissions,
                "built_in": True,
            }
            for id_, key, name, permissions in BUILT_IN
        ],
    )


def create_role_assignments() -> None:
    op.create_table(
        "role_assignments",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("role_id", ID, nullable=False),
        sa.Column("scope", sa.String(10), nullable=False),
        sa.Column("department_id", ID),
        sa.Column("group_id", ID),
        sa.Column("granted_by_id", ID),
        sa.Column("granted_at", INSTANT, nullable=False, server_default=NOW),
        sa.PrimaryKeyConstraint("id", name="pk_role_assignments"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_role_assignments_user_id"
        ),
        sa.ForeignKeyConstraint(
            ["role_id"], ["roles.id"], name="fk_role_assignments_role_id"
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["departments.id"],
            name="fk_role_assignments_department_id",
        ),
        sa.UniqueConstraint(
            "user_id",
            "role_id",
            "scope",
            "department_id",
            "group_id",
            name="uq_role_assignments_held_once",
            postgresql_nulls_not_distinct=True,
        ),
        sa.CheckConstraint(
            "scope IN ('GLOBAL', 'DEPARTMENT', 'GROUP')",
            name="ck_role_assignments_rolescope",
        ),
        sa.CheckConstraint(
            "CASE scope"
            " WHEN 'GLOBAL' THEN department_id IS NULL AND group_id IS NULL"
            " WHEN 'DEPARTMENT' THEN department_id IS NOT NULL AND group_id IS NULL"
            " WHEN 'GROUP' THEN department_id IS NULL AND group_id IS NOT NULL"
            " ELSE false END",
            name="ck_role_assignments_scope_target",
        ),
    )
    op.create_index(
        "ix_role_assignments_role_id_role_assignments_user_id",
        "role_assignments",
        ["role_id", "user_id"],
    )
    op.create_index(
        "ix_role_assignments_department_id", "role_assignments", ["department_id"]
    )


def downgrade() -> None:
    op.drop_table("idempotency_keys")
    op.drop_table("role_assignments")
    op.drop_table("roles")
    op.drop_constraint("fk_departments_head_id", "departments")
    op.drop_table("users")
    op.drop_table("departments")
