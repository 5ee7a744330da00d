import asyncio
from typing import Any

import httpx
import orjson
import pytest

from kit import public_graph
from kit.logs import request_id
from kit.public_graph import CallerGraph, GraphUnavailableError, PublicGraph

URL = "http://router/graphql"


def graph_that(answer: Any) -> PublicGraph:
    """A graph that answers with a body, an exception, or what a function makes."""

    async def reply(request: httpx.Request) -> httpx.Response:
        given = answer(request) if callable(answer) else answer
        if asyncio.iscoroutine(given):
            given = await given
        if isinstance(given, Exception):
            raise given
        if isinstance(given, bytes):
            return httpx.Response(200, content=given)
        return httpx.Response(200, json=given)

    return PublicGraph(httpx.AsyncClient(transport=httpx.MockTransport(reply)), URL)


async def test_the_question_goes_out_with_the_callers_own_token() -> None:
    asked: list[httpx.Request] = []

    def note(request: httpx.Request) -> Any:
        asked.append(request)
        return {"data": {"a": 1}}

    reset = request_id.set("req-1")
    try:
        graph = CallerGraph(graph_that(note), "Bearer x.y.z")
        assert await graph.ask("query($n: Int) { a }", {"n": 1}) == {"a": 1}
    finally:
        request_id.reset(reset)

    (request,) = asked
    assert (request.method, str(request.url)) == ("POST", URL)
    assert request.headers["authorization"] == "Bearer x.y.z"
    assert request.headers["x-request-id"] == "req-1"
    assert orjson.loads(request.content) == {
        "query": "query($n: Int) { a }",
        "variables": {"n": 1},
    }


async def test_somebody_without_a_token_asks_without_one() -> None:
    def refuse_token(request: httpx.Request) -> Any:
        assert "authorization" not in request.headers
        return {"data": {}}

    assert await CallerGraph(graph_that(refuse_token), None).ask("{ a }", {}) == {}


async def test_nulls_where_rights_end_are_data() -> None:
    graph = graph_that(
        {
            "data": {"a": None},
            "errors": [{"message": "no", "extensions": {"code": "FORBIDDEN"}}],
        }
    )

    assert await graph.ask("{ a }", {}, None) == {"a": None}


async def test_where_rights_end_before_there_is_any_data_nothing_is_shown() -> None:
    forbidden = {"message": "no", "extensions": {"code": "FORBIDDEN"}}
    field = {"message": "", "extensions": {"code": "UNAUTHORIZED_FIELD_OR_TYPE"}}
    graph = graph_that({"data": None, "errors": [forbidden, field]})
    assert await graph.ask("{ a }", {}, None) == {}
    other = {"message": "no", "extensions": {"code": "INTERNAL"}}
    graph = graph_that({"data": None, "errors": [forbidden, other]})
    with pytest.raises(GraphUnavailableError):
        await graph.ask("{ a }", {}, None)


async def test_it_is_told_whether_a_part_did_not_answer() -> None:
    error = {"message": "down", "extensions": {"code": "SUBGRAPH_UNAVAILABLE"}}
    data = {"a": [None], "b": 1}
    graph = CallerGraph(graph_that({"data": data, "errors": [error]}), None)
    assert await graph.ask_in_part("{ a b }", {}) == (data, True)
    graph = CallerGraph(graph_that({"data": data}), None)
    assert await graph.ask_in_part("{ a b }", {}) == (data, False)


async def test_a_part_that_answers_is_data_even_if_another_does_not() -> None:
    error = {"message": "down", "extensions": {"code": "SUBGRAPH_UNAVAILABLE"}}
    graph = graph_that({"data": {"a": None, "b": 1}, "errors": [error]})

    assert await graph.ask("{ a b }", {}, None) == {"a": None, "b": 1}


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        b"",
        b"<html>",
        b"\xff",
        [],
        {},
        {"data": None},
        {"data": [], "errors": []},
        {"errors": [{"message": "no"}]},
        {
            "data": {"a": None},
            "errors": [{"extensions": {"code": "SUBGRAPH_UNAVAILABLE"}}],
        },
        {"data": {"a": None}, "errors": [{"extensions": {"code": "INTERNAL"}}]},
        {
            "data": {"a": None},
            "errors": [
                "odd",
                {"extensions": None},
                {"extensions": {"code": "SUBREQUEST_HTTP_ERROR"}},
            ],
        },
    ],
    ids=lambda value: repr(value)[:60],
)
async def test_a_graph_that_does_not_answer_is_unavailable(answer: Any) -> None:
    with pytest.raises(GraphUnavailableError):
        await graph_that(answer).ask("{ a }", {}, None)


async def test_a_graph_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_graph, "ASK_SECONDS", 0.05)

    with pytest.raises(GraphUnavailableError, match="TimeoutError"):
        await graph_that(lambda _: asyncio.sleep(30)).ask("{ a }", {}, None)
