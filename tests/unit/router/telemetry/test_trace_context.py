"""A caller's trace goes on; what is no trace begins one of our own."""

import pytest

from router.telemetry.trace_context import read_context
from tests.support.routers import running_router

GIVEN = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_a_callers_trace_and_its_state_go_on_as_they_came() -> None:
    pairs = [
        (b"traceparent", GIVEN.encode()),
        (b"tracestate", b"a=1"),
        (b"tracestate", b"b=2"),
    ]
    context = read_context(pairs)
    assert context.given
    assert context.trace_id == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert context.headers == (
        (b"traceparent", GIVEN.encode()),
        (b"tracestate", b"a=1,b=2"),
    )


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "x",
        GIVEN.upper(),
        GIVEN[:-1],
        f"ff{GIVEN[2:]}",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-4bf92f3577b34da6a3ce929d0e0e4736-{'0' * 16}-01",
        f"{GIVEN}\r\nx: y",
        f"{GIVEN}-more",
    ],
)
def test_what_is_no_trace_is_not_passed_on(wrong: str) -> None:
    context = read_context([(b"traceparent", wrong.encode()), (b"tracestate", b"a=1")])
    assert not context.given
    ((name, value),) = context.headers
    assert name == b"traceparent"
    assert value.endswith(b"-00")
    assert read_context([(name, value)]).headers == ((name, value),)


def test_two_traces_are_none() -> None:
    pair = (b"traceparent", GIVEN.encode())
    assert not read_context([pair, pair]).given


def test_a_later_version_may_say_more() -> None:
    later = f"cc{GIVEN[2:]}-more".encode()
    assert read_context([(b"traceparent", later)]).headers == ((b"traceparent", later),)


def test_each_request_has_a_trace_of_its_own() -> None:
    assert len({read_context([]).trace_id for _ in range(100)}) == 100


async def test_every_subgraph_is_told_the_trace() -> None:
    async with running_router() as client:
        await client.post(
            {"query": "{ tickets { assignee { name } } }"}, {"traceparent": GIVEN}
        )
        told = [fake.headers[0]["traceparent"] for fake in client.subgraphs.values()]
    assert told == [GIVEN, GIVEN]


async def test_no_rule_sends_a_second_trace() -> None:
    yaml = "headers: {all: {request: [{propagate: {matching: '.*'}}]}}"
    async with running_router(yaml) as client:
        await client.post({"query": "{ tickets { title } }"}, {"traceparent": GIVEN})
        (raw,) = client.subgraphs["tickets"].headers
    assert raw["traceparent"] == GIVEN
