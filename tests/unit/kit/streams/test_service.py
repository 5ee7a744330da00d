import asyncio
import time
from typing import Any

import pytest

from kit.endpoint import GraphQLEndpoint
from kit.proof import ProofVerifier, sign
from kit.streams import stream as streams
from kit.streams.mailbox import Ending
from kit.streams.stream import HANDED_OVER, Stream
from kit.tokens import Revocations
from tests.support.asgi import TOKEN
from tests.support.streams import Channel, connected, soon, streaming

COUNT = "subscription($to: Int!) { count(to: $to) { number } }"
HAPPENS = "subscription { happens { number who } }"
SECRET = b"between the router and this service"


async def until(condition: Any) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - it is looked at from outside
            await asyncio.sleep(0.005)


async def test_events_come_as_parts_and_then_the_end(serving: GraphQLEndpoint) -> None:
    request = {"query": COUNT, "variables": {"to": 2}}
    async with streaming(serving, request, [TOKEN]) as answer:
        assert answer.status == 200
        assert answer.headers[b"content-type"] == (
            b'multipart/mixed; boundary="graphql"; subscriptionSpec=1.0'
        )
        assert await answer.part() == {"payload": {"data": {"count": {"number": 1}}}}
        assert await answer.part() == {"payload": {"data": {"count": {"number": 2}}}}
        assert await answer.part() is None
        assert answer.buffer == b"--\r\n"


async def test_one_answer_cannot_carry_a_subscription(serving: GraphQLEndpoint) -> None:
    plain = (b"accept", b"application/json")
    request = {"query": COUNT, "variables": {"to": 2}}
    async with streaming(serving, request, [TOKEN], accept=plain) as answer:
        error = (await answer.body())["errors"][0]

    assert (answer.status, error["extensions"]) == (
        400,
        {"code": "GRAPHQL_VALIDATION_FAILED"},
    )


@pytest.mark.parametrize(
    ("request_", "headers", "status", "code"),
    [
        ({"query": COUNT, "variables": {"to": "x"}}, [TOKEN], 400, "BAD_USER_INPUT"),
        ({"query": HAPPENS}, [], 401, "UNAUTHENTICATED"),
        ({"query": HAPPENS}, [(b"authorization", b"Bearer x")], 401, "UNAUTHENTICATED"),
        ({"query": "subscription { no }"}, [TOKEN], 400, "GRAPHQL_VALIDATION_FAILED"),
        (
            {"query": "subscription { openToAll count(to: 1) { number } }"},
            [TOKEN],
            400,
            "GRAPHQL_VALIDATION_FAILED",
        ),
    ],
)
async def test_what_cannot_be_subscribed_to_is_refused_by_one_answer(
    serving: GraphQLEndpoint, request_: Any, headers: Any, status: int, code: str
) -> None:
    async with streaming(serving, request_, headers) as answer:
        body = await answer.body()

    assert (answer.status, body["errors"][0]["extensions"]["code"]) == (status, code)
    assert len(serving.subscriptions) == 0


async def test_what_is_public_streams_to_strangers(serving: GraphQLEndpoint) -> None:
    request = {"query": "subscription { openToAll }"}
    async with streaming(serving, request) as answer:
        assert await answer.part() == {"payload": {"data": {"openToAll": 1}}}


async def test_each_event_has_loaders_of_its_own(
    serving: GraphQLEndpoint, happenings: Any
) -> None:
    query = "subscription { count(to: 2) { a: name b: name } }"
    async with streaming(serving, {"query": query}, [TOKEN]) as answer:
        first = await answer.payload()
        second = await answer.payload()

    assert first["payload"]["data"]["count"] == {"a": "1: 1", "b": "1: 1"}
    assert second["payload"]["data"]["count"] == {"a": "2: 1", "b": "2: 1"}
    assert happenings.reads == [[1], [1]]


async def test_an_event_that_fails_costs_its_fields_and_tells_no_secret(
    serving: GraphQLEndpoint,
) -> None:
    query = "subscription { count(to: 2) { even } }"
    async with streaming(serving, {"query": query}, [TOKEN]) as answer:
        failed = (await answer.payload())["payload"]
        whole = (await answer.payload())["payload"]

    assert failed["data"] == {"count": {"even": None}}
    assert failed["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert "hunter2" not in str(failed)
    assert whole == {"data": {"count": {"even": 2}}}


@pytest.mark.parametrize(
    ("how", "code", "message"),
    [
        ("forbidden", "FORBIDDEN", "Not yours."),
        ("bug", "INTERNAL", "Something went wrong on our side; it has been noted."),
    ],
)
async def test_a_source_that_breaks_ends_the_stream_with_the_reason(
    serving: GraphQLEndpoint, how: str, code: str, message: str
) -> None:
    query = f'subscription {{ breaks(how: "{how}") {{ number }} }}'
    async with streaming(serving, {"query": query}, [TOKEN]) as answer:
        await answer.payload()
        last = await answer.payload()

        assert last == {
            "payload": None,
            "errors": [{"message": message, "extensions": {"code": code}}],
        }
        assert await answer.payload() is None


async def test_a_client_that_leaves_closes_the_source(
    serving: GraphQLEndpoint, happenings: Any
) -> None:
    before = asyncio.all_tasks()
    async with streaming(serving, {"query": HAPPENS}, [TOKEN]) as answer:
        await until(lambda: happenings.listeners)
        happenings.happen(7)
        assert await answer.payload() == {
            "payload": {"data": {"happens": {"number": 7, "who": "usr_7"}}}
        }

    assert (happenings.listeners, happenings.left) == ([], 1)
    assert asyncio.all_tasks() == before


async def test_a_token_that_expires_ends_its_stream(
    serving: GraphQLEndpoint, happenings: Any
) -> None:
    async with streaming(serving, {"query": HAPPENS}, [TOKEN]) as answer:
        await until(lambda: happenings.listeners)
        serving.verifier.clock = lambda: time.time() + 10_000
        happenings.happen(7)

        assert await answer.payload() == {
            "payload": None,
            "errors": [
                {
                    "message": "The token has expired.",
                    "extensions": {"code": "UNAUTHENTICATED"},
                }
            ],
        }
        assert await answer.payload() is None
    assert happenings.listeners == []


async def test_a_token_that_is_revoked_ends_its_stream_though_nothing_happens(
    serving: GraphQLEndpoint, happenings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "LOOK_SECONDS", 0.01)
    async with streaming(serving, {"query": HAPPENS}, [TOKEN]) as answer:
        await until(lambda: happenings.listeners)
        serving.verifier.revocations = Revocations({"usr_7": int(time.time()) + 60})

        last = await answer.payload()
    assert last["errors"][0]["message"] == "The token was revoked."


async def test_a_service_that_stops_ends_its_streams(
    serving: GraphQLEndpoint, happenings: Any
) -> None:
    async with (
        streaming(serving, {"query": HAPPENS}, [TOKEN]) as answer,
        connected(serving, [TOKEN]) as socket,
    ):
        await socket.begin()
        await until(lambda: happenings.listeners)
        serving.subscriptions.end()

        last = await answer.payload()
        assert last["errors"][0]["extensions"]["code"] == "SUBSCRIPTION_SERVER_STOPPED"
        assert await socket.hear() == 1001


async def test_only_the_router_may_subscribe_where_there_is_a_proof(
    serving: GraphQLEndpoint,
) -> None:
    serving.proof = ProofVerifier(SECRET)
    request = {"query": COUNT, "variables": {"to": 1}}
    async with streaming(serving, request, [TOKEN]) as answer:
        assert answer.status == 403
    async with connected(serving, [TOKEN]) as socket:
        assert await socket.hear() == 4403
    proof = sign(SECRET, "/graphql", b"", TOKEN[1], method="GET")
    async with connected(serving, [TOKEN, proof]) as socket:
        await socket.begin()
        socket.subscribe("1", COUNT, to=1)
        assert (await socket.hear())["payload"] == {"data": {"count": {"number": 1}}}
    async with connected(serving, [TOKEN, proof]) as socket:  # a second time
        assert await socket.hear() == 4403


async def test_a_socket_carries_subscriptions_and_queries_of_its_caller(
    serving: GraphQLEndpoint, happenings: Any
) -> None:
    async with connected(serving) as socket:
        await socket.begin(Authorization=TOKEN[1].decode())
        socket.subscribe("a", HAPPENS)
        await until(lambda: happenings.listeners)
        socket.subscribe("b", "{ hello }")
        assert await socket.hear() == {
            "id": "b",
            "type": "next",
            "payload": {"data": {"hello": "world"}},
        }
        assert await socket.hear() == {"id": "b", "type": "complete"}
        happenings.happen(3)
        assert await socket.hear() == {
            "id": "a",
            "type": "next",
            "payload": {"data": {"happens": {"number": 3, "who": "usr_7"}}},
        }
        socket.say("complete", id="a")
        await until(lambda: not happenings.listeners)


async def test_a_socket_tells_why_an_operation_cannot_run(
    serving: GraphQLEndpoint,
) -> None:
    async with connected(serving) as socket:
        await socket.begin()
        socket.subscribe("a", "{ hello }")
        answer = await socket.hear()
        assert (answer["id"], answer["type"]) == ("a", "error")
        assert answer["payload"][0]["extensions"] == {"code": "UNAUTHENTICATED"}
        socket.subscribe("b", "subscription { openToAll a: openToAll }")
        answer = await socket.hear()
        assert answer["payload"][0]["extensions"] == {
            "code": "GRAPHQL_VALIDATION_FAILED"
        }


async def test_a_bad_token_closes_the_socket(serving: GraphQLEndpoint) -> None:
    async with connected(serving) as socket:
        socket.say("connection_init", payload={"authorization": "Bearer x"})
        assert await socket.hear() == 4401


async def test_a_caller_in_this_process_is_handed_the_stream_itself(
    serving: GraphQLEndpoint, happenings: Any
) -> None:
    channel = Channel()
    extension = {HANDED_OVER: {}}
    async with streaming_call(serving, channel, extension) as stream:
        await until(lambda: happenings.listeners)
        happenings.happen(1)
        assert await stream.next(5) == (
            b'{"data":{"happens":{"number":1,"who":"usr_7"}}}'
        )
        stream.mailbox.end()
        assert await stream.next(5) == Ending()
    assert happenings.listeners == []


class streaming_call:  # noqa: N801 - reads as what it is
    """Ask with the extension, and close what is handed over."""

    def __init__(self, app: Any, channel: Channel, extensions: Any) -> None:
        self.app, self.channel, self.extensions = app, channel, extensions

    async def __aenter__(self) -> Stream:
        body = b'{"query":"subscription { happens { number who } }"}'
        self.channel.to_app.put_nowait({"type": "http.request", "body": body})
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/graphql",
            "headers": [(b"content-type", b"application/json"), TOKEN],
            "extensions": self.extensions,
        }
        await self.app(scope, self.channel.to_app.get, self.channel.send)
        message = await soon(self.channel.from_app.get())
        assert message["type"] == HANDED_OVER
        self.stream: Stream = message["stream"]
        return self.stream

    async def __aexit__(self, *_: object) -> None:
        await self.stream.close()
