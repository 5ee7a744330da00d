"""What is asked: one ticket, fifty tickets, fifty references."""

from dataclasses import dataclass
from random import Random
from typing import Any

import orjson

TICKETS = 100_000
FIELDS = (
    "id number title type impact urgency priority openedAt updatedAt version"
    " assignee { __typename id }"
)
ONE = f"query One($id: ID!) {{ ticket(id: $id) {{ {FIELDS} }} }}"
LIST = f"query List {{ tickets(first: 50) {{ nodes {{ {FIELDS} }} }} }}"
ENTITIES = (
    "query Entities($representations: [_Any!]!) {"
    f" _entities(representations: $representations) {{ ... on Ticket {{ {FIELDS} }} }}"
    " }"
)

PEER_FIELDS = (
    "rowId number title type impact urgency priority openedAt updatedAt version"
    " assigneeId"
)
PEER_ONE = (
    f"query One($id: String!) {{ ticketByRowId(rowId: $id) {{ {PEER_FIELDS} }} }}"
)
PEER_LIST = (
    "query List { allTickets(first: 50, orderBy: [OPENED_AT_DESC, ROW_ID_DESC])"
    f" {{ nodes {{ {PEER_FIELDS} }} }} }}"
)
"""PostGraphile's own names for the same columns; its link is the column alone."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One operation, with its requests."""

    name: str
    bodies: list[bytes]


def ticket_id(number: int) -> str:
    """Name a ticket of the bench."""
    return f"tkt_{number:08d}"


def scenarios(*, peer: bool = False) -> list[Scenario]:
    """Write the requests: (a) and (c) ask for other tickets each time."""
    random = Random(4)
    ids = [ticket_id(random.randrange(TICKETS)) for _ in range(500)]
    one, many = (PEER_ONE, PEER_LIST) if peer else (ONE, LIST)
    found = [
        Scenario("a", [body(one, {"id": each}) for each in ids]),
        Scenario("b", [body(many, {})]),
    ]
    if not peer:
        references = [
            [{"__typename": "Ticket", "id": each} for each in random.sample(ids, 50)]
            for _ in range(50)
        ]
        bodies = [body(ENTITIES, {"representations": each}) for each in references]
        found.append(Scenario("c", bodies))
    return found


def body(query: str, variables: dict[str, Any]) -> bytes:
    """Write one request."""
    return orjson.dumps({"query": query, "variables": variables})
