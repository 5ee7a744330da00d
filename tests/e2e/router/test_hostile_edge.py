"""Whoever abuses hashes, ids, lists, encodings or headers runs nothing."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from tests.support.hostile import Hostile
from tests.support.hostile_edge import (
    LISTED,
    MANIFEST,
    RAW,
    TITLES,
    of_batches,
    of_router,
    of_safelist,
)
from tests.support.node_clients import listening
from tests.support.routers import Client, running_router

PATIENCE = 20.0


def wrong_with(answer: httpx.Response) -> str | None:
    """Say what is wrong with a refusal, if anything is."""
    try:
        reason = answer.json()["errors"][0]
        named = bool(reason["message"]) and reason["extensions"]["code"] != "INTERNAL"
    except (ValueError, LookupError, TypeError):
        named = False
    if 400 <= answer.status_code < 500 and named and "data" not in answer.json():
        return None
    return f"{answer.status_code}: {answer.text[:200]}"


async def refused(client: Client, hostile: Iterable[Hostile]) -> int:
    """Send each; nothing is run. Count them."""
    wrong: dict[str, str] = {}
    sent = 0
    for each in hostile:
        answer = await client.http.request(
            each.method, "/graphql", content=each.body, headers=each.headers
        )
        said = wrong_with(answer)
        if said is not None:
            wrong[each.name] = said
        sent += 1
    assert wrong == {}
    assert [fake.asked for fake in client.subgraphs.values()] == [[], []]
    return sent


async def test_hashes_and_encodings() -> None:
    async with running_router() as client:
        assert await refused(client, of_router()) >= 30
        assert "data" in await client.ask(TITLES)


@pytest.mark.parametrize("by_id", [False, True])
async def test_ids_and_the_safelist(tmp_path: Path, *, by_id: bool) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(orjson.dumps(MANIFEST))
    yaml = f"""
apq: {{enabled: false}}
persisted_queries:
  enabled: true
  local_manifests: ['{path}']
  safelist: {{enabled: true, require_id: {str(by_id).lower()}}}
"""
    async with running_router(yaml) as client:
        hostile = [*of_safelist(), *of_router()]
        assert await refused(client, hostile) >= 50
        mine: Any = await client.post(
            {"documentId": "mine"}, {"apollographql-client-name": "web"}
        )
        assert "data" in mine.json()
        assert ("data" in await client.ask(LISTED)) is not by_id


async def test_batches() -> None:
    async with running_router("batching: {enabled: true}") as client:
        assert await refused(client, of_batches()) >= 6
    async with running_router() as client:
        assert await refused(client, of_batches()) >= 6


async def exchanged(port: int, sent: bytes) -> bytes:
    """Write bytes to a port, and read until it hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(sent)
        writer.write_eof()
        async with asyncio.timeout(PATIENCE):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def test_requests_that_two_readers_could_read_differently() -> None:
    async with running_router() as client, listening(client.app) as url:
        port = httpx.URL(url).port
        assert port is not None
        wrong: dict[str, bytes] = {}
        for name, sent in RAW.items():
            got = await exchanged(port, sent)
            statuses = [line for line in got.split(b"\r\n") if line[:5] == b"HTTP/"]
            taken = [line for line in statuses if line[9:10] != b"4"]
            if taken or len(statuses) > 1 or b'"data"' in got:
                wrong[name] = got
        assert wrong == {}
        assert [fake.asked for fake in client.subgraphs.values()] == [[], []]
