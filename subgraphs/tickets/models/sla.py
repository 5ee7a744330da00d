"""Service levels: calendars, policies with their goals, and the clocks of tickets."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Interval,
    SmallInteger,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kit.database import IdText
from subgraphs.tickets.models.enums import Priority, SlaState, SlaTarget
from subgraphs.tickets.models.tables import (
    LONGEST_NAME,
    Row,
    TicketRow,
    instant,
    word,
)

THE_REVISION: Final = 1
MOST_INTERVALS: Final = 10
MOST_HOLIDAYS: Final = 1_000
MOST_POLICIES: Final = 200
MOST_IDS: Final = 200

_ACTIVE: Final = text("retired_at IS NULL")


class RevisionRow(Row):
    """Grows with each change of a policy or calendar; one row, or none before any."""

    __tablename__ = "sla_revision"
    __table_args__ = (CheckConstraint(f"id = {THE_REVISION}", "one_row"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger)
    """In microseconds of time, so that no two databases have the same by chance."""


class CalendarRow(Row):
    """When a desk is open, by the wall clock of its zone."""

    __tablename__ = "business_calendars"
    __table_args__ = (
        CheckConstraint(f"length(name) BETWEEN 1 AND {LONGEST_NAME}", "name_length"),
        Index(
            "uq_business_calendars_name", "name", unique=True, postgresql_where=_ACTIVE
        ),
    )

    id: Mapped[str] = mapped_column(IdText, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text)
    hours: Mapped[list[list[list[int]]]] = mapped_column(JSONB)
    """Of seven days, Monday first: from a minute after midnight until another."""
    holidays: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """Each a ``date``, a ``name`` and the ``hours`` that are worked all the same."""
    created_at: Mapped[datetime] = mapped_column(instant(), server_default=func.now())
    retired_at: Mapped[datetime | None] = mapped_column(instant())
    version: Mapped[int] = mapped_column(default=1)


class PolicyRow(Row):
    """What is promised for which tickets; the first that fits a ticket counts."""

    __tablename__ = "sla_policies"
    __table_args__ = (
        CheckConstraint(f"length(name) BETWEEN 1 AND {LONGEST_NAME}", "name_length"),
        CheckConstraint("warn_percent BETWEEN 1 AND 99", "warn_percent"),
        Index("uq_sla_policies_name", "name", unique=True, postgresql_where=_ACTIVE),
    )

    id: Mapped[str] = mapped_column(IdText, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    position: Mapped[int]
    calendar_id: Mapped[str] = mapped_column(ForeignKey(CalendarRow.id))
    types: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Those it fits, as every list here; an empty one fits all."""
    category_ids: Mapped[list[str]] = mapped_column(ARRAY(IdText))
    service_ids: Mapped[list[str]] = mapped_column(ARRAY(IdText))
    group_ids: Mapped[list[str]] = mapped_column(ARRAY(IdText))
    pause_on: Mapped[list[str]] = mapped_column(ARRAY(Text))
    warn_percent: Mapped[int | None] = mapped_column(SmallInteger)
    escalates: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(instant(), server_default=func.now())
    retired_at: Mapped[datetime | None] = mapped_column(instant())
    version: Mapped[int] = mapped_column(default=1)


class GoalRow(Row):
    """How much business time a target may take at a priority."""

    __tablename__ = "sla_goals"
    __table_args__ = (CheckConstraint("within > interval '0'", "within"),)

    policy_id: Mapped[str] = mapped_column(ForeignKey(PolicyRow.id), primary_key=True)
    target: Mapped[SlaTarget] = mapped_column(word(SlaTarget), primary_key=True)
    priority: Mapped[Priority] = mapped_column(word(Priority), primary_key=True)
    within: Mapped[timedelta] = mapped_column(Interval)


class ClockRow(Row):
    """A ticket's clock as it stood at the last change; its history can tell it anew."""

    __tablename__ = "sla_clocks"
    __table_args__ = (
        CheckConstraint("(state = 'BREACHED') = (breached_at IS NOT NULL)", "breached"),
    )

    ticket_id: Mapped[str] = mapped_column(ForeignKey(TicketRow.id), primary_key=True)
    target: Mapped[SlaTarget] = mapped_column(word(SlaTarget), primary_key=True)
    policy_id: Mapped[str] = mapped_column(ForeignKey(PolicyRow.id))
    state: Mapped[SlaState] = mapped_column(word(SlaState))
    goal: Mapped[timedelta] = mapped_column(Interval)
    elapsed: Mapped[timedelta] = mapped_column(Interval)
    """By `since`, or in all where it does not run."""
    since: Mapped[datetime | None] = mapped_column(instant())
    """From when on more passes; null while it stands still."""
    due_at: Mapped[datetime | None] = mapped_column(instant())
    warned_at: Mapped[datetime | None] = mapped_column(instant())
    breached_at: Mapped[datetime | None] = mapped_column(instant())
    stopped_at: Mapped[datetime | None] = mapped_column(instant())
    escalated_at: Mapped[datetime | None] = mapped_column(instant())
    escalated_group_id: Mapped[str | None] = mapped_column(IdText)
    escalated_to_id: Mapped[str | None] = mapped_column(IdText)


OPEN: Final = text("status_category IN ('NEW', 'IN_PROGRESS', 'ON_HOLD')")
"""Said as the index says it, or PostgreSQL does not see that they are the same."""

Index(None, TicketRow.sla_due_order, TicketRow.id)
Index(None, TicketRow.sla_state, TicketRow.opened_at, TicketRow.id)
Index(
    None,
    TicketRow.sla_next_at,
    TicketRow.id,
    postgresql_where=text("sla_next_at IS NOT NULL"),
)
Index(None, TicketRow.sla_told_at, postgresql_where=text("sla_told_at IS NOT NULL"))
Index(None, TicketRow.sla_revision, TicketRow.id, postgresql_where=OPEN)
