"""What is kept about people, departments and roles."""

from datetime import datetime
from enum import Enum
from typing import Final

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy import Enum as EnumText
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from kit.database import IdText, naming_metadata
from kit.idempotency import idempotency_table
from kit.outbox import clock_table, outbox_table

LONGEST_NAME: Final = 200
LONGEST_EMAIL: Final = 254  # RFC 5321, section 4.5.3.1.3, without its brackets
LONGEST_CODE: Final = 40
LONGEST_KEY: Final = 40
LONGEST_PERMISSION: Final = 80
MOST_PERMISSIONS: Final = 200
LONGEST_LOCALE: Final = 35  # RFC 5646, section 4.4.1
LONGEST_ZONE: Final = 64

ADMIN: Final = "admin"
REQUESTER: Final = "requester"
"""Keys of built-in roles: who may do everything, and what everybody starts with."""


class RoleScope(Enum):
    """Where a role is held."""

    GLOBAL = "GLOBAL"
    DEPARTMENT = "DEPARTMENT"
    GROUP = "GROUP"


class Row(DeclarativeBase):
    """The base of this domain's tables."""

    metadata = naming_metadata()


IDEMPOTENCY = idempotency_table(Row.metadata)
EVENTS = outbox_table(Row.metadata)
FEED_CLOCK = clock_table(Row.metadata)


class DepartmentRow(Row):
    """A unit of the organisation, inside another one or at the top."""

    __tablename__ = "departments"
    __table_args__ = (
        CheckConstraint(f"length(code) BETWEEN 1 AND {LONGEST_CODE}", "code_length"),
        CheckConstraint(f"length(name) BETWEEN 1 AND {LONGEST_NAME}", "name_length"),
        CheckConstraint("parent_id <> id", "not_inside_itself"),
        Index(None, "name", "id"),
        Index(None, "parent_id", "name", "id"),
        Index(None, "head_id"),
    )

    id: Mapped[str] = mapped_column(IdText, primary_key=True)
    code: Mapped[str] = mapped_column(IdText, unique=True)
    name: Mapped[str] = mapped_column(Text)
    parent_id: Mapped[str | None] = mapped_column(IdText, ForeignKey("departments.id"))
    head_id: Mapped[str | None] = mapped_column(
        IdText, ForeignKey("users.id", use_alter=True)
    )
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
    updated_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )


class UserRow(Row):
    """A person; deactivated when they leave, never deleted."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint(
            f"length(email) BETWEEN 3 AND {LONGEST_EMAIL} AND email = lower(email)",
            "email_form",
        ),
        CheckConstraint(f"length(name) BETWEEN 1 AND {LONGEST_NAME}", "name_length"),
        CheckConstraint(f"length(locale) <= {LONGEST_LOCALE}", "locale_length"),
        CheckConstraint(f"length(time_zone) <= {LONGEST_ZONE}", "time_zone_length"),
        CheckConstraint("manager_id <> id", "not_their_own_manager"),
        CheckConstraint("erased_at IS NULL OR NOT active", "erased_is_inactive"),
        Index(
            "ix_users_erased",
            "erased_at",
            "id",
            postgresql_where=text("erased_at IS NOT NULL"),
        ),
        Index(None, "name", "id"),
        Index(None, "created_at", "id"),
        Index(None, "updated_at", "id"),
        Index(None, "department_id", "name", "id"),
        Index(None, "manager_id", "name", "id"),
    )

    id: Mapped[str] = mapped_column(IdText, primary_key=True)
    email: Mapped[str] = mapped_column(IdText, unique=True)
    name: Mapped[str] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(default=True)
    locale: Mapped[str] = mapped_column(Text, default="en")
    time_zone: Mapped[str] = mapped_column(Text, default="UTC")
    department_id: Mapped[str | None] = mapped_column(
        IdText, ForeignKey("departments.id")
    )
    manager_id: Mapped[str | None] = mapped_column(IdText, ForeignKey("users.id"))
    erased_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    erased_by_id: Mapped[str | None] = mapped_column(IdText)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
    updated_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )


class RoleRow(Row):
    """A named set of permissions; retired when nobody is to get it, never deleted."""

    __tablename__ = "roles"
    __table_args__ = (
        CheckConstraint(f"length(name) BETWEEN 1 AND {LONGEST_NAME}", "name_length"),
        CheckConstraint(
            f"cardinality(permissions) <= {MOST_PERMISSIONS}", "permissions_count"
        ),
        CheckConstraint("retired_at IS NULL OR NOT built_in", "built_in_stays"),
    )

    id: Mapped[str] = mapped_column(IdText, primary_key=True)
    key: Mapped[str] = mapped_column(IdText, unique=True)
    name: Mapped[str] = mapped_column(Text)
    permissions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    built_in: Mapped[bool] = mapped_column(default=False)
    retired_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class RoleAssignmentRow(Row):
    """A role that a person holds: everywhere, or in one department or group.

    ``group_id`` and ``granted_by_id`` are kept as they came: groups are another
    domain's, and who grants may be a service account.
    """

    __tablename__ = "role_assignments"
    __table_args__ = (
        CheckConstraint(
            "CASE scope"
            " WHEN 'GLOBAL' THEN department_id IS NULL AND group_id IS NULL"
            " WHEN 'DEPARTMENT' THEN department_id IS NOT NULL AND group_id IS NULL"
            " WHEN 'GROUP' THEN department_id IS NULL AND group_id IS NOT NULL"
            " ELSE false END",
            "scope_target",
        ),
        UniqueConstraint(
            "user_id",
            "role_id",
            "scope",
            "department_id",
            "group_id",
            name="uq_role_assignments_held_once",
            postgresql_nulls_not_distinct=True,
        ),
        Index(None, "role_id", "user_id"),
        Index(None, "department_id"),
    )

    id: Mapped[str] = mapped_column(IdText, primary_key=True)
    user_id: Mapped[str] = mapped_column(IdText, ForeignKey("users.id"))
    role_id: Mapped[str] = mapped_column(IdText, ForeignKey("roles.id"))
    scope: Mapped[RoleScope] = mapped_column(
        EnumText(RoleScope, native_enum=False, length=10, create_constraint=True)
    )
    department_id: Mapped[str | None] = mapped_column(
        IdText, ForeignKey("departments.id")
    )
    group_id: Mapped[str | None] = mapped_column(IdText)
    granted_by_id: Mapped[str | None] = mapped_column(IdText)
    granted_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
