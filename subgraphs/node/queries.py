"""Where a caller who has nothing but an id enters."""

from typing import Annotated

import strawberry

from kit.errors import InvalidInputError
from kit.types import Node
from subgraphs.node.context import Context, Info
from subgraphs.node.service import MOST_IDS, type_of
from subgraphs.node.types import at_its_word


@strawberry.type(description="What can be read.")
class Query:
    @strawberry.federation.field(
        authenticated=True,
        description="Any object by its global id. Null when there is none, or the "
        "viewer may not see it.",
    )
    async def node(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Which.")],
    ) -> Node | None:
        return (await found(info.context, [id]))[0]

    @strawberry.federation.field(
        authenticated=True,
        description="Objects by their global ids, in the order of these, 100 at most. "
        "Null for each that is not there, or that the viewer may not see.",
    )
    async def nodes(
        self,
        info: Info,
        ids: Annotated[
            list[strawberry.ID], strawberry.argument(description="Which; 100 at most.")
        ],
        must_exist: Annotated[
            bool,
            strawberry.argument(
                description="False takes each id at its word, which asks nobody: of "
                "what is not there, or not to be seen, fields of its own are null, "
                "and the whole where one may not be."
            ),
        ] = True,
    ) -> list[Node | None]:
        if len(ids) > MOST_IDS:
            raise InvalidInputError(f"'ids' takes at most {MOST_IDS}.")
        if must_exist:
            return await found(info.context, list(ids))
        return [at_its_word(each) if type_of(each) else None for each in ids]


async def found(context: Context, ids: list[strawberry.ID]) -> list[Node | None]:
    """Give those that are there for the caller.

    Raises:
        UnavailableError: the graph does not answer.

    """
    there = await context.nodes.are_there([str(each) for each in ids])
    return [
        at_its_word(each) if seen else None
        for each, seen in zip(ids, there, strict=True)
    ]
