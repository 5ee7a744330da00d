"""What a ticket has to do with people beside it, and with other tickets."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.database import IdText
from subgraphs.tickets.models.enums import LinkKind, WatchReason
from subgraphs.tickets.models.tables import Row, TicketRow, instant, word


class WatcherRow(Row):
    """Somebody who follows a ticket, and may therefore see it."""

    __tablename__ = "ticket_watchers"

    ticket_id: Mapped[str] = mapped_column(ForeignKey(TicketRow.id), primary_key=True)
    user_id: Mapped[str] = mapped_column(IdText, primary_key=True)
    reason: Mapped[WatchReason] = mapped_column(word(WatchReason))
    added_at: Mapped[datetime] = mapped_column(instant())


class LinkRow(Row):
    """What one ticket is to another, said once and read from both ends."""

    __tablename__ = "ticket_links"
    __table_args__ = (
        CheckConstraint("from_id <> to_id", "two_ends"),
        CheckConstraint("kind <> 'RELATES_TO' OR from_id < to_id", "said_once"),
        UniqueConstraint("from_id", "to_id", "kind"),
        Index(None, "from_id", "id"),
        Index(None, "to_id", "id"),
        Index(
            "ix_ticket_links_one_parent",
            "to_id",
            unique=True,
            postgresql_where=text("kind = 'PARENT_OF'"),
        ),
    )

    id: Mapped[str] = mapped_column(IdText, primary_key=True)
    from_id: Mapped[str] = mapped_column(ForeignKey(TicketRow.id))
    to_id: Mapped[str] = mapped_column(ForeignKey(TicketRow.id))
    kind: Mapped[LinkKind] = mapped_column(word(LinkKind))
    linked_at: Mapped[datetime] = mapped_column(instant())
    linked_by_id: Mapped[str | None] = mapped_column(IdText)
