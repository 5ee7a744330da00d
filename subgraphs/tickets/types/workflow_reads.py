"""Whole settings as queries and payloads both answer them."""

from typing import Final

from subgraphs.tickets.context import Info
from subgraphs.tickets.models import Impact, TicketType, Urgency
from subgraphs.tickets.repository import settings
from subgraphs.tickets.types.workflow import PriorityCell, WorkflowStep

RANKS: Final = {
    word.value: n for kind in (Impact, Urgency) for n, word in enumerate(kind)
}


async def workflow_of(info: Info, kind: TicketType) -> list[WorkflowStep]:
    """Read a type's workflow, for who may read settings."""
    rows = await info.context.loaders.settings(settings.WORKFLOW)
    return [WorkflowStep.from_row(row) for row in rows if row["type"] == kind.value]


async def matrix_of(info: Info) -> list[PriorityCell]:
    """Read the whole matrix, for who may read settings, the highest first."""
    rows = await info.context.loaders.settings(settings.PRIORITIES)
    rows.sort(key=lambda row: (RANKS[row["impact"]], RANKS[row["urgency"]]))
    return [PriorityCell(**row) for row in rows]
