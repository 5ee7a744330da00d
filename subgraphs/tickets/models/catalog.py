"""What can be asked for, and the fields that an administrator adds to tickets."""

from datetime import datetime
from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Double,
    ForeignKey,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from kit.database import IdText
from subgraphs.tickets.models.tables import (
    LONGEST_NAME,
    Row,
    ServiceRow,
    instant,
    word,
)
from subgraphs.tickets.models.words import CustomFieldKind

LONGEST_KEY: Final = 50
LONGEST_VALUE: Final = 4_000
MOST_OPTIONS: Final = 200
MOST_FIELDS: Final = 100


class CatalogItemRow(Row):
    """Something the department offers; a service request asks for one."""

    __tablename__ = "catalog_items"
    __table_args__ = (
        CheckConstraint(f"length(name) BETWEEN 1 AND {LONGEST_NAME}", "name_length"),
    )

    id: Mapped[str] = mapped_column(IdText, primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    service_id: Mapped[str | None] = mapped_column(ForeignKey(ServiceRow.id))
    approval_required: Mapped[bool]
    retired_at: Mapped[datetime | None] = mapped_column(instant())


class CustomFieldRow(Row):
    """A field of a catalogue item's form, or, where that is null, of tickets."""

    __tablename__ = "custom_fields"
    __table_args__ = (
        UniqueConstraint("catalog_item_id", "key", postgresql_nulls_not_distinct=True),
        CheckConstraint(f"length(key) BETWEEN 1 AND {LONGEST_KEY}", "key_length"),
        CheckConstraint(f"length(label) BETWEEN 1 AND {LONGEST_NAME}", "label_length"),
    )

    id: Mapped[str] = mapped_column(IdText, primary_key=True)
    catalog_item_id: Mapped[str | None] = mapped_column(ForeignKey(CatalogItemRow.id))
    key: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)
    kind: Mapped[CustomFieldKind] = mapped_column(word(CustomFieldKind))
    required: Mapped[bool]
    options: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    max_length: Mapped[int | None] = mapped_column(Integer)
    minimum: Mapped[float | None] = mapped_column(Double)
    maximum: Mapped[float | None] = mapped_column(Double)
    applies_to: Mapped[list[str]] = mapped_column(ARRAY(Text))
    category_ids: Mapped[list[str]] = mapped_column(ARRAY(IdText))
    """In these categories and those inside them; empty: in all, and in none."""
    position: Mapped[int] = mapped_column(SmallInteger)
    retired_at: Mapped[datetime | None] = mapped_column(instant())
