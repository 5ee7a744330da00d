"""The graph types that every domain shares: Node, UserError, Relay connections."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, Generic, Self, TypeVar, get_type_hints

import strawberry
from asyncpg import Record
from strawberry.federation.schema_directives import ListSize

from kit.errors import RejectedError
from kit.pagination import DEFAULT_SIZE, Order, Page, cut, write_cursor

Item = TypeVar("Item")


@strawberry.interface(description="Any object with a global id.")
class Node:
    __slots__ = ()

    id: strawberry.ID = strawberry.field(
        description="Opaque global id, stable for the life of the object."
    )


@strawberry.interface(
    description="A problem the caller can fix. Always in the payload (`userErrors`), "
    "never in top-level `errors`."
)
class UserError:
    message: str = strawberry.field(description="What is wrong, as a sentence.")
    path: list[str] | None = strawberry.field(
        description='The input field at fault, e.g. `["input", "groupId"]`. Null when '
        "the whole input is."
    )

    @classmethod
    def of(cls, rejected: RejectedError) -> Self:
        """Write down a refusal; ``code`` is an enum with the names of its codes."""
        make: Any = cls
        codes = get_type_hints(cls)["code"]
        return make(
            message=rejected.message,
            path=rejected.path,
            code=codes[rejected.code.name],
        )


@strawberry.federation.type(
    shareable=True, description="Where a page stands in its list."
)
class PageInfo:
    has_next_page: bool = strawberry.field(description="More items follow this page.")
    has_previous_page: bool = strawberry.field(
        description="Items come before this page."
    )
    start_cursor: str | None = strawberry.field(
        description="Cursor of the first item here; null when the page is empty."
    )
    end_cursor: str | None = strawberry.field(
        description="Cursor of the last item here; pass it as `after`. Null when the "
        "page is empty."
    )


@strawberry.type(description="An item of a list, and its place there.")
class Edge(Generic[Item]):
    node: Item = strawberry.field(description="The item.")
    cursor: str = strawberry.field(
        description="Its place; pass it as `after` or `before`."
    )


@strawberry.type(description="A page of a list.")
class Connection(Generic[Item]):
    """Built by `connection`; edges and counts are made only when they are selected."""

    nodes: list[Item] = strawberry.field(description="The items of this page.")
    order: strawberry.Private[Order]
    rows: strawberry.Private[Sequence[Record]]
    more: strawberry.Private[tuple[bool, bool]]
    count: strawberry.Private[Callable[[], Awaitable[int]]]

    @strawberry.field(description="The items with their cursors.")
    def edges(self) -> list[Edge[Item]]:
        return [
            Edge(node=node, cursor=write_cursor(self.order, row))
            for node, row in zip(self.nodes, self.rows, strict=True)
        ]

    @strawberry.field(description="Where this page stands.")
    def page_info(self) -> PageInfo:
        return PageInfo(
            has_next_page=self.more[0],
            has_previous_page=self.more[1],
            start_cursor=write_cursor(self.order, self.rows[0]) if self.rows else None,
            end_cursor=write_cursor(self.order, self.rows[-1]) if self.rows else None,
        )

    @strawberry.field(
        description="How many items the whole list has for this viewer; counted only "
        "when selected."
    )
    async def total_count(self) -> int:
        return await self.count()


def fill(
    kind: type[Connection[Item]],
    page: Page,
    rows: Sequence[Record],
    make: Callable[[Record], Item],
    count: Callable[[], Awaitable[int]],
) -> Connection[Item]:
    """Make a connection of the rows read for a page.

    ``count`` reads the whole list's length; it runs only when it is selected.
    """
    part = cut(page, rows)
    return kind(
        nodes=[make(row) for row in part.rows],
        order=page.order,
        rows=part.rows,
        more=(part.has_next, part.has_previous),
        count=count,
    )


First = Annotated[
    int | None,
    strawberry.argument(
        description="How many items from the start; 50 if absent, 100 at most."
    ),
]
After = Annotated[
    str | None, strawberry.argument(description="Only items after this cursor.")
]
Last = Annotated[
    int | None,
    strawberry.argument(description="How many items from the end; 100 at most."),
]
Before = Annotated[
    str | None, strawberry.argument(description="Only items before this cursor.")
]


def page_size(*arguments: str) -> ListSize:
    """Say in the schema how many objects a page brings, by the arguments that cut it.

    The router reads off it what an operation will cost, before anybody is asked.
    """
    return ListSize(
        assumed_size=DEFAULT_SIZE,
        slicing_arguments=list(arguments),
        sized_fields=["nodes", "edges"],
        require_one_slicing_argument=False,
    )


FORWARD = page_size("first")
BOTH_WAYS = page_size("first", "last")
"""``directives=[BOTH_WAYS]`` on a field that answers a connection."""
