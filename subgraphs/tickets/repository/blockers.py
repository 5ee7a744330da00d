"""What the workflow's checks look at: one condition in SQL for each of them.

A check joins by joining `BLOCKS`, and `service/blockers.py` with its sentence.
"""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    any_,
    bindparam,
    cast,
    exists,
    or_,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from kit.database import IdText, Query
from subgraphs.tickets.models import (
    ENDED,
    ApprovalState,
    LinkKind,
    LinkRow,
    TicketRow,
    TransitionCheck,
)


def _unsaid(name: str) -> ColumnElement[bool]:
    return TicketRow.details[name].as_string().is_(None)


CHILD: Final = aliased(TicketRow)

BLOCKS: Final[dict[TransitionCheck, ColumnElement[bool]]] = {
    TransitionCheck.OPEN_CHILDREN: exists(
        select(true())
        .select_from(LinkRow)
        .join(CHILD, CHILD.id == LinkRow.to_id)
        .where(
            LinkRow.from_id == TicketRow.id,
            cast(LinkRow.kind, Text) == LinkKind.PARENT_OF.value,
            *(cast(CHILD.status_category, Text) != each.value for each in ENDED),
        )
        .correlate(TicketRow)
    ),
    TransitionCheck.APPROVAL_PENDING: cast(TicketRow.approval_state, Text)
    != ApprovalState.GRANTED.value,
    TransitionCheck.MISSING_ROOT_CAUSE: _unsaid("rootCause"),
    TransitionCheck.MISSING_PLAN: or_(
        _unsaid("plannedStartAt"), _unsaid("plannedEndAt"), _unsaid("backoutPlan")
    ),
    TransitionCheck.MISSING_GROUP: TicketRow.group_id.is_(None),
    TransitionCheck.MISSING_ASSIGNEE: TicketRow.assignee_id.is_(None),
    TransitionCheck.MISSING_CATEGORY: TicketRow.category_id.is_(None),
}
"""When a ticket blocks a step that has this check; unknown counts as no."""

BLOCKERS_BY_TICKET: Final = Query(
    select(
        TicketRow.id, *(met.label(check.value) for check, met in BLOCKS.items())
    ).where(TicketRow.id == any_(bindparam("keys", type_=ARRAY(IdText))))
)
"""Every check of many tickets, as a column named like it."""


async def blocking(
    session: AsyncSession, ticket_id: str, checks: Collection[str]
) -> list[TransitionCheck]:
    """Say which of these checks a ticket does not pass at this moment."""
    looked_at = [check for check in BLOCKS if check.value in checks]
    if not looked_at:
        return []
    columns: list[ColumnElement[Any]] = [BLOCKS[check] for check in looked_at]
    row = (
        await session.execute(select(*columns).where(TicketRow.id == ticket_id))
    ).one()
    return [check for check, met in zip(looked_at, row, strict=True) if met]
