import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from helpnest.demo.graph import DemoError, Graph

Answer = Callable[[dict[str, Any]], Any]


def graph(answer: Answer, seen: list[httpx.Request] | None = None) -> Graph:
    def handle(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(request)
        return httpx.Response(200, json=answer(json.loads(request.content)))

    transport = httpx.MockTransport(handle)
    return Graph(httpx.AsyncClient(transport=transport, base_url="http://graph"))


async def test_whoever_signs_in_is_who_writes() -> None:
    seen: list[httpx.Request] = []
    signed = {"signIn": {"accessToken": "abc", "userErrors": []}}
    client = graph(lambda _: {"data": signed}, seen)
    assert await client.sign_in("a@b", "secret") == "abc"
    await client.ask("{ x }", {})
    assert "authorization" not in seen[0].headers
    assert seen[1].headers["authorization"] == "Bearer abc"


async def test_a_write_carries_its_key_and_gives_what_was_selected() -> None:
    bodies: list[dict[str, Any]] = []

    def answer(body: dict[str, Any]) -> Any:
        bodies.append(body)
        return {"data": {"createUser": {"user": {"id": "usr_1"}, "userErrors": []}}}

    made = await graph(answer).write("createUser", {"name": "A"}, "user { id }", "k")
    assert made["user"] == {"id": "usr_1"}
    given = {"name": "A", "idempotencyKey": "demo:k"}
    assert bodies[0]["variables"] == {"input": given}
    assert bodies[0]["query"] == (
        "mutation ($input: CreateUserInput!) { createUser(input: $input) "
        "{ user { id } userErrors { message path } } }"
    )


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"data": {"x": {"userErrors": [{"message": "Too long."}]}}}, "Too long."),
        ({"errors": [{"message": "No such field."}]}, "No such field."),
        ({"data": None}, "None"),
    ],
)
async def test_what_the_graph_objects_to_is_told(body: Any, says: str) -> None:
    with pytest.raises(DemoError, match=says):
        await graph(lambda _: body).write("x", {}, "", None)


async def test_a_graph_that_does_not_answer_is_told() -> None:
    def handle(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    http = httpx.AsyncClient(
        transport=httpx.MockTransport(handle), base_url="http://graph"
    )
    with pytest.raises(DemoError, match="does not answer"):
        await Graph(http).ask("{ x }", {})
