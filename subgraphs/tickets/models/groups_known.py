"""What this domain knows of groups: a copy, built of their events alone.

It is some moments old. It is for what cannot ask: choosing an assignee and escalating
inside a unit of work, finding the tickets of one's groups in SQL.
"""

from datetime import datetime

from sqlalchemy import ARRAY, DateTime, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from kit.database import IdText
from kit.outbox import cursor_table
from subgraphs.tickets.models.tables import Row

FEED_CURSORS = cursor_table(Row.metadata)


class KnownGroupRow(Row):
    """A group, as its last event told it; its words are the groups domain's."""

    __tablename__ = "groups_known"

    id: Mapped[str] = mapped_column(IdText, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    parent_id: Mapped[str | None] = mapped_column(IdText)
    department_id: Mapped[str | None] = mapped_column(IdText)
    lead_id: Mapped[str | None] = mapped_column(IdText)
    assignment_policy: Mapped[str] = mapped_column(Text)


class KnownMemberRow(Row):
    """Somebody in a group; ``capacity`` is how much they take on, None as they will."""

    __tablename__ = "group_members"
    __table_args__ = (Index(None, "user_id", "group_id"),)

    group_id: Mapped[str] = mapped_column(IdText, primary_key=True)
    user_id: Mapped[str] = mapped_column(IdText, primary_key=True)
    capacity: Mapped[int | None]
    skills: Mapped[list[str]] = mapped_column(ARRAY(Text))
    joined_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class KnownAvailabilityRow(Row):
    """Whether somebody can be given work, from when until when.

    Of those that have begun and not ended the last one counts; who has none is
    available.
    """

    __tablename__ = "availabilities_known"

    user_id: Mapped[str] = mapped_column(IdText, primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), primary_key=True
    )
    availability: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
