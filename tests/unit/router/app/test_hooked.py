"""Hooks at the endpoint: they change, they answer, they fail and it is told."""

import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any

import pytest

from router.hooks.model import Answer, Request, Response, SupergraphRequest
from tests.support.routers import Client, running_router

YAML = "hooks: {module: hooks_of_a_test}"
TITLES = "{ tickets { title } }"

Hooking = Callable[..., Any]


@pytest.fixture
def hooking(monkeypatch: pytest.MonkeyPatch) -> Hooking:
    """Run a router with these functions as its hooks."""

    @asynccontextmanager
    async def run(**hooks: Any) -> AsyncGenerator[Client]:
        module = ModuleType("hooks_of_a_test")
        vars(module).update(hooks)
        monkeypatch.setitem(sys.modules, "hooks_of_a_test", module)
        async with running_router(YAML) as client:
            yield client

    return run


async def test_hooks_of_one_request_share_what_they_know(hooking: Hooking) -> None:
    async def on_request(request: Request) -> None:
        request.context["tenant"] = request.header("X-Tenant")

    async def on_supergraph_request(request: SupergraphRequest) -> None:
        request.query = TITLES

    async def on_response(response: Response) -> None:
        response.set_header("x-seen", f"{response.context['tenant']}")

    hooks = (on_request, on_supergraph_request, on_response)
    async with hooking(**{each.__name__: each for each in hooks}) as client:
        answer = await client.post({"query": "{ __typename }"}, {"x-tenant": "a"})
    assert answer.json()["data"]["tickets"][0] == {"title": "Printer"}
    assert answer.headers["x-seen"] == "a"


async def test_a_hook_may_answer_itself(hooking: Hooking) -> None:
    async def on_request(_: Request) -> Answer:
        return Answer(errors=[{"message": "Closed on Sundays."}], status=403)

    async with hooking(on_request=on_request) as client:
        answer = await client.post({"query": TITLES})
        assert answer.status_code == 403
        assert answer.json() == {"errors": [{"message": "Closed on Sundays."}]}
        assert client.subgraphs["tickets"].asked == []


@pytest.mark.parametrize("name", ["on_request", "on_supergraph_request", "on_response"])
async def test_a_failing_hook_is_our_fault_and_is_named(
    hooking: Hooking, name: str
) -> None:
    async def broken(_: Any) -> None:
        raise ValueError("secret")

    async with hooking(**{name: broken}) as client:
        answer = await client.post({"query": TITLES})
    (error,) = answer.json()["errors"]
    assert answer.status_code == 500
    assert error["message"] == f"The hook {name} failed."
    assert error["extensions"]["code"] == "HOOK_FAILED"
    assert "secret" not in answer.text


@pytest.mark.parametrize("name", ["on_request", "on_supergraph_request", "on_response"])
@pytest.mark.parametrize("body", [b"{", b"[]", b'{"query":"{"}'])
async def test_a_bad_request_stays_one_whatever_a_hook_makes_of_it(
    hooking: Hooking, name: str, body: bytes
) -> None:
    async def broken(_: Any) -> None:
        raise ValueError

    if name == "on_request" and body.startswith(b'{"'):
        return  # a well-formed request: what its document holds, nobody knows yet
    accept = {"accept": "application/graphql-response+json"}
    async with hooking(**{name: broken}) as client:
        answer = await client.post(body, accept)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] != "HOOK_FAILED"


async def test_a_failing_subgraph_hook_costs_that_subgraphs_fields(
    hooking: Hooking,
) -> None:
    async def on_subgraph_request(request: Any) -> None:
        if request.subgraph == "users":
            raise ValueError

    async with hooking(on_subgraph_request=on_subgraph_request) as client:
        found = await client.ask("{ tickets { title assignee { id name } } }")
    codes = {error["extensions"]["code"] for error in found["errors"]}
    assert codes == {"HOOK_FAILED"}
