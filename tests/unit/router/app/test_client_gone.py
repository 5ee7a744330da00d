"""Work ends when nobody waits for it any more."""

import asyncio
from typing import Any

import orjson

from tests.support.routers import running_router

TITLES = "{ tickets { title } }"


async def test_work_ends_when_the_client_goes_away() -> None:
    async with running_router() as client:
        started, ended = asyncio.Event(), asyncio.Event()

        async def hang(*_: Any) -> None:
            started.set()
            try:
                await asyncio.sleep(30)
            finally:
                ended.set()

        client.app.gateway.subgraphs["tickets"].transport._app = hang  # type: ignore[attr-defined]
        body = orjson.dumps({"query": TITLES})
        messages = [{"type": "http.request", "body": body}]

        async def receive() -> Any:
            if messages:
                return messages.pop()
            await started.wait()
            return {"type": "http.disconnect"}

        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [(b"content-type", b"application/json")]
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/graphql",
            "headers": headers,
        }
        await client.app(scope, receive, send)
        await asyncio.wait_for(ended.wait(), 1)
        assert sent == []
