"""Spans stand below what they belong to: of failures, events and parts too."""

from typing import Any

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from router.settings import read_settings
from router.settings.telemetry import Tracing
from router.telemetry.observer import Observer
from router.telemetry.spans import Spans
from tests.support.asgi import TOKEN
from tests.support.followers import asking, closed, code
from tests.support.following import Following, following
from tests.support.routers import running_router
from tests.support.streams import streaming
from tests.support.traces import trace_of, tree

GIVEN = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
CHANGED = 'subscription Changed { ticketChanged(id: "1") { title assignee { name } } }'
DEFER = (b"accept", b"multipart/mixed;deferSpec=20220824,application/json")
LATE = 'query Late { ticket(id: "1") { title ... @defer { assignee { must } } } }'


class Kept:
    """Spans that have ended, and who keeps them."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        spans = Spans(Tracing(), SimpleSpanProcessor(self.exporter))
        self.observer = Observer(read_settings("", {}), spans=spans)

    @property
    def spans(self) -> tuple[ReadableSpan, ...]:
        return self.exporter.get_finished_spans()


async def test_a_fetch_that_fails_is_an_error_below_its_stage() -> None:
    kept = Kept()
    async with running_router(observer=kept.observer) as client:
        client.subgraphs["users"].down = True
        await client.post({"query": "query Who { tickets { assignee { name } } }"})
    failed = [
        each for each in kept.spans if each.status.status_code is StatusCode.ERROR
    ]
    assert {each.name for each in failed} == {"fetch"}
    assert {str((each.attributes or {})["outcome"]) for each in failed} == {"failed"}
    (root,) = [each for each in kept.spans if each.parent is None]
    assert (root.attributes or {})["graphql.error.codes"] == ("SUBGRAPH_UNAVAILABLE",)
    assert ("execute", "query Who") in tree(kept.spans)


async def test_an_event_is_a_span_below_the_request_that_subscribed() -> None:
    kept = Kept()
    trace = (b"traceparent", GIVEN.encode())
    async with following(observer=kept.observer) as graph:
        request = asking(CHANGED)
        async with streaming(graph.app, request, [TOKEN, trace]) as answer:
            await graph.heard()
            before = len(kept.spans)
            graph.happenings.happen("first")
            await answer.payload()
            found = kept.spans
        await closed(graph)
    assert sorted(tree(found[:before])) == [
        ("execute", "subscription Changed"),
        ("fetch", "execute"),
        ("parse", "subscription Changed"),
        ("plan", "subscription Changed"),
        ("subscription Changed", "caller"),
    ]
    assert sorted(tree(found)[before:]) == [
        ("event Changed", "subscription Changed"),
        ("execute", "event Changed"),
        ("fetch", "execute"),
        ("project", "event Changed"),
    ]
    assert {trace_of(each) for each in found} == {GIVEN[3:35]}


async def parts_of(graph: Following, query: str) -> list[Any]:
    found: list[Any] = []
    async with streaming(graph.app, asking(query), [TOKEN], accept=DEFER) as answer:
        while (part := await answer.part()) is not None:
            found.append(part)
    return found


async def test_deferred_parts_are_spans_and_their_errors_are_counted() -> None:
    kept = Kept()
    async with following(observer=kept.observer) as graph:
        _, late = await parts_of(graph, LATE)
    assert code(late["incremental"][0]) == "FORBIDDEN"
    found = tree(kept.spans)
    assert found.count(("part", "query Late")) >= 2
    assert [above for name, above in found if name == "fetch"] == [
        "execute",
        *["query Late"] * (len([1 for name, _ in found if name == "fetch"]) - 1),
    ]
    assert kept.observer.metrics.errors.values == {("FORBIDDEN",): 1}
