"""Which answers are compressed, how, and what compressed requests may be."""

import gzip
import zlib
from typing import Any

import orjson
import pytest
import zstandard

from kit.guard import RefusedRequestError
from router.app.compression import LONG, choose, gunzip
from tests.support.routers import Client, running_router

QUERY = "{ tickets { title } }"


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        (b"gzip", b"gzip"),
        (b"x-gzip", b"gzip"),
        (b"GZIP", b"gzip"),
        (b"gzip, deflate, br, zstd", b"zstd"),
        (b"zstd;q=0.5, gzip;q=1.0", b"gzip"),
        (b"zstd;q=0, *", b"gzip"),
        (b"*;q=0.1", b"zstd"),
        (b"gzip;q=0, zstd;q=0", None),
        (b"*;q=0", None),
        (b"identity;q=1, gzip;q=0.5", None),
        (b"identity;q=0, gzip;q=0.5", b"gzip"),
        (b"br, deflate", None),
        (b"gzip;q=x", None),
        (b",;,=", None),
    ],
)
def test_the_client_gets_the_coding_it_likes_best(
    accepted: bytes, coding: bytes | None
) -> None:
    assert choose(accepted) == coding


async def get(client: Client, size: int, **headers: str) -> Any:
    """Ask for an answer of about this size."""
    tickets = client.subgraphs["tickets"]
    data = {"data": {"tickets": [{"title": "x" * size}]}}
    tickets.answer = orjson.dumps(data)
    request = client.http.build_request(
        "POST",
        "/graphql",
        content=orjson.dumps({"query": QUERY}),
        headers={"content-type": "application/json", "accept-encoding": ""} | headers,
    )
    answer = await client.http.send(request, stream=True)
    raw = b"".join([chunk async for chunk in answer.aiter_raw()])
    return answer, raw, orjson.dumps(data)


@pytest.mark.parametrize("size", [2_000, LONG + 1])
async def test_an_answer_is_smaller_and_the_same(size: int) -> None:
    async with running_router() as client:
        answer, raw, data = await get(client, size, **{"accept-encoding": "zstd"})
        assert answer.headers["content-encoding"] == "zstd"
        assert zstandard.decompress(raw) == data
        answer, raw, data = await get(client, size, **{"accept-encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip"
        assert gzip.decompress(raw) == data
        assert int(answer.headers["content-length"]) == len(raw) < size
        assert "accept-encoding" in answer.headers["vary"]


async def test_who_accepts_nothing_gets_it_as_it_is_and_caches_know() -> None:
    async with running_router() as client:
        answer, raw, data = await get(client, 2_000, **{"accept-encoding": "br"})
    assert "content-encoding" not in answer.headers
    assert (raw, answer.headers["vary"]) == (data, "accept-encoding")


async def test_small_answers_go_as_they_are() -> None:
    async with running_router() as client:
        answer, raw, data = await get(client, 100, **{"accept-encoding": "gzip"})
        assert (raw, "content-encoding" in answer.headers) == (data, False)
        assert "vary" not in answer.headers
    async with running_router("helpnest: {compression: {smallest: 100}}") as client:
        answer, _, _ = await get(client, 100, **{"accept-encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip"


async def test_where_it_is_off_nothing_is_compressed() -> None:
    async with running_router("helpnest: {compression: {enabled: false}}") as client:
        answer, raw, data = await get(client, 9_000, **{"accept-encoding": "gzip"})
    assert (raw, "content-encoding" in answer.headers) == (data, False)


BODY = orjson.dumps({"query": QUERY})


async def send(client: Client, body: bytes, coding: str = "gzip") -> Any:
    return await client.post(body, {"content-encoding": coding})


async def test_a_compressed_request_is_read() -> None:
    async with running_router() as client:
        for coding in ("gzip", "x-gzip", "GZip"):
            answer = await send(client, gzip.compress(BODY), coding)
            assert answer.json()["data"]["tickets"]
        plain = await send(client, BODY, "identity")
        assert plain.json()["data"]["tickets"]


@pytest.mark.parametrize(
    "coding", ["br", "zstd", "deflate", "gzip, gzip", "gzip,", "x"]
)
async def test_another_coding_is_refused_and_told_what_is_taken(coding: str) -> None:
    async with running_router() as client:
        answer = await send(client, gzip.compress(BODY), coding)
        assert client.subgraphs["tickets"].asked == []
    assert (answer.status_code, answer.headers["accept-encoding"]) == (415, "gzip")


ZIPPED = gzip.compress(BODY, mtime=0)
NO_STREAM: dict[str, tuple[bytes, int]] = {
    "plain JSON": (BODY, 400),
    "nothing": (b"", 400),
    "the end missing": (ZIPPED[:-1], 400),
    "a wrong check sum": (ZIPPED[:-8] + b"\0" * 8, 400),
    "something behind it": (ZIPPED + b"x", 400),
    "two streams": (ZIPPED * 2, 400),
    "another format": (zlib.compress(BODY), 400),
    "nothing compressed": (gzip.compress(b"", mtime=0), 400),
    "a byte too many": (gzip.compress(b" " * 1001, mtime=0), 413),
    "a bomb": (gzip.compress(b"\0" * 900_000, 9, mtime=0), 413),
    "gzip in gzip": (gzip.compress(ZIPPED, mtime=0), 400),
}


@pytest.mark.parametrize("name", NO_STREAM)
async def test_what_is_not_one_small_stream_is_refused(name: str) -> None:
    body, status = NO_STREAM[name]
    async with running_router("limits: {http_max_request_bytes: 1000}") as client:
        answer = await send(client, body)
        assert client.subgraphs["tickets"].asked == []
    assert answer.status_code == status
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


def test_a_bomb_is_opened_no_further_than_the_limit() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000, 9)
    with pytest.raises(RefusedRequestError) as refused:
        gunzip(bomb, 1_000)
    assert refused.value.status == 413
