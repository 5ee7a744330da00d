"""Wherever `@defer` stands, the parts put together are the answer without it."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from router.executor.merge import merge
from tests.support.asgi import TOKEN
from tests.support.followers import asking
from tests.support.following import Following, following
from tests.support.streams import streaming

ACCEPT = (b"accept", b"multipart/mixed;deferSpec=20220824,application/json")
JSON = (b"accept", b"application/json")

USER = st.deferred(
    lambda: selections(
        st.one_of(
            st.sampled_from(["id", "name", "called: name"]),
            USER.map(lambda inner: f"boss {inner}"),
        )
    )
)
TICKET = st.deferred(
    lambda: selections(
        st.one_of(
            st.sampled_from(["id", "title", "who", "secret", "__typename"]),
            USER.map(lambda inner: f"assignee {inner}"),
        )
    )
)


def selections(field: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Some fields, and some fragments with more of them, deferred or not."""
    some = st.lists(field, min_size=1, max_size=3).map(" ".join)
    fragment = st.tuples(st.sampled_from(["@defer", "", "@defer(if: $d)"]), some)
    written = fragment.map(lambda pair: f"... {pair[0]} {{ {pair[1]} }}")
    more = st.lists(written, max_size=2).map(" ".join)
    return st.tuples(some, more).map(lambda pair: f"{{ {pair[0]} {pair[1]} }}")


async def whole(graph: Following, query: str, *, d: bool) -> Any:
    request = asking(query, d=d)
    async with streaming(graph.app, request, [TOKEN], accept=JSON) as answer:
        return (await answer.body())["data"]


async def put_together(graph: Following, query: str, *, d: bool) -> Any:
    request = asking(query, d=d)
    async with streaming(graph.app, request, [TOKEN], accept=ACCEPT) as answer:
        if b"multipart" not in answer.headers[b"content-type"]:
            return (await answer.body())["data"]
        first = await answer.part()
        data, more = first["data"], first["hasNext"]
        while more:
            part = await answer.part()
            more = part["hasNext"]
            for item in part.get("incremental", ()):
                at = data
                for step in item["path"]:
                    at = at[step]
                merge(at, item["data"])
        assert await answer.part() is None
        return data


@given(ticket=TICKET, d=st.booleans())
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
async def test_the_parts_are_the_answer(ticket: str, d: bool) -> None:
    root = f'ticket(id: "1") {ticket} __typename @skip(if: $d)'
    query = f"query($d: Boolean!) {{ {root} }}"
    async with following() as graph:
        expected = await whole(graph, query, d=d)
        assert await put_together(graph, query, d=d) == expected
