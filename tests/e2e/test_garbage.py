"""What a request has read is freed when it is answered, without Python's collector."""

import gc
from collections import Counter
from typing import Any

import pytest

from tests.support.house import House, settled
from tests.support.stack import Graph

SCOPES = [
    "users:read",
    "groups:read",
    "tickets:read",
    "tickets:write",
    "tickets:read_all",
    "comments:read",
]
OPEN = """
mutation {
  createTicket(input: {type: INCIDENT, title: "Printer on fire"}) {
    userErrors { message } ticket { id }
  }
}
"""
READ = """
{
  tickets(first: 10) {
    totalCount
    nodes {
      number status { key } category { name } history(first: 3) { nodes { seq } }
      requester { name department { name head { name } } } group { name }
      comments(first: 3) { totalCount } watchers(first: 2) { totalCount }
    }
  }
  groups(first: 5) { nodes { name members(first: 2) { nodes { name } } } }
}
"""
OURS = ("asyncpg", "jit", "kit", "router", "subgraphs", "aiodataloader")
TIMES = 5


@pytest.fixture
async def house(graph: Graph) -> House:
    return await settled(graph.stack.services["users"].database)


def left_by_us() -> Counter[str]:
    """Count, by type, what of ours only the collector found."""
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        gc.collect()
        return Counter(
            type(each).__qualname__
            for each in gc.garbage
            if type(each).__module__.partition(".")[0] in OURS
        )
    finally:
        gc.set_debug(0)
        gc.garbage.clear()


async def test_requests_leave_nothing_to_the_collector(
    graph: Graph, house: House
) -> None:
    caller: dict[str, Any] = {"subject": house.people["ben"], "scopes": SCOPES}
    for _ in range(3):
        opened = await graph.data(OPEN, **caller)
        assert opened["createTicket"]["userErrors"] == []

    async def ask() -> None:
        found = await graph.data(READ, **caller)
        assert found["tickets"]["totalCount"] == 3
        assert found["tickets"]["nodes"][0]["requester"]["department"]["head"]

    for _ in range(2):  # plans and compiles, and learns what is kept
        await ask()
    gc.collect()
    gc.disable()
    try:
        for _ in range(TIMES):
            await ask()
        # What services do by themselves may leave one thing or the other.
        left = left_by_us()
        assert {name for name, count in left.items() if count >= TIMES} == set()
    finally:
        gc.enable()
