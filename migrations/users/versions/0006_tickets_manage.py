"""Administrators may set what tickets are measured by."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None

ROLES = sa.table(
    "roles",
    sa.column("key", sa.Text),
    sa.column("permissions", sa.ARRAY(sa.Text)),
)
ADDED = "tickets:manage"


def upgrade() -> None:
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
