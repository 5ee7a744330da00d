import asyncio
from typing import Any

import pytest

from tests.support.asgi import TOKEN
from tests.support.followers import asking
from tests.support.following import Following, following
from tests.support.streams import streaming

ACCEPT = (
    b"multipart/mixed;deferSpec=20220824,"
    b"application/graphql-response+json,application/json;q=0.9"
)
"""As Apollo Client 4 sends it."""

DEFER = (b"accept", ACCEPT)

SLOW = '{ ticket(id: "1") { title ... @defer(label: "late") { slow } } }'
NESTED = """
{ ticket(id: "1") { title ... @defer(label: "a") {
  assignee { name boss { ... @defer(label: "b") { name } } } } } }
"""


async def parts(graph: Following, query: str, **variables: Any) -> list[Any]:
    request = asking(query, **variables)
    async with streaming(graph.app, request, [TOKEN], accept=DEFER) as answer:
        assert answer.headers[b"content-type"] == (
            b'multipart/mixed; boundary="graphql"; deferSpec=20220824'
        )
        found: list[Any] = []
        while (part := await answer.part()) is not None:
            found.append(part)
        return found


async def test_what_is_deferred_comes_later() -> None:
    before = asyncio.all_tasks()
    async with following() as graph:
        assert await parts(graph, SLOW) == [
            {"data": {"ticket": {"title": "ticket 1"}}, "hasNext": True},
            {
                "incremental": [
                    {
                        "path": ["ticket"],
                        "data": {"slow": "slow ticket 1"},
                        "label": "late",
                    }
                ],
                "hasNext": False,
            },
        ]
        assert graph.subgraphs["tickets"].calls == 2
        assert graph.app.serving.under_way == 0
    assert asyncio.all_tasks() == before


async def test_a_part_in_a_part_comes_after_it() -> None:
    async with following() as graph:
        first, *later = await parts(graph, NESTED)
    assert first == {"data": {"ticket": {"title": "ticket 1"}}, "hasNext": True}
    items = [item for part in later for item in part["incremental"]]
    assert items == [
        {
            "path": ["ticket"],
            "label": "a",
            "data": {"assignee": {"name": "name of u-1", "boss": {}}},
        },
        {
            "path": ["ticket", "assignee", "boss"],
            "label": "b",
            "data": {"name": "name of boss-u-1"},
        },
    ]
    assert [part["hasNext"] for part in later][-1] is False


@pytest.mark.parametrize("accept", [b"application/json", b"*/*", b""])
async def test_who_takes_one_answer_gets_all_of_it(accept: bytes) -> None:
    async with following() as graph:
        async with streaming(
            graph.app, asking(SLOW), [TOKEN], accept=(b"accept", accept)
        ) as answer:
            assert b"json" in answer.headers[b"content-type"]
            assert await answer.body() == {
                "data": {"ticket": {"title": "ticket 1", "slow": "slow ticket 1"}}
            }
        assert graph.subgraphs["tickets"].calls == 1


async def test_a_variable_switches_it_off() -> None:
    query = """query($d: Boolean!) {
      ticket(id: "1") { title ... @defer(if: $d) { slow } } }"""
    async with following() as graph:
        assert len(await parts(graph, query, d=True)) == 2
        async with streaming(
            graph.app, asking(query, d=False), [TOKEN], accept=DEFER
        ) as answer:
            assert await answer.body() == {
                "data": {"ticket": {"title": "ticket 1", "slow": "slow ticket 1"}}
            }


async def test_what_goes_wrong_in_a_part_stays_there() -> None:
    query = """
    { ticket(id: "1") { title ... @defer { secret assignee { must } }
      ... @defer(label: "well") { slow } } }
    """
    async with following() as graph:
        first, *later = await parts(graph, query)
    assert "errors" not in first
    items = {item.get("label"): item for part in later for item in part["incremental"]}
    assert items[None]["data"] == {"secret": None, "assignee": None}
    assert [
        (error["path"], error["extensions"]["code"]) for error in items[None]["errors"]
    ] == [
        (["ticket", "secret"], "UNAUTHORIZED_FIELD_OR_TYPE"),
        (["ticket", "assignee", "must"], "FORBIDDEN"),
    ]
    assert "errors" not in items["well"]


async def test_null_where_none_may_be_nulls_the_part_and_no_more() -> None:
    query = """
    { ticket(id: "1") { title assignee { id ... @defer(label: "x") { must } } } }
    """
    async with following() as graph:
        first, later = await parts(graph, query)
    assert first["data"] == {"ticket": {"title": "ticket 1", "assignee": {"id": "u-1"}}}
    (item,) = later["incremental"]
    assert (item["path"], item["data"]) == (["ticket", "assignee"], None)
    assert item["errors"][0]["path"] == ["ticket", "assignee", "must"]


async def test_a_subgraph_that_is_down_costs_its_part() -> None:
    query = '{ ticket(id: "1") { title ... @defer { assignee { name } } } }'
    async with following() as graph:
        graph.subgraphs["users"].down = True
        first, later = await parts(graph, query)
    assert first["data"] == {"ticket": {"title": "ticket 1"}}
    (item,) = later["incremental"]
    assert item["data"] == {"assignee": {"name": None}}
    assert item["errors"][0]["extensions"]["code"] == "SUBGRAPH_UNAVAILABLE"


async def test_without_a_first_answer_nothing_follows() -> None:
    query = '{ ticket(id: "1") { title ... @defer { slow } } }'
    async with following() as graph:
        graph.subgraphs["tickets"].down = True
        (only,) = [part for part in await parts(graph, query) if part.get("data")]
    assert only["data"] == {"ticket": None}


async def test_a_client_that_leaves_between_parts_ends_the_work() -> None:
    before = asyncio.all_tasks()
    async with following() as graph:
        async with streaming(graph.app, asking(SLOW), [TOKEN], accept=DEFER) as answer:
            assert (await answer.part())["hasNext"] is True
        assert graph.app.serving.under_way == 0
    assert asyncio.all_tasks() == before


async def test_it_can_be_switched_off() -> None:
    async with (
        following("supergraph: {defer_support: false}") as graph,
        streaming(graph.app, asking(SLOW), [TOKEN], accept=DEFER) as answer,
    ):
        error = (await answer.body())["errors"][0]
    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert "@defer" in error["message"]
