"""Hooks stand before and behind a subgraph, and fail for its fields alone."""

from dataclasses import dataclass, field

import pytest

from router.executor.faults import SubgraphFault
from router.executor.transport.interface import Headers, Reply
from router.hooks.load import Hooks
from router.hooks.model import Answer, SubgraphRequest, SubgraphResponse
from router.hooks.transport import HookedTransport


@dataclass
class Inner:
    sent: list[tuple[bytes, Headers]] = field(
        default_factory=list[tuple[bytes, Headers]]
    )

    async def send(self, body: bytes, headers: Headers) -> Reply:
        self.sent.append((body, headers))
        return Reply(200, b'{"data":{}}', ((b"x-from", b"inner"),))

    async def close(self) -> None: ...


async def test_a_request_and_its_answer_can_be_changed() -> None:
    async def before(request: SubgraphRequest) -> None:
        request.set_header("X-Tenant", request.subgraph)
        request.body += b" "

    async def after(response: SubgraphResponse) -> None:
        response.body = response.body.replace(b"{}", b"null")
        response.status = 203

    inner = Inner()
    hooks = Hooks(on_subgraph_request=before, on_subgraph_response=after)
    reply = await HookedTransport(inner, "users", hooks).send(b"{}", ())
    assert inner.sent == [(b"{} ", ((b"x-tenant", b"users"),))]
    assert reply == Reply(203, b'{"data":null}', ((b"x-from", b"inner"),))


async def test_an_answer_of_the_hooks_own_asks_nobody() -> None:
    async def before(_: SubgraphRequest) -> Answer:
        return Answer({"viewer": None}, headers=[("X-A", "1")])

    inner = Inner()
    hooked = HookedTransport(inner, "users", Hooks(on_subgraph_request=before))
    assert await hooked.send(b"{}", ()) == Reply(
        200, b'{"data":{"viewer":null}}', ((b"x-a", b"1"),)
    )
    assert inner.sent == []


async def test_a_failing_hook_is_a_fault_of_this_subgraphs_fields() -> None:
    async def before(_: SubgraphRequest) -> None:
        raise ValueError("secret")

    hooked = HookedTransport(Inner(), "users", Hooks(on_subgraph_request=before))
    with pytest.raises(SubgraphFault) as raised:
        await hooked.send(b"{}", ())
    assert raised.value.code == "HOOK_FAILED"
    assert raised.value.message == "the hook on_subgraph_request failed"
