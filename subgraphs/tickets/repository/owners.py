"""The owners whose rows one statement reads: their keys, as a table."""

from typing import Any

from sqlalchemy import ARRAY, Text, bindparam, func
from sqlalchemy import column as name_of
from sqlalchemy.sql.selectable import TableValuedAlias

from kit.database import IdText


def owner_keys() -> TableValuedAlias:
    """Build the keys bound as ``keys``, as the column ``owner_key``."""
    many: Any = bindparam("keys", type_=ARRAY(IdText))
    return (
        func.unnest(many)
        .table_valued(name_of("owner_key", Text))
        .render_derived("keys")
    )
