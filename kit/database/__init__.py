"""A domain's PostgreSQL: units of work for writes, a fast path for reads."""

from kit.database.catalogue import IdText, naming_metadata
from kit.database.database import Database, reachable
from kit.database.faults import sqlstate
from kit.database.query import Query
from kit.database.within import (
    row_within,
    rows_within,
    write_in_flush,
    write_json,
    write_within,
)

__all__ = [
    "Database",
    "IdText",
    "Query",
    "naming_metadata",
    "reachable",
    "row_within",
    "rows_within",
    "sqlstate",
    "write_in_flush",
    "write_json",
    "write_within",
]
