"""Events: written in the transaction that made them, read by whoever follows."""

from kit.outbox.feed import FeedSource, Part
from kit.outbox.record import record
from kit.outbox.tables import clock_table, cursor_table, outbox_table

__all__ = [
    "FeedSource",
    "Part",
    "clock_table",
    "cursor_table",
    "outbox_table",
    "record",
]
