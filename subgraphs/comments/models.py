"""What is kept about comments, and what they said before they were changed."""

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

LONGEST_BODY: Final = 20_000
LONGEST_REASON: Final = 500
MOST_MENTIONS: Final = 20


class Visibility(Enum):
    """Who reads a comment: decided when it is written, and never again."""

    PUBLIC = "PUBLIC"
    INTERNAL = "INTERNAL"


class Source(Enum):
    """What a comment came through."""

    WEB = "WEB"
    EMAIL = "EMAIL"
    API = "API"
    SYSTEM = "SYSTEM"


class Row(DeclarativeBase):
    """The base of this domain's tables."""

    metadata = naming_metadata()


IDEMPOTENCY = idempotency_table(Row.metadata)
EVENTS = outbox_table(Row.metadata)
FEED_CLOCK = clock_table(Row.metadata)


def word(kind: type[Enum]) -> EnumText:
    """Store an enum as its word, checked by the database."""
    return EnumText(kind, native_enum=False, length=20, create_constraint=True)


class CommentRow(Row):
    """Something somebody said about a ticket.

    ``ticket_id``, ``author_id`` and the mentions are other domains' ids and kept as
    they came; the author is a user or a service account. A trigger keeps whose it is,
    of which ticket and who reads it as they were, and every row in its place: of a
    deleted one the text goes to `CommentVersionRow`, and the row stays.
    """

    __tablename__ = "comments"
    __table_args__ = (
        CheckConstraint(f"length(body) <= {LONGEST_BODY}", "body_length"),
        CheckConstraint("body <> '' OR deleted_at IS NOT NULL", "body_or_deleted"),
        CheckConstraint(
            f"length(deletion_reason) <= {LONGEST_REASON}", "deletion_reason_length"
        ),
        CheckConstraint(
            f"cardinality(mention_ids) <= {MOST_MENTIONS}", "mention_ids_count"
        ),
        CheckConstraint("in_reply_to_id <> id", "not_in_reply_to_itself"),
        Index(None, "ticket_id", "created_at", "id"),
        Index(None, "in_reply_to_id"),
    )

    id: Mapped[str] = mapped_column(IdText, primary_key=True)
    ticket_id: Mapped[str] = mapped_column(IdText)
    author_id: Mapped[str] = mapped_column(IdText)
    visibility: Mapped[Visibility] = mapped_column(word(Visibility))
    source: Mapped[Source] = mapped_column(word(Source))
    body: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    mention_ids: Mapped[list[str]] = mapped_column(ARRAY(IdText))
    in_reply_to_id: Mapped[str | None] = mapped_column(
        IdText, ForeignKey("comments.id")
    )
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    written_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
    edited_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    deleted_by_id: Mapped[str | None] = mapped_column(IdText)
    deletion_reason: Mapped[str | None] = mapped_column(Text)


class CommentVersionRow(Row):
    """What a comment said until somebody changed or deleted it; kept as it is."""

    __tablename__ = "comment_versions"

    comment_id: Mapped[str] = mapped_column(
        IdText, ForeignKey("comments.id"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    replaced_by_id: Mapped[str] = mapped_column(IdText)
