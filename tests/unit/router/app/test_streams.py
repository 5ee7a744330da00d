import asyncio
import time
from typing import Any

import pytest

from kit.streams import stream as streams
from kit.tokens import Revocations
from router.app.streams import SCHEMA_RELOAD
from router.settings import read_settings
from tests.support.asgi import TOKEN
from tests.support.following import FORWARD, SDL, Following, following
from tests.support.streams import streaming
from tests.support.tokens import bearer

CHANGED = (
    "subscription($id: ID!) { ticketChanged(id: $id) { title assignee { name } } }"
)
DEAR = """
demand_control:
  {enabled: true, mode: enforce, strategy: {static_estimated: {max: 1, list_size: 1}}}
"""
JSON_ONLY = (b"accept", b"application/json")
SSE = (b"accept", b"text/event-stream")


def asking(query: str = CHANGED, **variables: Any) -> dict[str, Any]:
    return {"query": query, "variables": variables or {"id": "1"}}


def token_of(subject: str, **more: Any) -> tuple[bytes, bytes]:
    return (b"authorization", bearer(subject, **more)["authorization"].encode())


def of(parts: dict[str, Any]) -> Any:
    return parts["payload"]["data"]["ticketChanged"]


def code(part: Any) -> str:
    found: str = part["errors"][0]["extensions"]["code"]
    return found


async def closed(graph: Following) -> None:
    await graph.heard(0)
    assert len(graph.app.gateway.upstreams) == 0
    assert len(graph.app.serving.endpoint.streams) == 0
    assert graph.app.observer.metrics.subscriptions.value == 0


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


async def test_equal_streams_of_one_caller_are_one_upstream() -> None:
    other = "subscription X($id: ID!) { ticketChanged(id: $id) { title who } }"
    async with following() as graph:
        token = token_of("usr_1")
        async with (
            streaming(graph.app, asking(), [token]) as one,
            streaming(graph.app, asking(), [token]) as two,
            streaming(graph.app, asking(id="2"), [token]) as three,
            streaming(graph.app, asking(other), [token]) as four,
            streaming(graph.app, asking(), [token_of("usr_2")]) as five,
        ):
            await graph.heard(4)
            assert len(graph.app.gateway.upstreams) == 4
            graph.happenings.happen("now")
            for answer in (one, two, three, four, five):
                assert of(await answer.payload())["title"] == "now"
            two.leave()
            one.leave()
            await graph.heard(3)
        await closed(graph)


async def test_sharing_can_be_switched_off() -> None:
    yaml = "subscription: {deduplication: {enabled: false}}"
    async with (
        following(yaml) as graph,
        streaming(graph.app, asking(), [TOKEN]),
        streaming(graph.app, asking(), [TOKEN]),
    ):
        await graph.heard(2)


async def test_a_caller_has_so_many_and_all_together_so_many() -> None:
    yaml = (
        "helpnest: {subscriptions: {max_per_identity: 1}}\n"
        "subscription: {max_opened_subscriptions: 2}"
    )
    async with following(yaml) as graph:
        async with streaming(graph.app, asking(), [token_of("usr_1")]):
            async with streaming(graph.app, asking(), [token_of("usr_1")]) as second:
                assert (second.status, code(await second.body())) == (
                    429,
                    "SUBSCRIPTION_MAX_LIMIT",
                )
            async with (
                streaming(graph.app, asking(), [token_of("usr_2")]),
                streaming(graph.app, asking(), [token_of("usr_3")]) as third,
            ):
                assert (third.status, code(await third.body())) == (
                    503,
                    "SUBSCRIPTION_MAX_LIMIT",
                )
        await closed(graph)
        async with streaming(graph.app, asking(), [token_of("usr_1")]) as again:
            assert again.status == 200


async def test_a_client_that_falls_behind_is_dropped_and_others_are_not() -> None:
    yaml = "subscription: {queue_capacity: 3}"
    query = 'subscription { ticketChanged(id: "1") { title } }'
    async with following(yaml) as graph:
        async with streaming(graph.app, asking(query), [TOKEN]) as slow:
            await graph.heard()
            (upstream,) = graph.app.gateway.upstreams.each()
            (mailbox,) = upstream.readers
            async with streaming(graph.app, asking(query), [TOKEN]) as quick:
                await asyncio.sleep(0.01)
                assert len(upstream.readers) == 2
                for number in range(3):  # as if nobody read them
                    mailbox._events.append(b"%d" % number)
                graph.happenings.happen("one too many")
                assert of(await quick.payload()) == {"title": "one too many"}
                last = await slow.payload()
                assert code(last) == "TOO_SLOW"
        await closed(graph)


async def test_a_token_that_expires_or_is_revoked_ends_the_stream(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(streams, "LOOK_SECONDS", 0.01)
    async with following() as graph:
        async with streaming(graph.app, asking(), [TOKEN]) as answer:
            await graph.heard()
            graph.trust.clock = lambda: time.time() + 10_000
            last = await answer.payload()
            assert (code(last), last["errors"][0]["message"]) == (
                "UNAUTHENTICATED",
                "The token has expired.",
            )
            assert await answer.payload() is None
        graph.trust.clock = time.time
        async with streaming(graph.app, asking(), [TOKEN]) as answer:
            await graph.heard()
            revoked = Revocations({"usr_7": int(time.time()) + 60})
            graph.trust.revocations = revoked
            last = await answer.payload()
            assert last["errors"][0]["message"] == "The token was revoked."
        await closed(graph)


@pytest.mark.parametrize(
    ("sdl", "yaml", "why"),
    [
        (SDL + "scalar Extra", "", "SUBSCRIPTION_SCHEMA_RELOAD"),
        (SDL, "limits: {max_depth: 14}", "SUBSCRIPTION_CONFIG_RELOAD"),
    ],
)
async def test_a_reload_ends_streams_with_an_error_that_says_come_again(
    sdl: str, yaml: str, why: str
) -> None:
    async with following() as graph:
        old = graph.app.gateway
        async with streaming(graph.app, asking(), [TOKEN]) as answer:
            await graph.heard()
            settings = read_settings(FORWARD + yaml, {})
            await graph.app.succession.change(settings, sdl)
            assert code(await answer.payload()) == why
            assert await answer.payload() is None
        await graph.heard(0)
        assert len(old.upstreams) == 0
        async with streaming(graph.app, asking(), [TOKEN]) as answer:
            await graph.heard()
            graph.happenings.happen("after")
            assert of(await answer.payload())["title"] == "after"
    assert SCHEMA_RELOAD.close == 1012


async def test_a_router_that_stops_ends_its_streams() -> None:
    async with following() as graph:
        async with streaming(graph.app, asking(), [TOKEN]) as answer:
            await graph.heard()
            graph.app.leave()
            assert code(await answer.payload()) == "SUBSCRIPTION_SERVER_STOPPED"
        await closed(graph)


async def test_a_silent_stream_beats() -> None:
    yaml = "helpnest: {subscriptions: {heartbeat: 10ms}}"
    async with (
        following(yaml) as graph,
        streaming(graph.app, asking(), [TOKEN]) as answer,
    ):
        assert await answer.part() == {}
        assert await answer.part() == {}


async def test_only_what_the_router_signs_gets_events_from_a_closed_subgraph() -> None:
    secret = "only the router and its subgraphs know this"
    async with following(
        f"helpnest: {{router_secret: {secret}}}", secret=secret
    ) as graph:
        async with streaming(graph.app, asking(), [TOKEN]) as answer:
            await graph.heard()
            graph.happenings.happen("signed")
            assert of(await answer.payload())["title"] == "signed"
        async with streaming(graph.subgraphs["tickets"], asking(), [TOKEN]) as forged:
            assert forged.status == 403
