"""Where somebody who works through queues enters."""

from typing import Annotated

import strawberry

from subgraphs.tickets.context import Info
from subgraphs.tickets.types.queues import Queue, queue_by_id, visible_queues

SEES = [["tickets:read"]]


@strawberry.type
class QueueQueries:
    @strawberry.federation.field(
        description="A queue, by its id. Null if there is none that the viewer may "
        "see. Requires tickets:read.",
        authenticated=True,
        requires_scopes=SEES,
    )
    async def queue(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")],
    ) -> Queue | None:
        return await queue_by_id(info, id)

    @strawberry.federation.field(
        description="The queues that the viewer may see, by name. Requires "
        "tickets:read.",
        authenticated=True,
        requires_scopes=SEES,
    )
    async def queues(
        self,
        info: Info,
        mine: Annotated[
            bool,
            strawberry.argument(
                description="Only those that they made, and those of their groups."
            ),
        ] = True,
    ) -> list[Queue]:
        return await visible_queues(info, mine=mine)
