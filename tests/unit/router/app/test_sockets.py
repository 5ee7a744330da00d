import asyncio
import time
from typing import Any

import pytest

from kit.streams import stream as streams
from router.settings import read_settings
from tests.support.asgi import TOKEN
from tests.support.following import FORWARD, SDL, following
from tests.support.streams import connected
from tests.support.tokens import bearer

CHANGED = "subscription($id: ID!) { ticketChanged(id: $id) { title who } }"
BEARER = TOKEN[1].decode()
HOST = (b"host", b"help.example")


async def test_events_and_answers_share_a_connection() -> None:
    before = asyncio.all_tasks()
    async with following() as graph:
        async with connected(graph.app) as socket:
            assert socket.subprotocol == "graphql-transport-ws"
            await socket.begin(authorization=BEARER)
            socket.subscribe("a", CHANGED, id="1")
            await graph.heard()
            socket.subscribe("b", '{ ticket(id: "2") { title assignee { name } } }')
            assert await socket.hear() == {
                "id": "b",
                "type": "next",
                "payload": {
                    "data": {
                        "ticket": {
                            "title": "ticket 2",
                            "assignee": {"name": "name of u-2"},
                        }
                    }
                },
            }
            assert await socket.hear() == {"id": "b", "type": "complete"}
            graph.happenings.happen("now")
            heard = await socket.hear()
            assert heard["payload"]["data"]["ticketChanged"] == {
                "title": "now",
                "who": "usr_7",
            }
            metrics = graph.app.observer.metrics
            assert metrics.subscriptions_opened.values == {("graphql-transport-ws",): 1}
            assert metrics.requests.values == {("200",): 2}
            socket.say("complete", id="a")
            await graph.heard(0)
        assert graph.app.serving.under_way == 0
    assert asyncio.all_tasks() == before


@pytest.mark.parametrize(
    ("query", "payload", "code"),
    [
        (CHANGED, {}, "UNAUTHENTICATED"),
        ("{ no }", {"authorization": BEARER}, "GRAPHQL_VALIDATION_FAILED"),
        ("{", {"authorization": BEARER}, "GRAPHQL_PARSE_FAILED"),
    ],
)
async def test_the_pipeline_stands_in_front(
    query: str, payload: Any, code: str
) -> None:
    async with following() as graph, connected(graph.app) as socket:
        await socket.begin(**payload)
        socket.subscribe("a", query, id="1")
        heard = await socket.hear()
        assert (heard["id"], heard["type"]) == ("a", "error")
        assert heard["payload"][0]["extensions"]["code"] == code
        assert graph.happenings.opened == 0


async def test_the_tokens_end_is_the_connections(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(streams, "LOOK_SECONDS", 0.01)
    async with following() as graph:
        async with connected(graph.app) as socket:
            await socket.begin(authorization=BEARER)
            socket.subscribe("a", CHANGED, id="1")
            await graph.heard()
            graph.trust.clock = lambda: time.time() + 10_000
            assert await socket.hear() == 4401
        await graph.heard(0)


async def test_a_bad_token_or_none_where_one_must_be_closes() -> None:
    async with following() as graph, connected(graph.app) as socket:
        socket.say("connection_init", payload={"authorization": "Bearer x"})
        assert await socket.hear() == 4401
    strict = "authorization: {require_authentication: true}"
    async with following(strict) as graph, connected(graph.app) as socket:
        socket.say("connection_init")
        assert await socket.hear() == 4401


async def test_the_payloads_token_counts_before_the_handshakes() -> None:
    other = bearer("usr_1")["authorization"].encode()
    async with (
        following() as graph,
        connected(graph.app, [(b"authorization", other)]) as socket,
    ):
        await socket.begin(authorization=BEARER)
        socket.subscribe("a", CHANGED, id="1")
        await graph.heard()
        graph.happenings.happen("now")
        heard = await socket.hear()
        assert heard["payload"]["data"]["ticketChanged"]["who"] == "usr_7"


@pytest.mark.parametrize(
    ("yaml", "origin", "allowed"),
    [
        ("", None, True),
        ("", b"https://help.example", True),
        ("", b"https://evil.example", False),
        ("", b"null", False),
        ("cors: {origins: ['https://app.example']}", b"https://app.example", True),
        ("cors: {origins: ['https://app.example']}", b"https://evil.example", False),
        ("cors: {allow_any_origin: true}", b"https://evil.example", True),
        ("subscription: {enabled: false}", None, False),
    ],
)
async def test_a_page_of_another_origin_needs_leave(
    yaml: str, origin: bytes | None, allowed: bool
) -> None:
    headers = [HOST] + ([(b"origin", origin)] if origin else [])
    async with following(yaml) as graph, connected(graph.app, headers) as socket:
        if allowed:
            await socket.begin()
        else:
            assert (socket.subprotocol, await socket.hear()) == (None, 4403)


async def test_elsewhere_there_are_no_sockets() -> None:
    async with following() as graph, connected(graph.app, path="/other") as socket:
        assert await socket.hear() == 1000


async def test_a_callers_cookie_counts_only_where_its_page_may_use_it() -> None:
    token = bearer("usr_1")["authorization"].removeprefix("Bearer ")
    yaml = (
        "cors: {{origins: ['https://app.example'], allow_credentials: {}}}\n"
        "authentication: {{router: {{jwt: {{jwks: [], sources: "
        "[{{type: cookie, name: t}}]}}}}}}"
    )
    headers = [
        HOST,
        (b"origin", b"https://app.example"),
        (b"cookie", b"t=" + token.encode()),
    ]
    for credentials, code in (("true", None), ("false", "UNAUTHENTICATED")):
        async with (
            following(yaml.format(credentials)) as graph,
            connected(graph.app, headers) as socket,
        ):
            await socket.begin()
            socket.subscribe("a", CHANGED, id="1")
            if code is None:
                await graph.heard()
            else:
                heard = await socket.hear()
                assert heard["payload"][0]["extensions"]["code"] == code


async def test_limits_of_a_connection_and_of_a_caller() -> None:
    yaml = (
        "helpnest: {subscriptions: {max_per_connection: 2, max_per_identity: 1, "
        "max_message_bytes: 500, init_timeout: 50ms}}"
    )
    async with following(yaml) as graph:
        async with connected(graph.app) as socket:
            await socket.begin(authorization=BEARER)
            socket.subscribe("a", CHANGED, id="1")
            await graph.heard()
            socket.subscribe("b", CHANGED, id="2")
            heard = await socket.hear()
            assert heard["payload"][0]["extensions"]["code"] == "SUBSCRIPTION_MAX_LIMIT"
            socket.say("ping", payload={"long": "x" * 500})
            assert await socket.hear() == 1009
        async with connected(graph.app) as socket:
            assert await socket.hear() == 4408


async def test_a_reload_closes_with_what_makes_clients_come_again() -> None:
    async with following() as graph:
        async with connected(graph.app) as idle, connected(graph.app) as socket:
            await idle.begin()
            await socket.begin(authorization=BEARER)
            socket.subscribe("a", CHANGED, id="1")
            await graph.heard()
            settings = read_settings(FORWARD + "limits: {max_depth: 14}", {})
            await graph.app.succession.change(settings, SDL)
            assert [await socket.hear(), await idle.hear()] == [1012, 1012]
        await graph.heard(0)
        async with connected(graph.app) as socket:
            await socket.begin()
            graph.app.leave()
            assert await socket.hear() == 1001
