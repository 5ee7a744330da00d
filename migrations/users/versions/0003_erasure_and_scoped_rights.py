"""People can be erased; agents and managers see what is theirs, and no more."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID: Final = sa.Text(collation="C")

ROLES = sa.table(
    "roles",
    sa.column("id", sa.Text),
    sa.column("key", sa.Text),
    sa.column("name", sa.Text),
    sa.column("permissions", sa.ARRAY(sa.Text)),
    sa.column("built_in", sa.Boolean),
)
READ_ALL: Final = "tickets:read_all"
READ_GROUP: Final = "tickets:read_group"
READ_DEPARTMENT: Final = "tickets:read_department"
TRIAGE: Final = "tickets:triage"
ERASE: Final = "users:erase"

ADDED: Final = {
    "agent": [READ_GROUP],
    "manager": [READ_DEPARTMENT],
    "admin": [READ_GROUP, READ_DEPARTMENT, TRIAGE, ERASE],
}
DISPATCHER: Final = {
    "id": "rol_01m81agjpgezt8c5v0dqk3n4rw",
    "key": "dispatcher",
    "name": "Dispatcher",
    "permissions": [
        "users:read",
        "tickets:read",
        "tickets:write",
        "tickets:work",
        READ_GROUP,
        TRIAGE,
    ],
    "built_in": True,
}


def upgrade() -> None:
    op.add_column("users", sa.Column("erased_at", sa.DateTime(timezone=True)))
    op.add_column("users", sa.Column("erased_by_id", ID))
    op.create_check_constraint(
        "ck_users_erased_is_inactive", "users", "erased_at IS NULL OR NOT active"
    )
    op.create_index(
        "ix_users_erased",
        "users",
        ["erased_at", "id"],
        postgresql_where=sa.text("erased_at IS NOT NULL"),
    )
    for key, permissions in ADDED.items():
        for permission in permissions:
            give(key, permission)
    take("agent", READ_ALL)
    op.bulk_insert(ROLES, [DISPATCHER])


def give(key: str, permission: str) -> None:
    op.execute(
        ROLES.update()
        .where(
            ROLES.c.key == key,
            sa.func.array_position(ROLES.c.permissions, permission).is_(None),
        )
        .values(permissions=sa.func.array_append(ROLES.c.permissions, permission))
    )


def take(key: str, permission: str) -> None:
    op.execute(
        ROLES.update()
        .where(ROLES.c.key == key)
        .values(permissions=sa.func.array_remove(ROLES.c.permissions, permission))
    )


def downgrade() -> None:
    held = sa.table("role_assignments", sa.column("role_id", sa.Text))
    op.execute(held.delete().where(held.c.role_id == DISPATCHER["id"]))
    op.execute(ROLES.delete().where(ROLES.c.id == DISPATCHER["id"]))
    give("agent", READ_ALL)
    for key, permissions in ADDED.items():
        for permission in permissions:
            take(key, permission)
    op.drop_index("ix_users_erased", "users")
    op.drop_constraint("ck_users_erased_is_inactive", "users")
    op.drop_column("users", "erased_by_id")
    op.drop_column("users", "erased_at")
