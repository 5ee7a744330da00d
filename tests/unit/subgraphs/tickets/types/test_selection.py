import pytest
from graphql import FieldNode, FragmentDefinitionNode, OperationDefinitionNode, parse

from subgraphs.tickets.repository.columns import LARGE, LISTED, WHOLE, tickets_with
from subgraphs.tickets.schema import schema
from subgraphs.tickets.types.selection import COLUMNS, columns_for, read_columns


def columns(query: str) -> frozenset[str] | None:
    """Read the columns that the first field of a query needs."""
    document = parse(query)
    fragments = {
        each.name.value: each
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    fields = operation.selection_set.selections
    return read_columns([f for f in fields if isinstance(f, FieldNode)], fragments)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("{ ticket { id } }", set[str]()),
        ("{ ticket { a: title b: title __typename } }", {"title"}),
        ("{ tickets { totalCount pageInfo { endCursor } } }", set[str]()),
        ("{ tickets { nodes { assignee { id title } } } }", {"assignee_id"}),
        ("{ tickets { edges { cursor node { number } } } }", {"number"}),
        ("{ tickets { nodes { title } edges { node { type } } } }", {"title", "type"}),
        ("{ ticket { ...F } } fragment F on Ticket { ... { title } }", {"title"}),
        (
            "{ _entities { ... on Ticket { title } ... on User { assignedTickets } } }",
            {"title"},
        ),
        ("{ ticket { ... on Node { id } } }", set[str]()),
        (
            "{ tickets { ...F } } fragment F on TicketConnection { nodes { tags } }",
            {"tags"},
        ),
        ("{ ticket { title } ticket { type } }", {"title", "type"}),
    ],
)
def test_a_query_reads_what_it_asks_for(query: str, found: set[str]) -> None:
    assert columns(query) == found


def test_a_field_that_nobody_described_takes_all_columns() -> None:
    assert columns("{ ticket { title somethingNew } }") is None


def test_every_field_of_a_ticket_is_described_by_columns_there_are() -> None:
    fields = schema.core.type_map["Ticket"].fields  # pyright: ignore[reportAttributeAccessIssue] - it is an object type
    assert set(fields) == COLUMNS.keys() - {"__typename"}
    assert {name for names in COLUMNS.values() for name in names} <= LISTED.keys()


def test_the_answer_is_worked_out_once_for_a_field() -> None:
    (operation,) = parse("{ ticket { title } }").definitions
    assert isinstance(operation, OperationDefinitionNode)
    nodes = [
        each
        for each in operation.selection_set.selections
        if isinstance(each, FieldNode)
    ]
    assert columns_for(nodes, {}) is columns_for(list(nodes), {})


def test_large_columns_are_read_where_they_are_asked_for_alone() -> None:
    narrow = tickets_with(frozenset({"title"}))
    assert [column.key for column in narrow.columns] == ["id", "title"]
    assert set(LARGE) < {column.key for column in WHOLE.columns}
