"""What stands on a ticket about its clocks, so that lists can filter and sort by it."""

from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, Computed, DateTime
from sqlalchemy import Enum as EnumText
from sqlalchemy.orm import Mapped, mapped_column

from subgraphs.tickets.models.enums import SlaState

NEVER: Final = "9000-01-01 00:00:00+00"
"""Where a ticket that nothing is due for stands in the order of what is due."""


class Clocked:
    """A ticket's columns that are made of its clocks, whenever those are read anew."""

    first_responded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    sla_state: Mapped[SlaState | None] = mapped_column(
        EnumText(SlaState, native_enum=False, length=20, create_constraint=True)
    )
    """The worst of its clocks': breached before running, paused, met, cancelled."""
    sla_due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """The earliest due instant, or missed one, of those that have not stopped."""
    sla_due_order: Mapped[datetime] = mapped_column(
        DateTime(timezone=True),
        Computed(f"coalesce(sla_due_at, timestamptz '{NEVER}')", persisted=True),
    )
    sla_next_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """When a clock must be looked at, to warn or to note a breach."""
    sla_told_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """When an import last told of it; null where the last change was made here."""
    sla_revision: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """The revision of the policies that its clocks were read by."""
