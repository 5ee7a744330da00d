"""What filters on custom fields mean in SQL, for any key in the same words."""

from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, func
from sqlalchemy.dialects.postgresql import JSONB

from kit.filters import OPERATORS
from subgraphs.tickets.models import TicketRow


def by_custom_field(operator: str, value: ColumnElement[Any]) -> ColumnElement[bool]:
    """Compare custom fields, by the index on them.

    ``holds`` takes what the fields must contain, such as ``{"site": "Bonn"}``;
    ``filled`` a key; ``contains`` and ``starts_with`` a key and a text.
    """
    fields = TicketRow.custom_fields
    if operator == "holds":
        return fields.op("@>", is_comparison=True)(cast(value, JSONB))
    if operator == "filled":
        return fields.op("?", is_comparison=True)(cast(value, Text))
    key, text = (
        func.jsonb_extract_path_text(cast(value, JSONB), place) for place in ("0", "1")
    )
    found = func.jsonb_extract_path_text(fields, key)
    return and_(
        fields.op("?", is_comparison=True)(key),
        OPERATORS[operator](found, text),
    )
