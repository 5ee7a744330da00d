"""Where somebody enters who wants to know what administrators have set."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Annotated

import asyncpg
import strawberry

from kit.filters import EVERYTHING
from kit.pagination import page_of
from kit.types import FORWARD, After, First, fill
from subgraphs.tickets import policy
from subgraphs.tickets.context import Info
from subgraphs.tickets.models import TicketType
from subgraphs.tickets.repository import counting, pages, reads, settings
from subgraphs.tickets.repository.reads import OF_TICKETS
from subgraphs.tickets.types.catalog import CatalogItem, CustomFieldDefinition
from subgraphs.tickets.types.workflow import (
    PriorityCell,
    ResolutionCode,
    TicketLifecycle,
    TicketSettingChange,
    TicketSettingChangeConnection,
    WorkflowStep,
)
from subgraphs.tickets.types.workflow_reads import matrix_of, workflow_of

SEES = [["tickets:read"]]
MANAGES = [["tickets:manage"]]

Retired = Annotated[bool, strawberry.argument(description="Those out of use as well.")]


def in_use(
    rows: Iterable[asyncpg.Record],
    *,
    include_retired: bool,
    type: TicketType | None = None,
) -> Iterator[asyncpg.Record]:
    """Give what is in use, or was as well; with ``type`` what applies to it."""
    return (
        row
        for row in rows
        if (type is None or type.value in row["applies_to"])
        and (include_retired or row["retired_at"] is None)
    )


@strawberry.type(description="What is set.")
class SettingsQueries:
    @strawberry.federation.field(
        description="What of a ticket's life goes by the calendar. Null where it may "
        "not be read. Requires tickets:read.",
        authenticated=True,
        requires_scopes=SEES,
    )
    async def ticket_lifecycle(self, info: Info) -> TicketLifecycle | None:
        if not policy.can_read_settings(info.context.identity):
            return None
        row = await info.context.loaders.lifecycle.load(1)
        return TicketLifecycle.from_row(row) if row else None

    @strawberry.federation.field(
        description="Every step of a type's workflow, from its first status on. "
        "Requires tickets:read.",
        authenticated=True,
        requires_scopes=SEES,
    )
    async def ticket_workflow(
        self,
        info: Info,
        *,
        type: Annotated[TicketType, strawberry.argument(description="Whose.")],
    ) -> list[WorkflowStep]:
        return await workflow_of(info, type)

    @strawberry.federation.field(
        description="The kinds of solution in use, by name. Where a type has any, its "
        "tickets are solved by one of them; where it has none, by any text. Requires "
        "tickets:read.",
        authenticated=True,
        requires_scopes=SEES,
    )
    async def resolution_codes(
        self,
        info: Info,
        *,
        type: Annotated[
            TicketType | None,
            strawberry.argument(description="Only those of this type; null: all."),
        ] = None,
        include_retired: Retired = False,
    ) -> list[ResolutionCode]:
        rows = await info.context.loaders.settings(settings.RESOLUTION_CODES)
        return [
            ResolutionCode.from_row(row)
            for row in in_use(rows, include_retired=include_retired, type=type)
        ]

    @strawberry.federation.field(
        description="What priority follows from impact and urgency: all nine cells, "
        "the highest first. Requires tickets:read.",
        authenticated=True,
        requires_scopes=SEES,
    )
    async def priority_matrix(self, info: Info) -> list[PriorityCell]:
        return await matrix_of(info)

    @strawberry.federation.field(
        description="What can be asked for, by name. Requires tickets:read.",
        authenticated=True,
        requires_scopes=SEES,
    )
    async def catalog(
        self, info: Info, *, include_retired: Retired = False
    ) -> list[CatalogItem]:
        rows = await info.context.loaders.settings(reads.CATALOG)
        return [
            CatalogItem.from_row(row)
            for row in in_use(rows, include_retired=include_retired)
        ]

    @strawberry.federation.field(
        description="The fields that administrators added to tickets, in their order. "
        "Requires tickets:read.",
        authenticated=True,
        requires_scopes=SEES,
    )
    async def custom_fields(
        self,
        info: Info,
        *,
        type: Annotated[
            TicketType | None,
            strawberry.argument(description="Only those of this type; null: all."),
        ] = None,
        include_retired: Retired = False,
    ) -> list[CustomFieldDefinition]:
        rows = await info.context.loaders.fields_by_item.load(OF_TICKETS)
        return [
            CustomFieldDefinition.from_row(row)
            for row in in_use(rows, include_retired=include_retired, type=type)
        ]

    @strawberry.federation.field(
        description="Who changed which setting when, the latest first. Requires "
        "tickets:manage.",
        authenticated=True,
        requires_scopes=MANAGES,
        directives=[FORWARD],
    )
    async def ticket_setting_changes(
        self, info: Info, *, first: First = None, after: After = None
    ) -> TicketSettingChangeConnection:
        page = page_of(settings.LATEST_FIRST, first=first, after=after)
        allowed = policy.can_manage(info.context.identity)
        met = EVERYTHING if allowed else policy.NOTHING
        listing = (info.context.database, settings.SETTING_CHANGES, met)
        rows = await pages.page_rows(*listing, page)
        count = partial(counting.count_rows, *listing)
        make = TicketSettingChange.from_row
        return fill(TicketSettingChangeConnection, page, rows, make, count)
