"""One ASGI call to an endpoint, as a server makes it."""

import asyncio
from typing import Any

import orjson

from kit.endpoint import (
    GraphQLEndpoint,
)
from tests.support.tokens import bearer

Message = dict[str, Any]


JSON_TYPE = (b"content-type", b"application/json")


TOKEN = (b"authorization", bearer("usr_7")["authorization"].encode())


class Exchange:
    """One ASGI call: what the client sends, and what it gets."""

    def __init__(self, *messages: Message, stays: bool = True) -> None:
        self.messages = list(messages)
        self.stays = stays
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        if self.messages:
            return self.messages.pop(0)
        if self.stays:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        status: int = self.sent[0]["status"]
        return status

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.sent[0]["headers"])

    @property
    def body(self) -> Any:
        return orjson.loads(self.sent[1]["body"])

    @property
    def code(self) -> str:
        code: str = self.body["errors"][0]["extensions"]["code"]
        return code


def asking(query: object, **more: object) -> Message:
    return {"type": "http.request", "body": orjson.dumps({"query": query, **more})}


async def call(
    endpoint: GraphQLEndpoint,
    *messages: Message,
    headers: list[tuple[bytes, bytes]] | None = None,
    method: str = "POST",
    stays: bool = True,
) -> Exchange:
    exchange = Exchange(*messages, stays=stays)
    scope: Message = {
        "type": "http",
        "method": method,
        "path": "/graphql",
        "headers": [JSON_TYPE, TOKEN] if headers is None else headers,
    }
    await endpoint(scope, exchange.receive, exchange.send)
    return exchange
