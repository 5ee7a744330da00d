"""The tables: tickets, their history, and the data that rules are made of."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Sequence,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy import Enum as EnumText
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from kit.database import IdText, naming_metadata
from kit.idempotency import idempotency_table
from kit.outbox import clock_table
from subgraphs.tickets.models.clocked import Clocked
from subgraphs.tickets.models.enums import (
    Channel,
    EventKind,
    HoldReason,
    Impact,
    Priority,
    StatusCategory,
    TicketType,
    Urgency,
    Via,
)
from subgraphs.tickets.models.words import ApprovalState

LONGEST_TITLE: Final = 250
LONGEST_DESCRIPTION: Final = 20_000
LONGEST_NOTES: Final = 4_000
LONGEST_CODE: Final = 64
LONGEST_NAME: Final = 200
LONGEST_TAG: Final = 50
MOST_TAGS: Final = 20

RANKS: Final = "CASE priority {} ELSE 0 END".format(
    " ".join(f"WHEN '{each.value}' THEN {n}" for n, each in enumerate(Priority, 1))
)
"""PostgreSQL's own order of priorities, so that a list sorted by them has an index."""


class Row(DeclarativeBase):
    """The base of this domain's tables."""

    metadata = naming_metadata()


IDEMPOTENCY = idempotency_table(Row.metadata)
FEED_CLOCK = clock_table(Row.metadata)

NUMBERS: Final = Sequence("ticket_numbers", metadata=Row.metadata)
"""All types count together; a number that a failed transaction took is left out."""


def word(kind: type[Any]) -> EnumText:
    """Store an enum as its word, checked by the database."""
    return EnumText(kind, native_enum=False, length=20, create_constraint=True)


def instant() -> DateTime:
    """Store an instant."""
    return DateTime(timezone=True)


class StatusRow(Row):
    """A status inside one of the fixed categories."""

    __tablename__ = "statuses"
    __table_args__ = (UniqueConstraint("id", "category"),)

    id: Mapped[str] = mapped_column(IdText, primary_key=True)
    key: Mapped[str] = mapped_column(IdText, unique=True)
    name: Mapped[str] = mapped_column(Text)
    category: Mapped[StatusCategory] = mapped_column(word(StatusCategory))
    applies_to: Mapped[list[str]] = mapped_column(ARRAY(Text))
    position: Mapped[int] = mapped_column(SmallInteger)
    retired_at: Mapped[datetime | None] = mapped_column(instant())


class TransitionRow(Row):
    """A step that a type's workflow allows, what it demands, and what may block it."""

    __tablename__ = "transitions"

    type: Mapped[TicketType] = mapped_column(word(TicketType), primary_key=True)
    from_id: Mapped[str] = mapped_column(ForeignKey(StatusRow.id), primary_key=True)
    to_id: Mapped[str] = mapped_column(ForeignKey(StatusRow.id), primary_key=True)
    required_fields: Mapped[list[str]] = mapped_column(ARRAY(Text))
    checks: Mapped[list[str]] = mapped_column(ARRAY(Text))


class PriorityRow(Row):
    """One cell of the matrix: impact x urgency → priority."""

    __tablename__ = "priorities"

    impact: Mapped[Impact] = mapped_column(word(Impact), primary_key=True)
    urgency: Mapped[Urgency] = mapped_column(word(Urgency), primary_key=True)
    priority: Mapped[Priority] = mapped_column(word(Priority))


class CategoryRow(Row):
    """What a ticket is about, as a tree."""

    __tablename__ = "categories"
    __table_args__ = (
        CheckConstraint(f"length(name) BETWEEN 1 AND {LONGEST_NAME}", "name_length"),
        CheckConstraint("parent_id <> id", "not_inside_itself"),
        UniqueConstraint("parent_id", "name", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[str] = mapped_column(IdText, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    parent_id: Mapped[str | None] = mapped_column(IdText, ForeignKey("categories.id"))
    default_group_id: Mapped[str | None] = mapped_column(IdText)
    """Who gets what is opened in it without a group."""
    retired_at: Mapped[datetime | None] = mapped_column(instant())


class ServiceRow(Row):
    """What the IT department runs, and who answers for it."""

    __tablename__ = "services"
    __table_args__ = (
        CheckConstraint(f"length(name) BETWEEN 1 AND {LONGEST_NAME}", "name_length"),
    )

    id: Mapped[str] = mapped_column(IdText, primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    owner_id: Mapped[str | None] = mapped_column(IdText)
    retired_at: Mapped[datetime | None] = mapped_column(instant())


class TicketRow(Clocked, Row):
    """A ticket as it stands; how it came to be is in its history."""

    __tablename__ = "tickets"
    __table_args__ = (
        ForeignKeyConstraint(
            ["status_id", "status_category"], ["statuses.id", "statuses.category"]
        ),
        CheckConstraint(f"length(title) BETWEEN 1 AND {LONGEST_TITLE}", "title_length"),
        CheckConstraint(
            f"length(description) <= {LONGEST_DESCRIPTION}", "description_length"
        ),
        CheckConstraint(
            f"length(resolution_notes) <= {LONGEST_NOTES}", "resolution_notes_length"
        ),
        CheckConstraint(
            f"length(resolution_code) <= {LONGEST_CODE}", "resolution_code_length"
        ),
        CheckConstraint(f"cardinality(tags) <= {MOST_TAGS}", "tag_count"),
        CheckConstraint(
            "(status_category = 'ON_HOLD') = (hold_reason IS NOT NULL)", "hold_reason"
        ),
        CheckConstraint("merged_into_id <> id", "not_merged_into_itself"),
        Index(None, "opened_at", "id"),
        Index(None, "updated_at", "id"),
        Index(None, "resolved_at", "id"),
        Index(None, "closed_at", "id"),
        Index(
            None,
            "resolution_noted_at",
            "id",
            postgresql_where="resolution_noted_at IS NOT NULL",
        ),
        Index(None, "priority_rank", "id"),
        Index(None, "status_category", "opened_at", "id"),
        Index(None, "type", "opened_at", "id"),
        Index(None, "requester_id", "opened_at", "id"),
        Index(None, "opened_by_id", "opened_at", "id"),
        Index(None, "assignee_id", "opened_at", "id"),
        Index(None, "category_id", "opened_at", "id"),
        Index(None, "service_id", "opened_at", "id"),
        Index(None, "status_id", "opened_at", "id"),
        Index(None, "tags", postgresql_using="gin"),
        Index(None, "watcher_ids", postgresql_using="gin"),
        Index(
            None, "merged_into_id", postgresql_where=text("merged_into_id IS NOT NULL")
        ),
        Index(None, "priority_rank", "opened_at", "id"),
        Index(
            "ix_tickets_urgent_and_new",
            "priority_rank",
            text("opened_at DESC"),
            text("id DESC"),
        ),
        Index(
            "ix_tickets_trigrams",
            "title",
            "number",
            postgresql_using="gin",
            postgresql_ops={"title": "gin_trgm_ops", "number": "gin_trgm_ops"},
        ),
        Index(None, "custom_fields", postgresql_using="gin"),
    )

    id: Mapped[str] = mapped_column(IdText, primary_key=True)
    number: Mapped[str] = mapped_column(IdText, unique=True)
    type: Mapped[TicketType] = mapped_column(word(TicketType))
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)
    channel: Mapped[Channel] = mapped_column(word(Channel))
    status_id: Mapped[str] = mapped_column(IdText)
    status_category: Mapped[StatusCategory] = mapped_column(word(StatusCategory))
    hold_reason: Mapped[HoldReason | None] = mapped_column(word(HoldReason))
    impact: Mapped[Impact] = mapped_column(word(Impact))
    urgency: Mapped[Urgency] = mapped_column(word(Urgency))
    priority: Mapped[Priority] = mapped_column(word(Priority))
    priority_rank: Mapped[int] = mapped_column(
        SmallInteger, Computed(RANKS, persisted=True)
    )
    priority_overridden: Mapped[bool] = mapped_column(default=False)
    requester_id: Mapped[str] = mapped_column(IdText)
    opened_by_id: Mapped[str | None] = mapped_column(IdText)
    assignee_id: Mapped[str | None] = mapped_column(IdText)
    group_id: Mapped[str | None] = mapped_column(IdText)
    requester_department_id: Mapped[str | None] = mapped_column(IdText)
    category_id: Mapped[str | None] = mapped_column(ForeignKey(CategoryRow.id))
    service_id: Mapped[str | None] = mapped_column(ForeignKey(ServiceRow.id))
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    watcher_ids: Mapped[list[str]] = mapped_column(
        ARRAY(IdText), default=list, server_default="{}"
    )
    """Who is in `WatcherRow`, for the rules: a watcher sees the ticket."""
    merged_into_id: Mapped[str | None] = mapped_column(ForeignKey("tickets.id"))
    details: Mapped[Any] = mapped_column(JSONB(none_as_null=True), nullable=True)
    """What its type alone has, by the graph's names; null: nothing."""
    custom_fields: Mapped[dict[str, Any]] = mapped_column(
        JSONB, default=dict, server_default="{}"
    )
    approval_state: Mapped[ApprovalState | None] = mapped_column(word(ApprovalState))
    """Null: nobody's consent is needed."""
    resolution_code: Mapped[str | None] = mapped_column(Text)
    resolution_notes: Mapped[str | None] = mapped_column(Text)
    resolved_by_id: Mapped[str | None] = mapped_column(IdText)
    reassignment_count: Mapped[int] = mapped_column(default=0)
    reopen_count: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime] = mapped_column(instant())
    created_at: Mapped[datetime] = mapped_column(instant(), server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(instant())
    resolved_at: Mapped[datetime | None] = mapped_column(instant())
    closed_at: Mapped[datetime | None] = mapped_column(instant())
    ended_at: Mapped[datetime | None] = mapped_column(instant())
    """Since when nobody works on it; null while somebody does."""
    resolution_noted_at: Mapped[datetime | None] = mapped_column(instant())
    """When we were told that it is resolved; null while it is not.

    Long after `resolved_at` for an imported one, which has its whole time from then.
    """
    version: Mapped[int] = mapped_column(default=1)
    history_length: Mapped[int] = mapped_column(default=0)


class EventRow(Row):
    """Something that happened to a ticket; written once, never changed."""

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("ticket_id", "seq"),
        CheckConstraint("seq > 0", "seq_from_one"),
        Index(None, "stamp", "place"),
    )

    id: Mapped[str] = mapped_column(IdText, primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey(TicketRow.id))
    seq: Mapped[int]
    kind: Mapped[EventKind] = mapped_column(word(EventKind))
    at: Mapped[datetime] = mapped_column(instant())
    recorded_at: Mapped[datetime] = mapped_column(instant(), server_default=func.now())
    actor_id: Mapped[str | None] = mapped_column(IdText)
    via: Mapped[Via] = mapped_column(word(Via))
    field: Mapped[str | None] = mapped_column(Text)
    before: Mapped[Any] = mapped_column(JSONB(none_as_null=True), nullable=True)
    after: Mapped[Any] = mapped_column(JSONB(none_as_null=True), nullable=True)
    note: Mapped[str | None] = mapped_column(Text)
    request_id: Mapped[str | None] = mapped_column(Text)
    stamp: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    place: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    """Where it stands in the feed of all tickets' events; a trigger fills both."""
