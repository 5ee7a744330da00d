"""What is kept about groups, their members, and who is away."""

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
    func,
)
from sqlalchemy import Enum as EnumText
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from kit.database import IdText, naming_metadata
from kit.idempotency import idempotency_table
from kit.outbox import clock_table, outbox_table

LONGEST_NAME: Final = 200
LONGEST_EMAIL: Final = 254  # RFC 5321, section 4.5.3.1.3, without its brackets
LONGEST_SKILL: Final = 40
MOST_SKILLS: Final = 20
MOST_CAPACITY: Final = 1000
MOST_ABSENCES: Final = 20
"""Notes of one person that lie ahead."""


class GroupKind(Enum):
    """What a group is for."""

    ASSIGNMENT = "ASSIGNMENT"
    APPROVAL = "APPROVAL"
    NOTIFICATION = "NOTIFICATION"


class AssignmentPolicy(Enum):
    """How a group's tickets find somebody to work on them."""

    MANUAL = "MANUAL"
    ROUND_ROBIN = "ROUND_ROBIN"
    LEAST_LOADED = "LEAST_LOADED"
    SKILL_BASED = "SKILL_BASED"


class AbsentAssignees(Enum):
    """What becomes of work that somebody who is not there is given by name."""

    ALLOW = "ALLOW"
    WARN = "WARN"
    REFUSE = "REFUSE"


class Availability(Enum):
    """Whether somebody can be given work."""

    AVAILABLE = "AVAILABLE"
    BUSY = "BUSY"
    AWAY = "AWAY"
    OFF_SHIFT = "OFF_SHIFT"


class Row(DeclarativeBase):
    """The base of this domain's tables."""

    metadata = naming_metadata()


IDEMPOTENCY = idempotency_table(Row.metadata)
EVENTS = outbox_table(Row.metadata)
FEED_CLOCK = clock_table(Row.metadata)


def word(kind: type[Enum]) -> EnumText:
    """Store an enum as its word, checked by the database."""
    return EnumText(kind, native_enum=False, length=20, create_constraint=True)


class GroupRow(Row):
    """A team, inside another one or at the top.

    ``department_id`` and ``lead_id`` are users' and kept as they came; ``name_key``
    is the name as no two groups have it, in upper or lower case.
    """

    __tablename__ = "groups"
    __table_args__ = (
        CheckConstraint(f"length(name) BETWEEN 1 AND {LONGEST_NAME}", "name_length"),
        CheckConstraint(f"length(email) BETWEEN 3 AND {LONGEST_EMAIL}", "email_length"),
        CheckConstraint("parent_id <> id", "not_inside_itself"),
        Index(None, "name", "id"),
        Index(None, "kind", "name", "id"),
        Index(None, "parent_id", "name", "id"),
        Index(None, "department_id", "name", "id"),
    )

    id: Mapped[str] = mapped_column(IdText, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    name_key: Mapped[str] = mapped_column(IdText, unique=True)
    kind: Mapped[GroupKind] = mapped_column(word(GroupKind))
    parent_id: Mapped[str | None] = mapped_column(IdText, ForeignKey("groups.id"))
    department_id: Mapped[str | None] = mapped_column(IdText)
    lead_id: Mapped[str | None] = mapped_column(IdText)
    email: Mapped[str | None] = mapped_column(Text)
    assignment_policy: Mapped[AssignmentPolicy] = mapped_column(word(AssignmentPolicy))
    absent_assignees: Mapped[AbsentAssignees] = mapped_column(
        word(AbsentAssignees), default=AbsentAssignees.WARN
    )
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
    updated_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )


class GroupMemberRow(Row):
    """Somebody in a group; the user's id is kept as it came."""

    __tablename__ = "group_members"
    __table_args__ = (
        CheckConstraint(f"capacity BETWEEN 0 AND {MOST_CAPACITY}", "capacity_range"),
        CheckConstraint(f"cardinality(skills) <= {MOST_SKILLS}", "skills_count"),
        Index("ix_group_members_by_joining", "group_id", "joined_at", "user_id"),
        Index(None, "user_id", "group_id"),
    )

    group_id: Mapped[str] = mapped_column(
        IdText, ForeignKey("groups.id"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(IdText, primary_key=True)
    capacity: Mapped[int | None]
    skills: Mapped[list[str]] = mapped_column(ARRAY(Text))
    joined_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )


class AvailabilityRow(Row):
    """Whether somebody can be given work, from when until when.

    Of those that have begun and not ended the last one counts; who has none is
    available.
    """

    __tablename__ = "availabilities"

    user_id: Mapped[str] = mapped_column(IdText, primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), primary_key=True
    )
    availability: Mapped[Availability] = mapped_column(word(Availability))
    until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
