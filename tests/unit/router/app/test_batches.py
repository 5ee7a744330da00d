"""Several operations in one request: each its own answer, in its own place."""

from typing import Any

import pytest

from tests.support.routers import running_router
from tests.support.tokens import bearer, verifier

Json = dict[str, Any]

ON = "batching: {enabled: true, mode: batch_http_link, maximum_size: 5}\n"
TITLES: Json = {"query": "{ tickets { title } }"}
IDS: Json = {"query": "{ tickets { id } }"}
TITLES_DATA = {"data": {"tickets": [{"title": "Printer"}, {"title": "Screen"}]}}
IDS_DATA = {"data": {"tickets": [{"id": "1"}, {"id": "2"}]}}


def code(answer: Json) -> str:
    found: str = answer["errors"][0]["extensions"]["code"]
    return found


async def test_answers_have_the_order_of_their_requests() -> None:
    async with running_router(ON) as client:
        answer = await client.post([TITLES, IDS, TITLES])
    assert answer.status_code == 200
    assert answer.json() == [TITLES_DATA, IDS_DATA, TITLES_DATA]


async def test_what_is_wrong_with_one_is_its_own_matter() -> None:
    wrong: list[Any] = [
        {"query": "{ nothing }"},
        {"query": "{"},
        None,
        {"query": 1},
    ]
    async with running_router(ON) as client:
        answer = await client.post([*wrong, IDS])
        assert len(client.subgraphs["tickets"].asked) == 1
    assert answer.status_code == 200
    assert [code(each) for each in answer.json()[:-1]] == [
        "GRAPHQL_VALIDATION_FAILED",
        "GRAPHQL_PARSE_FAILED",
        "BAD_REQUEST",
        "BAD_REQUEST",
    ]
    assert answer.json()[-1] == IDS_DATA


async def test_rights_and_limits_are_each_members_own() -> None:
    viewer = {"query": "{ viewer { name } }"}
    deep = {"query": "{ tickets { assignee { name } } }"}
    yaml = ON + "limits: {max_depth: 2}"
    async with running_router(yaml, verifier=verifier()) as client:
        stranger = (await client.post([viewer, deep, IDS])).json()
        known = (await client.post([viewer, IDS], bearer())).json()
    assert [code(each) for each in stranger[:2]] == [
        "UNAUTHENTICATED",
        "MAX_DEPTH_LIMIT",
    ]
    assert stranger[2] == IDS_DATA
    assert known == [{"data": {"viewer": {"name": "Ada"}}}, IDS_DATA]


async def test_every_member_pays_from_the_budget() -> None:
    yaml = """
demand_control: {enabled: true, strategy: {static_estimated: {list_size: 2, max: 99}}}
helpnest: {budgets: {default: {window: 5}}}
"""
    async with running_router(ON + yaml) as client:
        answer = (await client.post([IDS] * 4)).json()
        asked = len(client.subgraphs["tickets"].asked)
    refused = [code(each) for each in answer if "errors" in each]
    assert refused == ["RATE_LIMITED"] * 2
    assert asked <= 2


async def test_a_batch_is_refused_where_none_is_taken() -> None:
    async with running_router() as client:
        answer = await client.post([IDS])
        assert client.subgraphs["tickets"].asked == []
    assert (answer.status_code, code(answer.json())) == (400, "BATCHING_NOT_ENABLED")


@pytest.mark.parametrize(
    ("members", "status", "named"),
    [
        ([], 400, "BAD_REQUEST"),
        ([IDS] * 6, 422, "BATCH_LIMIT_EXCEEDED"),
        ([IDS] * 5_000, 422, "BATCH_LIMIT_EXCEEDED"),
    ],
)
async def test_a_batch_of_none_or_of_too_many_is_refused(
    members: Any, status: int, named: str
) -> None:
    async with running_router(ON) as client:
        answer = await client.post(members)
        assert client.subgraphs["tickets"].asked == []
    assert (answer.status_code, code(answer.json())) == (status, named)


async def test_a_batch_in_a_batch_is_none() -> None:
    async with running_router(ON) as client:
        answer = (await client.post([[IDS], IDS])).json()
    assert code(answer[0]) == "BAD_REQUEST"
    assert answer[1] == IDS_DATA


async def test_a_failure_of_ours_costs_one_member() -> None:
    async with running_router(ON) as client:
        find = client.app.gateway.lookup.find

        def fail(request: Any, headers: Any) -> Any:
            if "title" in request.query:
                raise RuntimeError
            return find(request, headers)

        client.app.gateway.lookup.find = fail  # type: ignore[method-assign]
        answer = (await client.post([TITLES, IDS])).json()
    assert code(answer[0]) == "INTERNAL"
    assert answer[1] == IDS_DATA


async def test_headers_of_all_are_passed_on_and_kept_only_if_all_agree() -> None:
    yaml = ON + "headers: {all: {response: [{propagate: {named: set-cookie}}]}}"
    async with running_router(yaml) as client:
        tickets = client.subgraphs["tickets"]
        tickets.sends = [
            (b"set-cookie", b"a=1"),
            (b"cache-control", b"max-age=9, public"),
        ]
        same = await client.post([TITLES, IDS])
        mixed = await client.post([TITLES, {"query": "{"}])
    assert same.headers.get_list("set-cookie") == ["a=1", "a=1"]
    assert same.headers.get_list("cache-control") == ["max-age=9, public"]
    assert mixed.headers.get_list("cache-control") == ["no-store"]


async def test_what_became_of_members_is_counted() -> None:
    async with running_router(ON) as client:
        await client.post([{"query": "{ nothing }"}, {"query": 1}, IDS])
        metrics = client.app.observer.metrics
    assert metrics.errors.values == {
        ("GRAPHQL_VALIDATION_FAILED",): 1,
        ("BAD_REQUEST",): 1,
    }
    series = metrics.stages.series
    assert sum(series["execute",].counts) == sum(series["project",].counts) == 1
