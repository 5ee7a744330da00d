"""Each request is told of once: in the log, and as a tree of spans where asked."""

from typing import Any

import orjson
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from router.settings import read_settings
from router.settings.telemetry import Tracing
from router.telemetry.access_log import AccessLog
from router.telemetry.observer import Observer
from router.telemetry.spans import Spans
from tests.support.routers import running_router

QUERY = "query Titles { tickets { title assignee { name } } }"
GIVEN = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def id_of(span: ReadableSpan) -> str:
    context = span.get_span_context()
    assert context is not None
    return f"{context.span_id:016x}"


def parent_of(span: ReadableSpan) -> str:
    assert span.parent is not None
    return f"{span.parent.span_id:016x}"


def observing(**parts: Any) -> Observer:
    return Observer(read_settings("", {}), **parts)


async def test_a_line_tells_who_asked_what_and_how_it_went() -> None:
    lines: list[str] = []
    observer = observing(access_log=AccessLog(lines.append))
    async with running_router(observer=observer) as client:
        sent = {
            "x-request-id": "r1",
            "traceparent": GIVEN,
            "apollographql-client-name": "web Bearer abcdef",
            "apollographql-client-version": "1.2",
        }
        answer = await client.post({"query": QUERY}, sent)
        await client.post({"query": "{ nothing }"})
    good, bad = [orjson.loads(line) for line in lines]
    assert good.pop("duration_ms") > 0
    assert good.pop("plan_ms") > 0
    assert good.pop("execute_ms") > 0
    assert good.pop("timestamp")
    assert good == {
        "event": "request",
        "level": "info",
        "logger": "router.access",
        "request_id": "r1",
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
        "operation": "Titles",
        "kind": "query",
        "client_name": "web Bearer ***",
        "client_version": "1.2",
        "subject": None,
        "status": 200,
        "bytes": len(answer.content),
        "codes": [],
    }
    assert (bad["status"], bad["codes"]) == (400, ["GRAPHQL_VALIDATION_FAILED"])
    assert (bad["operation"], bad["plan_ms"]) == (None, 0)


async def test_without_the_setting_no_line_is_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with running_router() as client:
        await client.ask(QUERY)
    assert "router.access" not in capsys.readouterr().err


async def test_a_request_is_a_span_with_one_below_for_each_stage_and_fetch() -> None:
    kept = InMemorySpanExporter()
    spans = Spans(Tracing(), SimpleSpanProcessor(kept))
    async with running_router(observer=observing(spans=spans)) as client:
        await client.post({"query": QUERY}, {"traceparent": GIVEN})
        told = client.subgraphs["users"].headers[0]["traceparent"]
    found = kept.get_finished_spans()
    (root,) = [each for each in found if each.name == "query Titles"]
    assert root.parent is not None
    assert f"{root.parent.span_id:016x}" == "00f067aa0ba902b7"
    below = [each for each in found if each is not root]
    names = {id_of(each): each.name for each in found}
    assert sorted((each.name, names[parent_of(each)]) for each in below) == [
        ("execute", "query Titles"),
        ("fetch", "execute"),
        ("fetch", "execute"),
        ("parse", "query Titles"),
        ("plan", "query Titles"),
        ("project", "query Titles"),
    ]
    for each in below:
        assert root.start_time is not None
        assert each.start_time is not None
        assert each.start_time >= root.start_time - 1_000_000
    fetches = [each for each in below if each.name == "fetch"]
    assert {str((each.attributes or {})["subgraph.name"]) for each in fetches} == {
        "tickets",
        "users",
    }
    assert told.split("-")[2] in {id_of(each) for each in fetches}


async def test_a_trace_that_nobody_began_has_no_parent() -> None:
    kept = InMemorySpanExporter()
    spans = Spans(Tracing(), SimpleSpanProcessor(kept))
    async with running_router(observer=observing(spans=spans)) as client:
        await client.ask(QUERY)
    (root,) = [each for each in kept.get_finished_spans() if each.parent is None]
    assert root.name == "query Titles"


async def test_a_caller_that_does_not_sample_is_not_sampled() -> None:
    kept = InMemorySpanExporter()
    spans = Spans(Tracing(), SimpleSpanProcessor(kept))
    async with running_router(observer=observing(spans=spans)) as client:
        await client.post({"query": QUERY}, {"traceparent": f"{GIVEN[:-1]}0"})
        told = client.subgraphs["users"].headers[0]["traceparent"]
    assert kept.get_finished_spans() == ()
    assert told.startswith(GIVEN[:36])
