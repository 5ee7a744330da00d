"""Saying that an import is over, as a mutation."""

from typing import Annotated

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from kit.writes import without_asking
from subgraphs.tickets.context import Info
from subgraphs.tickets.mutations.carry_out import Written, carry_out
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.sla.conclude import conclude_import
from subgraphs.tickets.types.imports import ConcludeImportInput, ConcludeImportPayload


@strawberry.type(description="What an import does beside telling of tickets.")
class ImportMutations:
    @strawberry.federation.field(
        description="Say that an import tells nothing more of some tickets: their "
        "clocks, which stood at what it told last, go on in the present at once rather "
        "than a quarter of an hour later. Requires tickets:import.",
        authenticated=True,
        requires_scopes=[["tickets:import"]],
    )
    async def conclude_import(
        self,
        info: Info,
        input: Annotated[
            ConcludeImportInput, strawberry.argument(description="Of which tickets.")
        ],
    ) -> ConcludeImportPayload:
        async def work(session: AsyncSession, act: Act) -> Written:
            return {"concluded": await conclude_import(session, act, input.ids)}

        done = await carry_out(info, "concludeImport", input, without_asking(work))
        return ConcludeImportPayload(
            concluded=done.written.get("concluded", 0),
            user_errors=done.user_errors,
            repeated=done.repeated,
        )
