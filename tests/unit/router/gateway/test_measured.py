"""A request to a subgraph is timed whatever becomes of it."""

import asyncio

import pytest

from router.executor.transport.interface import Headers, Reply, UnreachableError
from router.gateway.measured import MeasuredTransport
from router.telemetry.metrics import Metrics
from router.telemetry.trace_context import new_context, trace_context


class Inner:
    def __init__(self, becomes: Reply | BaseException | None) -> None:
        self.becomes = becomes
        self.headers: Headers = ()

    async def send(self, body: bytes, headers: Headers) -> Reply:
        assert body == b"{}"
        self.headers = headers
        if self.becomes is None:
            await asyncio.sleep(30)
        if isinstance(self.becomes, Reply):
            return self.becomes
        raise self.becomes or AssertionError

    async def close(self) -> None: ...


@pytest.mark.parametrize(
    ("becomes", "outcome"),
    [
        (Reply(200, b""), "ok"),
        (Reply(503, b""), "http_error"),
        (UnreachableError("gone"), "failed"),
        (None, "given_up"),
    ],
)
async def test_every_end_has_a_name(
    becomes: Reply | BaseException | None, outcome: str
) -> None:
    metrics = Metrics()
    measured = MeasuredTransport(Inner(becomes), "users", metrics, None)
    try:
        async with asyncio.timeout(0.05):
            await measured.send(b"{}", ())
    except (UnreachableError, TimeoutError):
        assert outcome in {"failed", "given_up"}
    assert list(metrics.subgraphs.series) == [("users", outcome)]
    assert metrics.subgraphs.count == 1


async def test_the_subgraph_is_told_the_trace_of_the_request() -> None:
    inner, context = Inner(Reply(200, b"")), new_context()
    token = trace_context.set(context)
    await MeasuredTransport(inner, "users", Metrics(), None).send(
        b"{}", ((b"a", b"1"),)
    )
    trace_context.reset(token)
    assert inner.headers == ((b"a", b"1"), *context.headers)
