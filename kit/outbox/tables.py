"""The tables of an outbox: what happened, and the place of each event in the feed."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from kit.database import IdText

CLOCK: Final = "feed_clock"


def outbox_table(metadata: MetaData) -> Table:
    """Give a domain the table of its events; `record` alone writes it.

    ``seq`` counts an entity's events from 1, with no gap. ``stamp`` and ``place`` say
    where an event stands in the feed. A trigger (`kit.outbox.ddl`) fills all three.
    """
    return Table(
        "events",
        metadata,
        Column("id", IdText, primary_key=True),
        Column("entity_id", IdText, nullable=False),
        Column("seq", Integer, nullable=False, server_default=text("0")),
        Column("kind", Text, nullable=False),
        Column(
            "at", DateTime(timezone=True), nullable=False, server_default=func.now()
        ),
        Column("actor_id", IdText),
        Column("request_id", Text),
        Column("payload", JSONB(none_as_null=False), nullable=False),
        Column("stamp", BigInteger, nullable=False, server_default=text("0")),
        Column("place", BigInteger, nullable=False, server_default=text("0")),
        UniqueConstraint("entity_id", "seq"),
        CheckConstraint("seq > 0", "seq_from_one"),
        Index(None, "stamp", "place"),
    )


def clock_table(metadata: MetaData) -> Table:
    """Give a domain the one row that says how far stamps run ahead.

    They are the server's transaction ids, and these begin anew where a dump is
    restored; ``ahead`` is then what is added, so that new events come after old ones.
    """
    return Table(
        CLOCK,
        metadata,
        Column("id", SmallInteger, primary_key=True, autoincrement=False),
        Column("ahead", BigInteger, nullable=False, server_default=text("0")),
        CheckConstraint("id = 1", "one_row"),
    )


def cursor_table(metadata: MetaData) -> Table:
    """Give a domain that follows others the table of how far it has come."""
    return Table(
        "feed_cursors",
        metadata,
        Column("follower", IdText, primary_key=True),
        Column("cursor", Text),
        Column("applied", BigInteger, nullable=False, server_default=text("0")),
        Column(
            "moved_at",
            DateTime(timezone=True),
            nullable=False,
            server_default=func.now(),
        ),
    )
