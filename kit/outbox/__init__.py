"""Events: written in the transaction that made them, read by whoever follows."""

from kit.outbox.feed import FeedSource, Part
from kit.outbox.record import record, record_all
from kit.outbox.tables import clock_table, cursor_table, outbox_table
from kit.outbox.watch import Batch, Watch

__all__ = [
    "Batch",
    "FeedSource",
    "Part",
    "Watch",
    "clock_table",
    "cursor_table",
    "outbox_table",
    "record",
    "record_all",
]
