"""What a server said it has done: it must be there, whatever happens then."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import orjson

from helpnest.replay.client import Post, Reply


@dataclass
class Acknowledged:
    """What was answered as done, by the key of its request."""

    post: Post
    keys: set[str] = field(default_factory=set[str])
    lost: list[str] = field(default_factory=list[str])

    async def __call__(
        self, url: str, body: bytes, headers: Mapping[str, str], /
    ) -> Reply:
        """Send a request, and note what was done with it."""
        reply = await self.post(url, body, headers)
        if not url.endswith("/graphql"):
            return reply
        given = orjson.loads(body)["variables"].get("input") or {}
        key = str(given.get("idempotencyKey") or "")
        with suppress(orjson.JSONDecodeError):
            data = orjson.loads(reply.body).get("data") or {}
            for payload in data.values() if key else ():
                if payload and payload.get("ticket") and not payload["userErrors"]:
                    if key in self.keys and not payload["repeated"]:
                        self.lost.append(key)
                    self.keys.add(key)
        return reply
