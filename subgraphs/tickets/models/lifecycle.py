"""What of a ticket's life goes by the calendar: one row, which administrators set."""

from datetime import timedelta
from typing import Final

from sqlalchemy import CheckConstraint, Interval, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from subgraphs.tickets.models.tables import Row

THE_ROW: Final = 1


class LifecycleRow(Row):
    """How long a ticket may be reopened, and when a resolved one closes by itself."""

    __tablename__ = "lifecycle"
    __table_args__ = (
        CheckConstraint(f"id = {THE_ROW}", "one_row"),
        CheckConstraint("reopen_within >= interval '0'", "reopen_within"),
        CheckConstraint("close_after >= interval '0'", "close_after"),
    )

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    reopen_within: Mapped[timedelta | None] = mapped_column(Interval)
    """Since its end; null: for ever."""
    close_after: Mapped[timedelta | None] = mapped_column(Interval)
    """Since it was resolved; null: never."""
