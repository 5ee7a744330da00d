import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from kit import patience
from kit.endpoint import (
    MAX_BODY_BYTES,
    GraphQLEndpoint,
)
from tests.support.asgi import JSON_TYPE, TOKEN, Message, asking, call


async def test_a_request_is_answered_as_its_caller(endpoint: GraphQLEndpoint) -> None:
    got = await call(endpoint, asking("{ who }"))

    assert (got.status, got.body) == (200, {"data": {"who": "usr_7"}})
    assert got.headers == {
        b"content-type": b"application/json; charset=utf-8",
        b"content-length": b"24",
    }


async def test_a_body_may_come_in_pieces(endpoint: GraphQLEndpoint) -> None:
    whole = asking("query($n: String!) { hello(name: $n) }", variables={"n": "é"})
    pieces = [
        {"type": "http.request", "body": bytes([byte]), "more_body": True}
        for byte in whole["body"]
    ]

    got = await call(endpoint, *pieces, {"type": "http.request"})

    assert got.body == {"data": {"hello": "hello é"}}


async def test_resolvers_read_headers_and_send_some(endpoint: GraphQLEndpoint) -> None:
    got = await call(
        endpoint,
        asking('{ header(name: "x-question") }'),
        headers=[JSON_TYPE, TOKEN, (b"x-question", b"why")],
    )

    assert got.body == {"data": {"header": "why"}}
    assert got.headers[b"x-answer"] == b"yes"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"])
async def test_any_method_but_post_is_told_what_is_allowed(
    endpoint: GraphQLEndpoint, method: str
) -> None:
    got = await call(endpoint, {"type": "http.request"}, method=method)

    assert (got.status, got.headers[b"allow"]) == (405, b"POST")


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"content-type", b"text/plain")],
        [(b"content-type", b"\xff\xfe")],
        [JSON_TYPE, (b"content-encoding", b"gzip")],
    ],
    ids=repr,
)
async def test_a_body_of_another_kind_is_refused(
    endpoint: GraphQLEndpoint, headers: list[tuple[bytes, bytes]]
) -> None:
    got = await call(endpoint, asking("{ who }"), headers=[*headers, TOKEN])

    assert got.status == 415
    assert got.code == "BAD_REQUEST"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"\xff",
        b'{"query": 1}',
        b'{"query": ""}',
        b'{"query": null}',
        b"{}",
        b'{"query": "{who}", "variables": []}',
        b'{"query": "{who}", "operationName": 5}',
        b"[" * 5000,
        b"9" * 100_000,
    ],
    ids=lambda body: repr(body[:30]),
)
async def test_a_bad_body_is_refused_by_400(
    endpoint: GraphQLEndpoint, body: bytes
) -> None:
    got = await call(endpoint, {"type": "http.request", "body": body})

    assert (got.status, got.code) == (400, "BAD_REQUEST")
    assert "data" not in got.body


async def test_a_body_too_large_is_refused_unread(endpoint: GraphQLEndpoint) -> None:
    length = (b"content-length", str(MAX_BODY_BYTES + 1).encode())
    got = await call(endpoint, asking("{ who }"), headers=[JSON_TYPE, TOKEN, length])

    assert got.status == 413
    assert got.headers[b"connection"] == b"close"


async def test_a_body_that_grows_too_large_is_refused_on_the_way(
    endpoint: GraphQLEndpoint,
) -> None:
    megabyte: Message = {
        "type": "http.request",
        "body": b" " * 1_000_000,
        "more_body": True,
    }
    exchange = [dict(megabyte) for _ in range(50)]
    got = await call(endpoint, *exchange)

    assert got.status == 413


async def test_a_body_that_does_not_come_to_its_end_is_given_up(
    endpoint: GraphQLEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "BODY_SECONDS", 0.05)
    half: Message = {"type": "http.request", "body": b'{"q', "more_body": True}

    got = await call(endpoint, half)

    assert got.status == 408
    assert got.headers[b"connection"] == b"close"


async def test_a_client_that_leaves_before_the_end_gets_no_answer(
    endpoint: GraphQLEndpoint,
) -> None:
    half: Message = {"type": "http.request", "body": b'{"q', "more_body": True}

    got = await call(endpoint, half, stays=False)

    assert got.sent == []


async def test_a_client_that_leaves_takes_its_work_with_it(
    endpoint: GraphQLEndpoint,
) -> None:
    work = call(endpoint, asking("mutation { wait }"), stays=False)

    got = await asyncio.wait_for(work, timeout=5)

    assert got.sent == []


async def test_a_thousand_clients_that_leave_leave_nothing_behind(
    endpoint: GraphQLEndpoint,
) -> None:
    calls: list[Callable[[], Any]] = [
        lambda: call(endpoint, asking("mutation { wait }"), stays=False)
        for _ in range(1000)
    ]
    await asyncio.wait_for(asyncio.gather(*(each() for each in calls)), timeout=20)
    await asyncio.sleep(0)

    assert asyncio.all_tasks() == {asyncio.current_task()}
