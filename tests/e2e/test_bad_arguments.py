"""What is wrong with an argument is told to who gave it, through the router as well."""

from typing import Any

import pytest

from kit.ids import new_id
from tests.support.house import ADMIN_SCOPES
from tests.support.stack import Graph

LIST = """query ($filter: TicketFilter, $after: String, $first: Int) {
  tickets(filter: $filter, after: $after, first: $first) { nodes { id } } }"""
AWAY = """mutation ($in: SetAvailabilityInput!) { setAvailability(input: $in) {
  userErrors { code } } }"""
NEVER = "9999-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("document", "given", "words"),
    [
        (LIST, {"first": 101}, ("'first' is 101", "0 to 100")),
        (LIST, {"after": "x"}, ("cursor", "malformed")),
        (LIST, {"filter": {"openedAt": {"gte": NEVER}}}, (NEVER, "years")),
        (
            AWAY,
            {"in": {"userId": new_id("usr"), "availability": "AWAY", "until": NEVER}},
            (".until", NEVER, "years"),
        ),
    ],
)
async def test_a_bad_argument_is_named_with_the_reason(
    graph: Graph, document: str, given: dict[str, Any], words: tuple[str, ...]
) -> None:
    answer = await graph.ask(
        document, given, subject=new_id("usr"), scopes=sorted(ADMIN_SCOPES)
    )
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert all(word in error["message"] for word in words), error
    assert set(error["extensions"]) <= {"code", "service", "requestId"}
