import orjson
import pytest
from graphql import parse

from router.executor.compile import compile_plan
from router.executor.execute import execute
from router.executor.gathered import Caller
from router.executor.subgraph import Subgraph
from router.executor.transport.interface import Headers, Reply
from router.operation import normalize
from router.planner import make_plan
from tests.support.planning import graph_of, schema_of

TEXT = "mutation { save { ok query { news } all { news } } }"
JSON = ((b"content-type", b"application/json"),)


class Canned:
    def __init__(self, answer: object) -> None:
        self.answer = answer
        self.asked = 0

    async def send(self, body: bytes, headers: Headers) -> Reply:  # noqa: ARG002
        self.asked += 1
        return Reply(200, orjson.dumps(self.answer), JSON)

    async def close(self) -> None:
        return None


async def gathered(saved: object, news: object) -> tuple[object, list[object], int]:
    plan = make_plan(
        graph_of("again"), normalize(schema_of("again"), parse(TEXT), None)
    )
    others = Canned(news)
    found = await execute(
        compile_plan(plan),
        {
            "a": Subgraph("a", Canned({"data": {"save": saved}})),
            "b": Subgraph("b", others),
        },
        variables={},
        conditions={},
        caller=Caller(),
        seconds=5,
    )
    return found.data, [one.path for one in found.problems], others.asked


QUERY = {"__typename": "Query"}


async def test_root_fields_are_merged_into_each_object_of_the_query_type() -> None:
    saved = {"ok": True, "query": {**QUERY}, "all": [{**QUERY}, {**QUERY}]}
    data, problems, _ = await gathered(saved, {"data": {"news": ["x"]}})

    whole = {**QUERY, "news": ["x"]}
    assert data == {"save": {"ok": True, "query": whole, "all": [whole, whole]}}
    assert problems == []


async def test_their_errors_are_told_at_each_object() -> None:
    saved = {"ok": True, "query": {**QUERY}, "all": [{**QUERY}, {**QUERY}]}
    failed = {"data": {"news": None}, "errors": [{"message": "No", "path": ["news"]}]}
    _, problems, _ = await gathered(saved, failed)

    assert problems == [
        ("save", "query", "news"),
        ("save", "all", 0, "news"),
        ("save", "all", 1, "news"),
    ]


@pytest.mark.parametrize("saved", [None, {"ok": True, "query": None, "all": []}])
async def test_where_no_object_is_nobody_is_asked(saved: object) -> None:
    _, problems, asked = await gathered(saved, {"data": {"news": []}})

    assert (problems, asked) == ([], 0)
