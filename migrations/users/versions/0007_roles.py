"""Administrators may say what roles allow; roles are retired, and have versions."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ROLES = sa.table(
    "roles",
    sa.column("key", sa.Text),
    sa.column("permissions", sa.ARRAY(sa.Text)),
)
ADDED: Final = "roles:manage"


def upgrade() -> None:
    op.add_column("roles", sa.Column("retired_at", sa.DateTime(timezone=True)))
    op.add_column(
        "roles", sa.Column("version", sa.Integer, nullable=False, server_default="1")
    )
    op.create_check_constraint(
        op.f("ck_roles_permissions_count"), "roles", "cardinality(permissions) <= 200"
    )
    op.create_check_constraint(
        op.f("ck_roles_built_in_stays"), "roles", "retired_at IS NULL OR NOT built_in"
    )
    op.execute(
        ROLES.update()
        .where(
            ROLES.c.key == "admin",
            sa.func.array_position(ROLES.c.permissions, ADDED).is_(None),
        )
        .values(permissions=sa.func.array_append(ROLES.c.permissions, ADDED))
    )


def downgrade() -> None:
    op.execute(
        ROLES.update()
        .where(ROLES.c.key == "admin")
        .values(permissions=sa.func.array_remove(ROLES.c.permissions, ADDED))
    )
    op.drop_constraint(op.f("ck_roles_built_in_stays"), "roles")
    op.drop_constraint(op.f("ck_roles_permissions_count"), "roles")
    op.drop_column("roles", "version")
    op.drop_column("roles", "retired_at")
