"""Whose turn it is in a group: written by automatic assignment alone."""

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kit.database import IdText
from subgraphs.tickets.models.sla import OPEN
from subgraphs.tickets.models.tables import Row, TicketRow


class RotationRow(Row):
    """A group that tickets are assigned in; whoever chooses for it holds the row."""

    __tablename__ = "rotations"

    group_id: Mapped[str] = mapped_column(IdText, primary_key=True)
    turns: Mapped[int] = mapped_column(BigInteger, default=0)
    """How often somebody was chosen."""


class TurnRow(Row):
    """When somebody of a group was chosen last, as the number of that turn."""

    __tablename__ = "turns"

    group_id: Mapped[str] = mapped_column(
        IdText, ForeignKey(RotationRow.group_id), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(IdText, primary_key=True)
    turn: Mapped[int] = mapped_column(BigInteger)


Index(
    "ix_tickets_open_work",
    TicketRow.group_id,
    TicketRow.assignee_id,
    postgresql_where=OPEN,
)
