"""Hooks see streams: the head, and every message, by HTTP and by WebSocket alike."""

import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any

import orjson
import pytest

from router.hooks.model import (
    Answer,
    Request,
    Response,
    SubgraphRequest,
    SubgraphResponse,
)
from tests.support.asgi import TOKEN
from tests.support.followers import asking, code, of
from tests.support.following import Following, following
from tests.support.streams import connected, streaming
from tests.unit.router.app.streams.test_defer import SLOW, parts

CHANGED = 'subscription { ticketChanged(id: "1") { title } }'
NAMED = 'subscription { ticketChanged(id: "1") { title assignee { name } } }'

Hooking = Callable[..., Any]


@pytest.fixture
def hooking(monkeypatch: pytest.MonkeyPatch) -> Hooking:
    """Run a router that can be followed, with these functions as its hooks."""

    @asynccontextmanager
    async def run(*hooks: Any) -> AsyncGenerator[Following]:
        module = ModuleType("hooks_of_a_test")
        vars(module).update({each.__name__: each for each in hooks})
        monkeypatch.setitem(sys.modules, "hooks_of_a_test", module)
        async with following("hooks: {module: hooks_of_a_test}") as graph:
            yield graph

    return run


async def test_a_streams_head_and_each_of_its_messages_pass_the_hook(
    hooking: Hooking,
) -> None:
    async def on_response(response: Response) -> None:
        response.context["parts"] = [*response.context.get("parts", []), response.part]
        if response.part == 0:
            assert response.body == b""
            response.set_header("x-stream", "seen")
        else:
            found = orjson.loads(response.body)
            found["extensions"] = {"parts": response.context["parts"]}
            response.body = orjson.dumps(found)

    async with hooking(on_response) as graph:
        async with streaming(graph.app, asking(CHANGED), [TOKEN]) as answer:
            assert answer.headers[b"x-stream"] == b"seen"
            await graph.heard()
            for title, seen in (("one", [0, 1]), ("two", [0, 1, 2])):
                graph.happenings.happen(title)
                payload = await answer.payload()
                assert of(payload) == {"title": title}
                assert payload["payload"]["extensions"] == {"parts": seen}
        await graph.heard(0)


async def test_each_part_of_a_deferred_answer_passes_and_the_end_stays_known(
    hooking: Hooking,
) -> None:
    async def on_response(response: Response) -> Answer | None:
        return Answer({"part": response.part}) if response.part else None

    async with hooking(on_response) as graph:
        assert await parts(graph, SLOW) == [
            {"data": {"part": 1}, "hasNext": True},
            {"data": {"part": 2}, "hasNext": False},
        ]


async def test_a_hook_may_answer_in_the_place_of_a_stream(hooking: Hooking) -> None:
    async def on_response(_: Response) -> Answer:
        return Answer(errors=[{"message": "Closed on Sundays."}], status=403)

    async with hooking(on_response) as graph:
        async with streaming(graph.app, asking(CHANGED), [TOKEN]) as answer:
            assert answer.status == 403
            closed = {"errors": [{"message": "Closed on Sundays."}]}
            assert await answer.body() == closed
        await graph.heard(0)
        assert len(graph.app.gateway.upstreams) == 0


@pytest.mark.parametrize("part", [0, 1])
async def test_a_hook_that_fails_costs_the_stream_or_one_message_of_it(
    hooking: Hooking, part: int
) -> None:
    async def on_response(response: Response) -> None:
        if response.part == part:
            raise ValueError("secret")

    async with hooking(on_response) as graph:
        async with streaming(graph.app, asking(CHANGED), [TOKEN]) as answer:
            if part == 0:
                assert (answer.status, code(await answer.body())) == (
                    500,
                    "HOOK_FAILED",
                )
            else:
                await graph.heard()
                graph.happenings.happen("one")
                first = await answer.payload()
                assert code(first["payload"]) == "HOOK_FAILED"
                assert "secret" not in str(first)
                graph.happenings.happen("two")
                assert of(await answer.payload()) == {"title": "two"}
        await graph.heard(0)


async def test_subgraph_hooks_see_the_opening_of_a_stream_and_its_events(
    hooking: Hooking,
) -> None:
    async def on_subgraph_request(request: SubgraphRequest) -> None:
        request.context.setdefault("asked", []).append(request.subgraph)
        assert orjson.loads(request.body)["query"]

    async def on_subgraph_response(response: SubgraphResponse) -> None:
        if response.subgraph == "tickets":
            assert response.context["asked"][0] == "tickets"
            response.body = response.body.replace(b"now", b"changed by a hook")

    async with hooking(on_subgraph_request, on_subgraph_response) as graph:
        async with streaming(graph.app, asking(NAMED), [TOKEN]) as answer:
            await graph.heard()
            graph.happenings.happen("now")
            assert of(await answer.payload()) == {
                "title": "changed by a hook",
                "assignee": {"name": "name of u-1"},
            }
        await graph.heard(0)


@pytest.mark.parametrize("hook", ["on_subgraph_request", "on_subgraph_response"])
async def test_a_subgraph_hook_that_fails_ends_the_stream_and_is_named(
    hooking: Hooking, hook: str
) -> None:
    async def fail(_: Any) -> None:
        raise ValueError("secret")

    fail.__name__ = hook
    async with hooking(fail) as graph:
        async with streaming(graph.app, asking(CHANGED), [TOKEN]) as answer:
            if hook == "on_subgraph_response":
                await graph.heard()
                graph.happenings.happen("now")
                found = await answer.payload()
                assert await answer.payload() is None
            else:
                found = await answer.body()
            assert code(found) == "HOOK_FAILED"
            assert "secret" not in str(found)
        await graph.heard(0)


async def test_a_subgraph_hook_may_answer_in_the_place_of_a_stream(
    hooking: Hooking,
) -> None:
    async def on_subgraph_request(_: SubgraphRequest) -> Answer:
        return Answer({"ticketChanged": {"title": "made up"}})

    async with hooking(on_subgraph_request) as graph:
        async with streaming(graph.app, asking(CHANGED), [TOKEN]) as answer:
            assert of(await answer.payload()) == {"title": "made up"}
        assert graph.subgraphs["tickets"].calls == 0


async def test_each_operation_of_a_socket_is_a_request_to_the_hooks(
    hooking: Hooking,
) -> None:
    seen: list[object] = []

    async def on_request(request: Request) -> Answer | None:
        request.context["tenant"] = request.header("x-tenant")
        seen.append((request.method, request.header("x-tenant")))
        if len(seen) == 1:
            return Answer(errors=[{"message": "Not yet."}], status=403)
        if len(seen) == 2:
            raise ValueError
        return None

    async def on_subgraph_request(request: SubgraphRequest) -> None:
        seen.append(request.context["tenant"])

    async with (
        hooking(on_request, on_subgraph_request) as graph,
        connected(graph.app, [TOKEN, (b"x-tenant", b"acme")]) as client,
    ):
        await client.begin()
        client.subscribe("1", CHANGED)
        told = await client.hear()
        assert (told["type"], told["payload"]) == (
            "error",
            [{"message": "Not yet."}],
        )
        client.subscribe("2", CHANGED)
        told = await client.hear()
        assert told["payload"][0]["extensions"]["code"] == "HOOK_FAILED"
        client.subscribe("3", CHANGED)
        await graph.heard()
        graph.happenings.happen("first")
        assert (await client.hear())["payload"]["data"] == {
            "ticketChanged": {"title": "first"}
        }
    assert seen == [*[("GET", "acme")] * 3, "acme"]
