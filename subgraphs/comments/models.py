"""What is kept about comments."""

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from kit.database import IdText, naming_metadata
from kit.idempotency import idempotency_table


class Row(DeclarativeBase):
    """The base of this domain's tables."""

    metadata = naming_metadata()


IDEMPOTENCY = idempotency_table(Row.metadata)


class CommentRow(Row):
    """What is known of one."""

    __tablename__ = "comments"
    __table_args__ = (
        CheckConstraint("length(name) BETWEEN 1 AND 200", "name_length"),
        Index(None, "name", "id"),
    )

    id: Mapped[str] = mapped_column(IdText, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
