import asyncio
from typing import Any

import pytest

from tests.support.asgi import TOKEN
from tests.support.followers import DEAR, JSON_ONLY, SSE, asking, closed, code, of
from tests.support.following import following
from tests.support.streams import streaming


async def test_each_event_is_resolved_through_the_plan() -> None:
    before = asyncio.all_tasks()
    async with following() as graph:
        async with streaming(graph.app, asking(), [TOKEN]) as answer:
            assert answer.status == 200
            assert answer.headers[b"content-type"] == (
                b'multipart/mixed; boundary="graphql"; subscriptionSpec=1.0'
            )
            await graph.heard()
            graph.happenings.happen("first")
            assert of(await answer.payload()) == {
                "title": "first",
                "assignee": {"name": "name of u-1"},
            }
            graph.happenings.happen("second")
            assert of(await answer.payload())["title"] == "second"
            assert graph.subgraphs["users"].calls == 2
        await closed(graph)
        events = graph.app.observer.metrics.subscription_events.values
        opened = graph.app.observer.metrics.subscriptions_opened.values
        assert (events, opened) == ({(): 2}, {("MultipartEvents",): 1})
    assert asyncio.all_tasks() == before


async def test_server_sent_events_carry_them_too_and_queries_as_one_event() -> None:
    query = "subscription { counted(to: 1) }"
    async with following() as graph:
        async with streaming(graph.app, asking(query), [TOKEN], accept=SSE) as answer:
            assert answer.headers[b"content-type"].startswith(b"text/event-stream")
            assert await answer.raw(b"\n\n") == b":"
            assert await answer.raw(b"\n\n") == (
                b'event: next\ndata: {"data":{"counted":0}}'
            )
            assert await answer.raw(b"\n\n") == b"event: complete\ndata:"
        query = '{ ticket(id: "1") { title } }'
        async with streaming(graph.app, asking(query), [TOKEN], accept=SSE) as answer:
            await answer.raw(b"\n\n")
            assert await answer.raw(b"\n\n") == (
                b'event: next\ndata: {"data":{"ticket":{"title":"ticket 1"}}}'
            )


@pytest.mark.parametrize(
    ("yaml", "request_", "headers", "told"),
    [
        (
            "subscription: {enabled: false}",
            asking(),
            [TOKEN],
            (400, "SUBSCRIPTION_DISABLED"),
        ),
        ("", asking(), [], (401, "UNAUTHENTICATED")),
        ("", asking(), [(b"authorization", b"Bearer x")], (401, "UNAUTHENTICATED")),
        (
            "",
            asking("subscription { no }"),
            [TOKEN],
            (200, "GRAPHQL_VALIDATION_FAILED"),
        ),
        ("limits: {max_depth: 2}", asking(), [TOKEN], (200, "MAX_DEPTH_LIMIT")),
        (DEAR, asking(), [TOKEN], (400, "COST_ESTIMATED_TOO_EXPENSIVE")),
        ("", asking(id=3.5), [TOKEN], (200, "BAD_USER_INPUT")),
    ],
)
async def test_the_pipeline_stands_in_front(
    yaml: str, request_: Any, headers: Any, told: Any
) -> None:
    async with following(yaml) as graph:
        async with streaming(graph.app, request_, headers) as answer:
            body = await answer.body()
        assert (answer.status, code(body)) == told
        assert graph.happenings.opened == 0
        await closed(graph)


async def test_one_answer_cannot_carry_a_subscription() -> None:
    async with following() as graph:
        async with streaming(graph.app, asking(), [TOKEN], accept=JSON_ONLY) as answer:
            body = await answer.body()
        assert (answer.status, code(body)) == (406, "SUBSCRIPTION_BAD_HEADER")
        assert graph.happenings.opened == 0


async def test_a_get_does_not_subscribe() -> None:
    async with following() as graph:
        query = b"query=subscription%7Bcounted(to%3A1)%7D"
        async with streaming(
            graph.app, {}, [TOKEN], accept=SSE, method="GET", query_string=query
        ) as answer:
            assert (answer.status, code(await answer.body())) == (
                405,
                "METHOD_NOT_ALLOWED",
            )


async def test_what_a_caller_may_not_see_is_null_in_every_event() -> None:
    query = 'subscription { ticketChanged(id: "1") { title secret } }'
    async with (
        following() as graph,
        streaming(graph.app, asking(query), [TOKEN]) as answer,
    ):
        await graph.heard()
        for title in ("first", "second"):
            graph.happenings.happen(title)
            payload = (await answer.payload())["payload"]
            assert payload["data"]["ticketChanged"] == {"title": title, "secret": None}
            assert code(payload) == "UNAUTHORIZED_FIELD_OR_TYPE"


async def test_a_subgraph_that_fails_costs_its_fields_of_that_event() -> None:
    async with (
        following() as graph,
        streaming(graph.app, asking(), [TOKEN]) as answer,
    ):
        await graph.heard()
        graph.subgraphs["users"].down = True
        graph.happenings.happen("first")
        payload = (await answer.payload())["payload"]
        assert payload["data"]["ticketChanged"]["assignee"] == {"name": None}
        assert payload["errors"][0]["path"] == ["ticketChanged", "assignee"]
        assert code(payload) == "SUBGRAPH_UNAVAILABLE"
        graph.subgraphs["users"].down = False
        graph.happenings.happen("second")
        assert "errors" not in (await answer.payload())["payload"]


async def test_a_stream_that_cannot_be_opened_is_one_answer_that_says_so() -> None:
    async with following() as graph:
        graph.subgraphs["tickets"].down = True
        async with streaming(graph.app, asking(), [TOKEN]) as answer:
            body = await answer.body()
        assert (answer.status, body["data"], code(body)) == (
            200,
            {"ticketChanged": None},
            "SUBGRAPH_UNAVAILABLE",
        )
        await closed(graph)


async def test_the_subgraphs_reason_ends_the_stream() -> None:
    query = "subscription { refused { id } }"
    async with (
        following() as graph,
        streaming(graph.app, asking(query), [TOKEN]) as answer,
    ):
        last = await answer.payload()
        assert (last["payload"], code(last)) == (None, "FORBIDDEN")
        assert await answer.payload() is None
