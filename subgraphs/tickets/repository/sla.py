"""Statements about service levels: promises, histories, clocks, and what is due."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    any_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from kit.database import IdText, Query, row_within, rows_within, write_within
from kit.rounds import claimed
from subgraphs.tickets.models import (
    OPEN,
    THE_REVISION,
    CalendarRow,
    ClockRow,
    EventKind,
    EventRow,
    GoalRow,
    KnownGroupRow,
    PolicyRow,
    RevisionRow,
    SlaTarget,
    StatusRow,
    TicketRow,
)

NOTES: Final = [kind for kind in EventKind if kind.value.startswith("SLA_")]
COUNTING_KINDS: Final = (EventKind.CREATED, EventKind.RESPONDED, *NOTES)
COUNTING_FIELDS: Final = (
    "status",
    "priority",
    "type",
    "categoryId",
    "serviceId",
    "groupId",
    "assigneeId",
)


def one_of(words: Iterable[str]) -> Any:
    """Build a list of words to compare with, as one value."""
    return any_(literal(list(words), ARRAY(Text)))


_KEYS: Final = any_(bindparam("keys", type_=ARRAY(IdText)))
_REVISION: Final = select(RevisionRow.number).where(RevisionRow.id == THE_REVISION)
_GOALS: Final = (
    select(
        func.jsonb_agg(
            aggregate_order_by(
                func.jsonb_build_array(
                    GoalRow.target,
                    GoalRow.priority,
                    func.extract("epoch", GoalRow.within),
                ),
                GoalRow.target,
                GoalRow.priority,
            ),
            type_=JSONB,
        )
    )
    .where(GoalRow.policy_id == PolicyRow.id)
    .correlate(PolicyRow)
    .scalar_subquery()
)
_REVISION_READ: Final = Query(_REVISION)

CALENDARS: Final = select(*CalendarRow.__table__.c).order_by(
    CalendarRow.name, CalendarRow.id
)
POLICIES: Final = select(*PolicyRow.__table__.c, _GOALS.label("goals")).order_by(
    PolicyRow.position, PolicyRow.id
)
PROMISES: Final = (
    select(
        _REVISION.scalar_subquery().label("revision"),
        *PolicyRow.__table__.c,
        _GOALS.label("goals"),
        CalendarRow.time_zone,
        CalendarRow.hours,
        CalendarRow.holidays,
    )
    .join(CalendarRow, CalendarRow.id == PolicyRow.calendar_id)
    .order_by(PolicyRow.position, PolicyRow.id)
)
"""Every policy with its goals and its calendar's hours, the retired ones too."""

CALENDARS_READ: Final = Query(CALENDARS)
CALENDARS_BY_ID: Final = Query(CALENDARS.where(CalendarRow.id == _KEYS))
POLICIES_READ: Final = Query(POLICIES)
POLICIES_BY_ID: Final = Query(POLICIES.where(PolicyRow.id == _KEYS))
PROMISES_READ: Final = Query(PROMISES)
CLOCKS_BY_TICKET: Final = Query(
    select(_REVISION.scalar_subquery().label("revision"), *ClockRow.__table__.c).where(
        ClockRow.ticket_id == _KEYS
    )
)

_HISTORIES: Final = Query(
    select(
        _REVISION.scalar_subquery().label("revision"),
        EventRow.ticket_id,
        EventRow.seq,
        EventRow.kind,
        EventRow.at,
        EventRow.actor_id,
        EventRow.field,
        EventRow.before,
        EventRow.after,
    )
    .where(EventRow.ticket_id == _KEYS)
    .where(
        or_(
            EventRow.field == one_of(COUNTING_FIELDS),
            type_coerce(EventRow.kind, Text) == one_of(k.name for k in COUNTING_KINDS),
        )
    )
    .order_by(EventRow.ticket_id, EventRow.seq)
)

_LEADS: Final = Query(
    select(KnownGroupRow.id, KnownGroupRow.lead_id).where(KnownGroupRow.id == _KEYS)
)
_CLOCK: Final = ClockRow.__table__.c
_INSERT: Final = insert(ClockRow.__table__).values(  # pyright: ignore[reportArgumentType] - a mapped class's table is one
    {column.key: bindparam(column.key) for column in _CLOCK}
)
_UPSERT: Final = Query(
    _INSERT.on_conflict_do_update(
        index_elements=["ticket_id", "target"],
        set_={
            column.key: _INSERT.excluded[column.key]
            for column in _CLOCK
            if not column.primary_key
        },
    )
)


class Past(NamedTuple):
    """An event of a ticket that was written before, as far as clocks look at it."""

    ticket_id: str
    seq: int
    kind: EventKind
    at: datetime
    actor_id: str | None
    field: str | None
    before: Any
    after: Any


async def revision(session: AsyncSession) -> int:
    """Read the revision of the policies; 0 before there are any."""
    row = await row_within(session, _REVISION_READ)
    return row["number"] if row else 0


async def histories(
    session: AsyncSession, keys: Sequence[str]
) -> tuple[int, Sequence[Past]]:
    """Read of tickets' events what counts for clocks, and the revision with them."""
    rows = await rows_within(session, _HISTORIES, keys=list(keys))
    told = [
        Past(ticket_id, seq, EventKind(kind), *more)
        for _, ticket_id, seq, kind, *more in rows
    ]
    return (rows[0]["revision"] or 0 if rows else 0), told


async def promises(session: AsyncSession) -> Sequence[Any]:
    """Read every policy with its calendar."""
    return (await session.execute(PROMISES)).all()


async def has_clock(session: AsyncSession, ticket_id: str, target: SlaTarget) -> bool:
    """Say whether a ticket has such a clock."""
    clock = (ClockRow.ticket_id == ticket_id) & (ClockRow.target == target)
    return bool(await session.scalar(select(exists().where(clock))))


async def leads(
    session: AsyncSession, groups: Iterable[str | None]
) -> dict[str, str | None]:
    """Read who leads these groups, as the copy of their domain has it."""
    keys = [each for each in groups if each]
    rows = await rows_within(session, _LEADS, keys=keys)
    return {row["id"]: row["lead_id"] for row in rows}


async def statuses(session: AsyncSession) -> Sequence[Any]:
    """Read what each status means."""
    return (await session.execute(select(StatusRow.key, StatusRow.category))).all()


async def keep_clocks(session: AsyncSession, clocks: list[dict[str, Any]]) -> None:
    """Write how clocks stand, of tickets that are written already."""
    await write_within(session, _UPSERT, clocks)


Place = tuple[Any, str]
"""Where a ticket stands in the order in which they are claimed."""


async def claim_due(
    session: AsyncSession,
    now: datetime,
    quiet_since: datetime,
    *,
    last: Place | None,
    most: int,
) -> Sequence[TicketRow]:
    """Lock the next tickets of which a clock must be looked at.

    Those that an import tells of wait until no import has told of any ticket since
    ``quiet_since``: what happened to them before they were due may be yet to come.
    """
    other = aliased(TicketRow)
    under_way = exists().where(other.sla_told_at > quiet_since)
    return await _claim(
        session,
        TicketRow.sla_next_at,
        (
            TicketRow.sla_next_at <= now,
            or_(TicketRow.sla_told_at.is_(None), ~under_way),
        ),
        last,
        most,
    )


async def lock_told(session: AsyncSession, ids: Sequence[str]) -> Sequence[TicketRow]:
    """Lock those of some tickets that an import tells of."""
    statement = (
        select(TicketRow)
        .where(TicketRow.id.in_(ids), TicketRow.sla_told_at.is_not(None))
        .order_by(TicketRow.id)
        .with_for_update()
    )
    return (await session.scalars(statement)).all()


async def claim_stale(
    session: AsyncSession, current: int, *, last: Place | None, most: int
) -> Sequence[TicketRow]:
    """Lock the next open tickets whose clocks were read by policies of the past."""
    return await _claim(
        session,
        TicketRow.sla_revision,
        (OPEN, TicketRow.sla_revision < current),
        last,
        most,
    )


async def _claim(
    session: AsyncSession,
    by: Any,
    met: tuple[ColumnElement[bool] | Any, ...],
    last: Place | None,
    most: int,
) -> Sequence[TicketRow]:
    place = (by, TicketRow.id)
    statement = select(TicketRow).where(*met).order_by(*place)
    if last is not None:
        statement = statement.where(tuple_(*place) > tuple_(*last))
    found = await session.scalars(claimed(statement, TicketRow, most))
    return found.all()
