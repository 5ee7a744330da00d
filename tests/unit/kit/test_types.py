from typing import Any, cast

import pytest
import strawberry
from graphql import execute_sync, parse

from kit.graphql import Schema
from kit.pagination import Order, page_of, place_cursor, read_cursor
from kit.types import Connection, Node, UserError, fill

ORDER = Order("things", (("id", False),))


@strawberry.type
class Thing(Node):
    pass


@strawberry.type
class ThingError(UserError):
    code: str


@strawberry.type
class ThingConnection(Connection[Thing]):
    pass


class Counting:
    """Rows of a table, and how often they were counted."""

    def __init__(self) -> None:
        self.counted = 0
        self.made: list[str] = []

    async def count(self) -> int:
        self.counted += 1
        return 42

    def make(self, row: Any) -> Thing:
        self.made.append(row["id"])
        return Thing(id=row["id"])


def rows(*ids: str) -> Any:
    return [{"id": each} for each in ids]


def connection(counting: Counting, *ids: str, **arguments: Any) -> Connection[Thing]:
    page = page_of(ORDER, **arguments)
    return fill(ThingConnection, page, rows(*ids), counting.make, counting.count)


def test_only_the_rows_of_the_page_are_made_objects() -> None:
    counting = Counting()
    found = connection(counting, "a", "b", "c", first=2)

    assert [thing.id for thing in found.nodes] == ["a", "b"]
    assert counting.made == ["a", "b"]


def test_each_edge_has_its_own_place() -> None:
    edges = connection(Counting(), "a", "b", "c", first=2).edges()

    assert [(e.node.id, read_cursor(ORDER, e.cursor)) for e in edges] == [
        ("a", ("a",)),
        ("b", ("b",)),
    ]


def test_a_page_knows_where_it_stands() -> None:
    after = place_cursor(ORDER, ["0"])
    found = connection(Counting(), "a", "b", "c", first=2, after=after)
    info = found.page_info()

    assert (info.has_next_page, info.has_previous_page) == (True, True)
    assert read_cursor(ORDER, info.start_cursor) == ("a",)
    assert read_cursor(ORDER, info.end_cursor) == ("b",)


def test_an_empty_page_has_no_cursors() -> None:
    info = connection(Counting()).page_info()

    assert (info.start_cursor, info.end_cursor) == (None, None)
    assert (info.has_next_page, info.has_previous_page) == (False, False)


async def test_the_list_is_counted_only_when_that_is_asked() -> None:
    counting = Counting()
    found = connection(counting, "a")
    found.edges()
    found.page_info()
    assert counting.counted == 0

    assert await found.total_count() == 42
    assert counting.counted == 1


@strawberry.type
class Query:
    @strawberry.field
    def things(self) -> ThingConnection:
        return cast("ThingConnection", connection(Counting(), "b", "a", last=1))

    @strawberry.field
    def errors(self) -> list[UserError]:
        return [ThingError(message="No.", path=["input", "x"], code="TAKEN")]


@pytest.fixture(scope="module")
def schema() -> Schema:
    return Schema(query=Query, types=[ThingError])


def test_relays_fields_are_all_there(schema: Schema) -> None:
    result = execute_sync(
        schema.core,
        parse(
            "{ things { nodes { id } edges { cursor node { id } } pageInfo "
            "{ hasNextPage hasPreviousPage startCursor endCursor } } "
            "errors { __typename message path } }"
        ),
    )

    cursor = place_cursor(ORDER, ["b"])
    assert result.errors is None
    assert result.data == {
        "things": {
            "nodes": [{"id": "b"}],
            "edges": [{"cursor": cursor, "node": {"id": "b"}}],
            "pageInfo": {
                "hasNextPage": False,
                "hasPreviousPage": True,
                "startCursor": cursor,
                "endCursor": cursor,
            },
        },
        "errors": [
            {"__typename": "ThingError", "message": "No.", "path": ["input", "x"]}
        ],
    }


@pytest.mark.parametrize(
    "name", ["Node", "UserError", "PageInfo", "ThingConnection", "ThingEdge"]
)
def test_the_shared_types_are_described_to_the_last_field(
    schema: Schema, name: str
) -> None:
    kind: Any = schema.core.type_map[name]

    undescribed = [
        field for field, found in kind.fields.items() if not found.description
    ]
    assert undescribed == []


def test_page_info_is_the_one_type_that_all_may_resolve(schema: Schema) -> None:
    assert "type PageInfo @shareable" in schema.as_str()
