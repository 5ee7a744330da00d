"""What administrators set of a ticket's life, and what they changed of it when."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    CheckConstraint,
    Identity,
    Interval,
    SmallInteger,
    Text,
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kit.database import IdText
from subgraphs.tickets.models.tables import (
    LONGEST_CODE,
    LONGEST_NAME,
    Row,
    instant,
    word,
)
from subgraphs.tickets.models.words import SettingSubject

THE_ROW: Final = 1


class LifecycleRow(Row):
    """What becomes of a ticket by the calendar, and by a reply."""

    __tablename__ = "lifecycle"
    __table_args__ = (
        CheckConstraint(f"id = {THE_ROW}", "one_row"),
        CheckConstraint("reopen_within >= interval '0'", "reopen_within"),
        CheckConstraint("close_after >= interval '0'", "close_after"),
    )

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    reopen_within: Mapped[timedelta | None] = mapped_column(Interval)
    """Since its end; null: for ever."""
    close_after: Mapped[timedelta | None] = mapped_column(Interval)
    """Since it was resolved; null: never."""
    resume_on_reply: Mapped[list[str]] = mapped_column(
        ARRAY(Text), server_default=text("ARRAY['REQUESTER']")
    )
    """For which hold reasons a requester's reply takes a ticket off hold."""
    reopen_on_reply: Mapped[bool] = mapped_column(server_default=false())
    """Whether a requester's reply reopens a ticket that is resolved."""


class ResolutionCodeRow(Row):
    """A kind of solution; where a type of ticket has any, its solutions are of one."""

    __tablename__ = "resolution_codes"
    __table_args__ = (
        CheckConstraint(f"length(code) BETWEEN 1 AND {LONGEST_CODE}", "code_length"),
        CheckConstraint(f"length(name) BETWEEN 1 AND {LONGEST_NAME}", "name_length"),
    )

    id: Mapped[str] = mapped_column(IdText, primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    applies_to: Mapped[list[str]] = mapped_column(ARRAY(Text))
    retired_at: Mapped[datetime | None] = mapped_column(instant())


class SettingChangeRow(Row):
    """A change of a setting; written once, never changed."""

    __tablename__ = "setting_changes"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(instant(), server_default=func.now())
    actor_id: Mapped[str | None] = mapped_column(IdText)
    subject: Mapped[SettingSubject] = mapped_column(word(SettingSubject))
    key: Mapped[str] = mapped_column(Text)
    before: Mapped[Any] = mapped_column(JSONB(none_as_null=True), nullable=True)
    after: Mapped[Any] = mapped_column(JSONB(none_as_null=True), nullable=True)
    request_id: Mapped[str | None] = mapped_column(Text)
