"""Filters that have a name, and that people share."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kit.database import IdText
from subgraphs.tickets.models.enums import QueueVisibility
from subgraphs.tickets.models.tables import LONGEST_NAME, Row, instant, word


class QueueRow(Row):
    """A filter as a caller would write it, read anew each time it is used."""

    __tablename__ = "queues"
    __table_args__ = (
        CheckConstraint(f"length(name) BETWEEN 1 AND {LONGEST_NAME}", "name_length"),
        CheckConstraint("visibility <> 'GROUP' OR group_id IS NOT NULL", "group_named"),
    )

    id: Mapped[str] = mapped_column(IdText, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    visibility: Mapped[QueueVisibility] = mapped_column(word(QueueVisibility))
    owner_id: Mapped[str] = mapped_column(IdText, index=True)
    group_id: Mapped[str | None] = mapped_column(IdText, index=True)
    filter: Mapped[Any] = mapped_column(JSONB)
    order_by: Mapped[Any] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(instant())
    updated_at: Mapped[datetime] = mapped_column(instant())
    retired_at: Mapped[datetime | None] = mapped_column(instant())
