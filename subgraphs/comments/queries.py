"""Where a caller starts to read about comments."""

from typing import Annotated

import strawberry

from subgraphs.comments.context import Info
from subgraphs.comments.types import Comment


@strawberry.type(description="What can be read.")
class Query:
    @strawberry.federation.field(
        authenticated=True,
        description="One by id. Null when there is none, or the caller may not see "
        "it. Requires: comments:read.",
    )
    async def comment(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Which.")],
    ) -> Comment | None:
        return await Comment.resolve_reference(info, id)
