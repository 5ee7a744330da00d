"""Which of a subgraph's headers clients get, and under which name."""

import pytest

from router.errors import ConfigurationError
from tests.support.routers import running_router

BOTH = "{ tickets { assignee { name } } }"


def rules(*response: str) -> str:
    return f"headers: {{all: {{response: [{', '.join(response)}]}}}}"


async def got(yaml: str, query: str = BOTH) -> list[tuple[str, str]]:
    async with running_router(yaml) as client:
        client.subgraphs["tickets"].sends = [
            (b"X-Shard", b"1"),
            (b"Set-Cookie", b"a=1"),
            (b"Set-Cookie", b"b=2, c"),
            (b"Connection", b"close"),
            (b"Content-Encoding", b"gzip"),
        ]
        client.subgraphs["users"].sends = [(b"x-shard", b"2"), (b"x-other", b"3")]
        answer = await client.post({"query": query})
        assert answer.json()["data"]
        ours = {"content-type", "content-length", "x-request-id", "cache-control"}
        return [pair for pair in answer.headers.multi_items() if pair[0] not in ours]


async def test_by_default_nothing_is_passed_on() -> None:
    assert await got("") == []


async def test_what_repeats_is_passed_on_apart() -> None:
    found = await got(rules("{propagate: {named: set-cookie}}"))
    assert found == [("set-cookie", "a=1"), ("set-cookie", "b=2, c")]
    shards = await got(rules("{propagate: {named: X-SHARD}}"))
    assert shards == [("x-shard", "1"), ("x-shard", "2")]


async def test_a_header_may_go_by_another_name() -> None:
    found = await got(rules("{propagate: {named: x-other, rename: X-New}}"))
    assert found == [("x-new", "3")]


async def test_matching_passes_on_all_but_the_routers_own() -> None:
    found = await got(rules("{propagate: {matching: '.*'}}"))
    assert found == [
        ("x-shard", "1"),
        ("set-cookie", "a=1"),
        ("set-cookie", "b=2, c"),
        ("x-shard", "2"),
        ("x-other", "3"),
    ]
    assert await got(rules("{propagate: {matching: '^x-o'}}")) == [("x-other", "3")]


async def test_the_first_rule_that_fits_counts() -> None:
    first = "{propagate: {named: x-other, rename: x-a}}"
    found = await got(rules(first, "{propagate: {matching: other}}"))
    assert found == [("x-a", "3")]


@pytest.mark.parametrize(
    "name",
    [
        *("connection", "Keep-Alive", "transfer-encoding", "Upgrade", "trailer", "te"),
        *("proxy-authenticate", "content-length", "content-encoding", "cache-control"),
    ],
)
async def test_no_rule_touches_what_the_router_says_itself(name: str) -> None:
    for rule in (
        f"{{propagate: {{named: {name}}}}}",
        f"{{propagate: {{named: x, rename: {name}}}}}",
    ):
        with pytest.raises(ConfigurationError, match="own to answer with"):
            await got(rules(rule))
